"""Filling and emptying carts."""

from collections.abc import Mapping

from upline.base import sql
from upline.cart import queries, statements
from upline.cart.errors import CartFull, QuantityWrong
from upline.cart.models import CartLine
from upline.catalog.errors import ProductNotAvailable
from upline.company import current as company

LINES_MAX = 100


def add(member_id: int, package_id: int, quantity: int) -> None:
    """Put more of a product into the cart. Raises ProductNotAvailable, QuantityWrong where
    the line would hold more than 999, CartFull."""
    _put(statements.ADD, member_id, package_id, quantity)


def set_quantity(member_id: int, package_id: int, quantity: int) -> None:
    """Let the cart hold exactly this much of a product. Raises as `add` does."""
    _put(statements.SET, member_id, package_id, quantity)


def _put(statement: str, member_id: int, package_id: int, quantity: int) -> None:
    if not 1 <= quantity <= 999:
        raise QuantityWrong()
    row = sql.one(
        statements.Put,
        statement,
        {
            "member": member_id,
            "package": package_id,
            "quantity": quantity,
            "day": company.today(),
            "lines_max": LINES_MAX,
        },
    )
    assert row is not None, "the statement always answers"
    if not row.on_sale:
        raise ProductNotAvailable()
    if not row.put:
        raise CartFull() if row.is_full else QuantityWrong()


def remove(member_id: int, package_id: int) -> None:
    """Take a product out; nothing happens where it was not in."""
    sql.run(
        "DELETE FROM cart_cartline WHERE member_id = %s AND package_id = %s",
        [member_id, package_id],
    )


def clear(member_id: int) -> None:
    """Take everything out."""
    sql.run("DELETE FROM cart_cartline WHERE member_id = %s", [member_id])


def show(member_id: int) -> list[CartLine]:
    """The cart at today's prices and points, which its lines keep from now on as what the member
    saw."""
    lines = queries.lines(member_id)
    _take_over([line for line in lines if line.is_outdated])
    return lines


def accept(member_id: int, seen: Mapping[int, tuple[int, int]]) -> None:
    """The member buys at other prices and points than the cart showed when they put it in: `seen`
    is what a page has told them since, the price in minor units and the hundredths of a point by
    package. What has changed once more stays to be told."""
    found = queries.of_member(member_id).select_for_update(of=("self",))
    changed = [line for line in queries.with_offers(member_id, found) if line.is_outdated]
    agreed = [
        line
        for line in changed
        if line.offer and seen.get(line.package_id) == (line.offer.amount, line.offer.points)
    ]
    _take_over(agreed)


def _take_over(changed: list[CartLine]) -> None:
    """Let lines keep what is offered now."""
    for line in changed:
        assert line.offer is not None, "what is outdated is offered"
        line.price, line.points = line.offer.amount, line.offer.points
    if changed:
        CartLine.objects.bulk_update(changed, ["price", "points"])


def take_all(member_id: int) -> list[CartLine]:
    """Empty the cart for an order. Of two checkouts at once, one gets the lines."""
    found = queries.of_member(member_id).select_for_update(of=("self",))
    lines = queries.with_offers(member_id, found)
    CartLine.objects.filter(pk__in=[line.pk for line in lines]).delete()
    return lines
