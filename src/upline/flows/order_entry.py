"""Staff enter an order for a member or a customer, such as one by telephone."""

from collections.abc import Mapping

from upline.base import audit
from upline.base.errors import Conflict, FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.catalog import queries as catalog
from upline.catalog.models import PackageKind
from upline.flows import checkout, ordering
from upline.flows.ordering import Buyer, OrderOrigin, PaymentRequest, PayWhen
from upline.flows.permissions import Right, needs
from upline.flows.position_orders import PositionWish
from upline.genealogy import queries as tree
from upline.genealogy.errors import PlacementInvalid
from upline.language import gettext
from upline.members import actions as members
from upline.members.models import Member, MemberKind, Standing
from upline.orders import actions as orders
from upline.orders.actions import LineToOrder
from upline.orders.models import OrderKind
from upline.payments.models import PaymentProvider
from upline.shipping.models import ShippingAddress

QUANTITY_MAX = 999


@needs(Right.DECIDE_ORDERS)
def enter(
    unit: UnitOfWork,
    member_id: int,
    pieces: Mapping[str, int],
    under: str = "",
    side: int | None = None,
) -> str:
    """Place an order of cart packages at the buyer's prices; `pieces` by the packages' codes. A
    position that it opens stands below `under`, as people write it (`anna/2`), on that side (1,
    2); '' and None are the member's first position and preferred side. The order
    awaits a payment from outside, and goes to the buyer's default shipping address, if there is
    one. Returns its number. Raises FieldsWrong, Conflict, OwnAccount and what placing raises."""
    unit.refuse_own(member_id)
    above = tree.find_position(under) if under else None
    if under and above is None:
        raise PlacementInvalid()
    wish = PositionWish(above.id if above else None, side)

    def make() -> str:
        buyer = Member.objects.get(pk=member_id)
        if buyer.standing != Standing.ACTIVE:
            raise Conflict(
                gettext(
                    "This {buyer} is {standing}.",
                    buyer=buyer.get_kind_display(),
                    standing=buyer.get_standing_display(),
                )
            )
        lines = _lines(buyer, pieces)
        lapses_at = orders.lapse_time(PaymentProvider.OUTSIDE)
        payment = PaymentRequest(
            PayWhen.LATER, member_id, lapses_at=lapses_at, pays_by=PaymentProvider.OUTSIDE
        )
        whose = Buyer(member_id, MemberKind(buyer.kind))
        made = ordering.place(unit, lines, whose, payment, _origin(member_id, wish))
        audit.record(
            unit, EventKind.ORDER_PLACED, f"order:{made.number}", member_id=member_id,
            amount=made.total.minor, currency=made.total.currency,
        )  # fmt: skip
        return made.number

    return unit.commit(make)


def _lines(buyer: Member, pieces: Mapping[str, int]) -> list[LineToOrder]:
    """Raises FieldsWrong."""
    market_id, retail = members.hold_market(buyer.pk), buyer.kind == MemberKind.RETAIL
    offered = {
        offer.code.lower(): offer
        for offer in catalog.on_sale(market_id, PackageKind.CART, retail=retail)
    }
    wrong = [
        gettext("{code} is not for sale.", code=code)
        for code in pieces
        if code.lower() not in offered
    ]
    wrong += [
        gettext(
            "{code}: the quantity must be from 1 to {most}.",
            code=code,
            most=QUANTITY_MAX,
        )
        for code, quantity in pieces.items()
        if not 1 <= quantity <= QUANTITY_MAX
    ]
    if wrong or not pieces:
        raise FieldsWrong(
            fields={"products": " ".join(wrong) or gettext("Enter at least one product.")}
        )
    return [orders.line_of(offered[code.lower()], number) for code, number in pieces.items()]


def _origin(member_id: int, wish: PositionWish) -> OrderOrigin:
    address = ShippingAddress.objects.filter(member_id=member_id, is_default=True).first()
    sent_to = checkout.copy_of(address) if address else {}
    return OrderOrigin(OrderKind.OFFICE, address=sent_to, position=wish)
