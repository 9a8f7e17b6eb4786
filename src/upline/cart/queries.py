"""Carts as they are now."""

from collections.abc import Sequence
from hashlib import sha256

from django.db.models import QuerySet

from upline.cart.models import CartLine
from upline.catalog import queries as catalog
from upline.members.queries import buys_in


def lines(member_id: int) -> list[CartLine]:
    """A member's cart with what their market offers of it now, in the order of product ids."""
    return with_offers(member_id, of_member(member_id))


def of_member(member_id: int) -> QuerySet[CartLine]:
    """The lines of a member's cart with their packages, in the order of product ids."""
    return (
        CartLine.objects.filter(member_id=member_id)
        .select_related("package")
        .defer("package__description")
        .order_by("package_id")
    )


def with_offers(member_id: int, found: QuerySet[CartLine]) -> list[CartLine]:
    """Lines of a member's cart, each with what their market offers of it now."""
    read = list(found)
    ids = [line.package_id for line in read]
    buys = buys_in(member_id)
    offers = catalog.offers(buys.market_id, ids, retail=buys.is_retail) if ids else {}
    for line in read:
        line.offer = offers.get(line.package_id)
    return read


def count(member_id: int) -> int:
    """How many pieces are in a member's cart."""
    return sum(CartLine.objects.filter(member_id=member_id).values_list("quantity", flat=True))


def contents(lines: Sequence[CartLine]) -> str:
    """What a cart holds, as a short text that is another one once a product, a quantity, a price or
    points are others."""
    held = [(line.package_id, line.quantity, line.price, line.points) for line in lines]
    return sha256(repr(sorted(held)).encode()).hexdigest()[:24]
