"""Where the company sells: each market with its currency, its countries and who sells there."""

from typing import ClassVar

from django.conf import settings
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


class TaxClass(models.Model):
    """What is taxed alike in each market: the standard rate, a reduced one, no tax."""

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name_plural = "tax classes"
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class DatedRate(models.Model):
    """What holds in a market from a day on. Only added to; of two for one day the later counts."""

    market = models.ForeignKey(
        Market, on_delete=models.PROTECT, related_name="%(class)ss", db_index=False
    )
    first_day = models.DateField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


class TaxRate(DatedRate):
    """The tax contained in prices of a tax class in a market, in basis points."""

    tax_class = models.ForeignKey(
        TaxClass, on_delete=models.PROTECT, related_name="rates", db_index=False
    )
    rate = models.IntegerField()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-first_day", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["market", "tax_class", "-first_day", "-id"], name="tax_rate_of")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(rate__range=(0, 10_000)), name="tax_rate")
        ]


class MarketRate(DatedRate):
    """What one unit of the plan currency, and one point, are worth in a market, in millionths of a
    unit of its currency (of 1.00, not of 0.01). `per_point` null: a point's worth in the plan
    currency times `per_unit`. A market in the plan currency has none."""

    per_unit = models.BigIntegerField()
    per_point = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["-first_day", "-id"]
        default_permissions = ("add",)
        indexes: ClassVar = [
            models.Index(fields=["market", "-first_day", "-id"], name="market_rate_of")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(per_unit__gt=0)
                & (models.Q(per_point=None) | models.Q(per_point__gte=0)),
                name="market_rate_positive",
            )
        ]
