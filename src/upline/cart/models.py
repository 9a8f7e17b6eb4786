"""What members mean to buy."""

from django.db import models

from upline.catalog.models import Package, contained_tax
from upline.catalog.statements import Offer
from upline.members.models import Member


class CartLine(models.Model):
    """One product in a member's cart. `price` and `points` are what one cost and gave when the
    member was last shown it, in minor units and hundredths of a point: nobody buys at other ones
    unseen."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, db_index=False)
    package = models.ForeignKey(Package, on_delete=models.PROTECT)
    quantity = models.IntegerField()
    price = models.BigIntegerField()
    points = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "package"], name="one_line_per_product"),
            models.CheckConstraint(
                condition=models.Q(quantity__range=(1, 999)), name="quantity_1_to_999"
            ),
        ]

    offer: Offer | None
    """What the member's market offers of it now; queries.py sets it."""

    @property
    def tax_rate(self) -> int:
        """Of the tax contained in the price, in basis points; 0 where it is not for sale."""
        return self.offer.tax_rate if self.offer else 0

    @property
    def tax(self) -> int:
        """The tax contained in `price`, of one piece, in minor units."""
        return contained_tax(self.price, self.tax_rate)

    @property
    def is_outdated(self) -> bool:
        """Whether the product costs or gives something else than the member was last shown."""
        return self.offer is not None and (self.price, self.points) != (
            self.offer.amount,
            self.offer.points,
        )
