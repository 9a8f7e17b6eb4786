"""What the company sells: membership packages and cart packages, in one sequence of ids."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models

from upline.base.amounts import UNITS_MAX
from upline.company.settings import STANDARD
from upline.language import lazy
from upline.markets.models import Market, TaxClass
from upline.pictures.models import Picture


class PackageKind(models.TextChoices):
    """Where a package is bought: at signup, or from the cart."""

    MEMBERSHIP = "membership", lazy("membership")
    CART = "cart", lazy("cart")


class Package(models.Model):
    """A membership package (bought at signup) or a cart package (bought from the cart). What it
    costs is its `Price` in each market; `points`, in hundredths, are the same in each market unless
    its price says otherwise. `order_type` and `figures`, in hundredths and in the order of the
    company's names (`order_figures`), are those of its order lines. `opens_position`: an order
    of it opens a further position for the member who buys."""

    kind = models.CharField(max_length=10, choices=PackageKind)
    name = models.CharField(max_length=100)
    code = models.CharField(max_length=40, unique=True, help_text="the office's own code")
    points = models.BigIntegerField()
    category = models.CharField(max_length=60, blank=True)
    description = models.TextField(blank=True)
    picture = models.ForeignKey(Picture, null=True, blank=True, on_delete=models.PROTECT)
    active = models.BooleanField(default=True)
    order_type = models.CharField(max_length=20, default=STANDARD)
    figures = ArrayField(models.BigIntegerField(), default=list, blank=True)
    opens_position = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(points__range=(0, UNITS_MAX)), name="package_points"
            ),
            models.CheckConstraint(
                condition=models.Q(opens_position=False) | models.Q(kind=PackageKind.CART),
                name="only_a_cart_package_opens_a_position",
            ),
        ]

    def __str__(self) -> str:
        return self.name


FROM_THE_START = date(1970, 1, 1)
"""The first day of prices that do not follow another one."""


class Price(models.Model):
    """What a package costs in a market from a day on, where the company is, until the next one of
    them begins. Without one that has begun it is not offered there.

    Amounts in minor units of the market's currency, the tax of `tax_class` contained. Members and
    preferred customers pay `member_amount`, or `amount` where it is null, as retail customers do.
    `commissionable_value` is the money that commissions are calculated from: at most the lower of
    both without tax (trigger). `own_points`, in hundredths, stand in place of the package's."""

    package = models.ForeignKey(
        Package, on_delete=models.PROTECT, related_name="prices", db_index=False
    )
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    member_amount = models.BigIntegerField(null=True)
    tax_class = models.ForeignKey(TaxClass, on_delete=models.PROTECT, related_name="+")
    commissionable_value = models.BigIntegerField()
    own_points = models.BigIntegerField(null=True)
    first_day = models.DateField(default=FROM_THE_START, db_default=FROM_THE_START)

    class Meta:
        ordering = ["market_id", "first_day"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["package", "market", "first_day"], name="one_price_from_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__range=(0, UNITS_MAX))
                & models.Q(commissionable_value__range=(0, UNITS_MAX))
                & (models.Q(member_amount=None) | models.Q(member_amount__range=(0, UNITS_MAX)))
                & (models.Q(own_points=None) | models.Q(own_points__range=(0, UNITS_MAX))),
                name="price_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(member_amount=None)
                | models.Q(member_amount__lte=models.F("amount")),
                name="price_for_members_not_higher",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package} in {self.market}"


def contained_tax(amount: int, rate: int) -> int:
    """The tax of `rate` basis points contained in an amount, rounded down to the minor unit."""
    return amount * rate // (10_000 + rate)
