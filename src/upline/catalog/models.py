"""What the company sells: membership packages and cart packages, in one sequence of ids."""

from django.db import models
from django.db.models import F

from upline.base.amounts import UNITS_MAX
from upline.pictures.models import Picture


class PackageKind(models.TextChoices):
    """Where a package is bought: at signup, or from the cart."""

    MEMBERSHIP = "membership", "membership"
    CART = "cart", "cart"


class Package(models.Model):
    """A membership package (bought at signup) or a cart package (bought from the cart).

    Amounts in minor units, `tax_rate` in basis points and contained in `amount`; `points` in
    hundredths. `commissionable_value` is the money that commissions are worked out from, at most
    the price without tax."""

    kind = models.CharField(max_length=10, choices=PackageKind)
    name = models.CharField(max_length=100)
    code = models.CharField(max_length=40, unique=True, help_text="the office's own code")
    amount = models.BigIntegerField()
    commissionable_value = models.BigIntegerField()
    points = models.BigIntegerField()
    tax_rate = models.IntegerField(default=0)
    category = models.CharField(max_length=60, blank=True)
    description = models.TextField(blank=True)
    picture = models.ForeignKey(Picture, null=True, blank=True, on_delete=models.PROTECT)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__range=(0, UNITS_MAX)), name="package_amount"
            ),
            models.CheckConstraint(
                condition=models.Q(commissionable_value__range=(0, UNITS_MAX)),
                name="package_commissionable_value",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    commissionable_value__lte=F("amount")
                    - F("amount") * F("tax_rate") / (F("tax_rate") + 10_000)
                ),
                name="package_value_within_price",
            ),
            models.CheckConstraint(
                condition=models.Q(points__range=(0, UNITS_MAX)), name="package_points"
            ),
            models.CheckConstraint(
                condition=models.Q(tax_rate__range=(0, 10_000)), name="package_tax_rate"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tax(self) -> int:
        """The tax contained in `amount`, rounded down to the minor unit."""
        return self.amount * self.tax_rate // (10_000 + self.tax_rate)
