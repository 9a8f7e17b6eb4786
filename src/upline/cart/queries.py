"""Carts as they are now."""

from django.db.models import QuerySet

from upline.cart.models import CartLine


def lines(member_id: int) -> QuerySet[CartLine]:
    """A member's cart with its packages, in the order of product ids."""
    return (
        CartLine.objects.filter(member_id=member_id)
        .select_related("package")
        .defer("package__description")
        .order_by("package_id")
    )
