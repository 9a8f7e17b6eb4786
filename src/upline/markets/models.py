"""Where the company sells: each market with its currency, its countries and who sells there."""

from typing import ClassVar

from django.db import models


class Currency(models.Model):
    """A currency that a market uses. `code` is ISO 4217; `exponent` is how many decimals an amount
    has. It is made with the first market that uses it, and never changes."""

    code = models.CharField(max_length=3, primary_key=True)
    exponent = models.SmallIntegerField()

    class Meta:
        verbose_name_plural = "currencies"
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(exponent__in=[0, 2, 3]), name="currency_exponent_0_2_or_3"
            )
        ]

    def __str__(self) -> str:
        return self.code


class Market(models.Model):
    """Where the company sells in one currency. Each member belongs to one market.

    The one with the lowest id is the home market, made by `./upline init`. `seller` is the legal
    seller, with address and tax number; `language` is an IETF tag. A market's currency never
    changes (trigger)."""

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=100)
    currency = models.ForeignKey(
        Currency, on_delete=models.PROTECT, related_name="+", db_column="currency"
    )
    seller = models.CharField(max_length=100)
    seller_address = models.TextField(blank=True)
    seller_tax_number = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, default="en")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class MarketCountry(models.Model):
    """A country that belongs to a market: at most one. `country_id` is ISO 3166-1 numeric."""

    country_id = models.SmallIntegerField(primary_key=True)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="countries")

    class Meta:
        default_permissions = ()
