"""What members mean to buy."""

from django.db import models

from upline.catalog.models import Package
from upline.members.models import Member


class CartLine(models.Model):
    """One product in a member's cart. `price` is what one cost when the member was last shown it,
    in minor units: nobody pays another price unseen."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, db_index=False)
    package = models.ForeignKey(Package, on_delete=models.PROTECT)
    quantity = models.IntegerField()
    price = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "package"], name="one_line_per_product"),
            models.CheckConstraint(
                condition=models.Q(quantity__range=(1, 999)), name="quantity_1_to_999"
            ),
        ]
