"""Finding orders: members find their own, and nobody else's."""

from typing import TYPE_CHECKING, TypedDict

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from upline.base import clock, sql
from upline.members.models import MemberKind
from upline.orders import statements
from upline.orders.errors import OrderNotFound
from upline.orders.models import Order, OrderKind, OrderLine, OrderStatus
from upline.orders.statements import AwaitedPackage, NumberedOrder

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def awaited_package(member_id: int) -> AwaitedPackage | None:
    """The latest order of a membership package that awaits payment; None where none does. Once it
    is paid, that package counts."""
    return sql.one(AwaitedPackage, statements.AWAITED_PACKAGE, [member_id])


class RefundedSoFar(TypedDict):
    """What was refunded of an order: minor units, hundredths of a point."""

    refunded_amount: int
    refunded_points: int


def with_refunded(found: QuerySet[Order]) -> "QuerySet[WithAnnotations[Order, RefundedSoFar]]":
    """These orders with what was refunded of them: `refunded_amount` in minor units,
    `refunded_points` in hundredths."""

    def of_lines(figure: str) -> Coalesce:
        lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
        total = lines.annotate(total=Sum(F("refunded_quantity") * F(figure))).values("total")
        return Coalesce(Subquery(total, output_field=BigIntegerField()), 0)

    return found.annotate(refunded_amount=of_lines("price"), refunded_points=of_lines("points"))


def own(member_id: int) -> QuerySet[Order]:
    """A member's orders, newest first, with their lines."""
    found = Order.objects.filter(member_id=member_id)
    return found.select_related("member", "position_order").prefetch_related("lines")


def counts_at(order: Order) -> int | None:
    """The buyer's position that the volume counts at, whose `member` is at hand; None where it is
    volume of somebody else's, since the buyer is or was a customer."""
    is_customers = order.volume_member_id not in (None, order.member_id)
    if is_customers or order.member.kind != MemberKind.MEMBER:
        return None
    return order.position_id or order.member_id


def find(number: str) -> Order:
    """Any order, for the office. Raises OrderNotFound."""
    order = Order.objects.filter(number=number).first()
    if order is None:
        raise OrderNotFound()
    return order


def find_own(member_id: int, number: str) -> Order:
    """One of them. Raises OrderNotFound."""
    order = own(member_id).filter(number=number).first()
    if order is None:
        raise OrderNotFound()
    return order


def awaits_payment(member_id: int) -> bool:
    """Whether an order from the cart waits for its payment: then payments do not go back by
    themselves. An order of a signup, or one that waits for a bank transfer, holds nothing back."""
    return Order.objects.filter(
        member_id=member_id,
        status=OrderStatus.AWAITING_PAYMENT,
        kind=OrderKind.CHECKOUT,
        pays_by="",
    ).exists()


def lapsed_and_paid_in_part() -> list[str]:
    """The numbers of orders whose time to pay is over, though a part of the money is here."""
    found = sql.rows(NumberedOrder, statements.LAPSED_AND_PAID_IN_PART, [clock.now()])
    return [row.number for row in found]
