"""What the page of an order shows: the order, its lines, payments and refunds."""

from collections.abc import Sequence
from typing import Any

from upline.company import current as company
from upline.genealogy.queries import SIDE_LETTERS
from upline.language import gettext, lazy
from upline.office.buttons import Block, FactsBlock, TableBlock
from upline.orders import opening
from upline.orders.models import Order, OrderLine, OrderPayment, OrderStatus, Refund
from upline.payments.models import Payment
from upline.screens import shown

_ENDS = {
    None: lazy("at the end of the preferred leg"),
    1: lazy("at the end of the left leg"),
    2: lazy("at the end of the right leg"),
}


def blocks(order: Order) -> Sequence[Block]:
    """All of it."""
    return [_order(order), _lines(order), _payments(order), _waiting(order), _refunds(order)]


def waits_to_be_confirmed(order: Order) -> bool:
    """Whether the member has to open a mailed link before it is sent to its address."""
    return order.to_confirm and order.status == OrderStatus.AWAITING_PAYMENT


def came_from(part: OrderPayment) -> str:
    """What a part of an order was paid from."""
    payment = part.payment
    if payment is None:
        return gettext("shopping balance of {member}", member=part.payer)
    if payment.epin:
        return str(payment.epin)
    if payment.wallet:
        return gettext("wallet of {member}", member=payment.wallet.member)
    return gettext("outside Upline ({reference})", reference=payment.reference)


def _order(order: Any) -> FactsBlock:
    shop = f"{order.client}, {order.outside_id}" if order.outside_id else order.client
    return FactsBlock(
        gettext("Order"),
        [
            (gettext("Member"), shown.member(order.member_id, str(order.member))),
            (gettext("Volume of"), _volume_of(order)),
            (gettext("Status"), shown.status(order.status)),
            *_confirmation(order),
            (gettext("Kind"), order.get_kind_display()),
            (gettext("Amount"), shown.money(order.total_amount, order.currency)),
            (gettext("Refunded"), shown.money(order.refunded_amount or None, order.currency)),
            (gettext("Pieces"), order.total_quantity),
            (gettext("Points (PV)"), shown.points(order.total_points)),
            (gettext("Points refunded"), shown.points(order.refunded_points)),
            (gettext("Placed"), shown.moment(order.created_at)),
            (gettext("API key"), shop or shown.NOTHING),
            (gettext("Expires if unpaid"), shown.moment(order.lapses_at)),
            (gettext("Paid by"), gettext("bank transfer") if order.pays_by else shown.NOTHING),
            (gettext("Completed"), shown.moment(order.completed_at)),
            (gettext("Business date"), shown.day(order.business_date)),
            (gettext("Sent to"), ", ".join(_address(order)) or shown.NOTHING),
            *_position(order),
        ],
    )


def _confirmation(order: Order) -> list[tuple[str, str]]:
    if not waits_to_be_confirmed(order):
        return []
    sentence = gettext(
        "The member must open the mailed link, because the address is new and no transaction "
        "password was given"
    )
    return [(gettext("Waiting for"), sentence)]


def _position(order: Order) -> list[tuple[str, Any]]:
    """The further position that it opens or has opened."""
    found = opening.opened_by(order.pk)
    if found is None:
        return []
    if found.position:
        place = shown.member(found.position.member_id, found.position.name)
        return [(gettext("Opened position"), place)]
    if found.under is None:
        return [(gettext("Opens a position"), str(_ENDS[found.side]))]
    where = gettext(
        "below {position}, {side}",
        position=found.under.name,
        side=shown.side(SIDE_LETTERS[found.side or 1]),
    )
    return [(gettext("Opens a position"), where)]


def _volume_of(order: Order) -> Any:
    whose = order.volume_member
    return (
        shown.member(whose.pk, str(whose))
        if whose
        else gettext("nobody until the order is complete")
    )


def _address(order: Order) -> list[str]:
    parts = ("name", "address", "zip_code", "city", "phone")
    return [order.address[part] for part in parts if order.address.get(part)]


def _lines(order: Order) -> TableBlock:
    named = company.office().order_figures
    rows = [
        (line.name, line.quantity, shown.money(line.price, order.currency),
         shown.points(line.points),
         shown.money(line.tax, order.currency), line.refunded_quantity or shown.NOTHING,
         line.get_buyer_display(),
         shown.words(line.order_type), *_figures(line, len(named)))
        for line in order.lines.order_by("id")
    ]  # fmt: skip
    heads = (
        gettext("Item"),
        gettext("Pieces"),
        gettext("Price each"),
        gettext("Points each"),
        gettext("Tax each"),
        gettext("Refunded"),
        gettext("Bought by"),
        gettext("Type"),
        *named,
    )
    return TableBlock(gettext("Items"), heads, rows)


def _figures(line: OrderLine, named: int) -> list[str]:
    """The line's further figures; a name may have been added since."""
    missing = named - len(line.figures)
    return [*(shown.points(each) for each in line.figures), *[shown.NOTHING] * missing]


def _payments(order: Order) -> TableBlock:
    found = order.payments.select_related(
        "payer__user", "payment__epin", "payment__wallet__member__user"
    ).order_by("id")
    rows = [
        (came_from(each), shown.money(each.amount, order.currency),
         shown.money(each.refunded, order.currency), shown.transfer(each.transfer_id))
        for each in found
    ]  # fmt: skip
    return TableBlock(
        gettext("Payments"),
        (gettext("From"), gettext("Amount"), gettext("Refunded"), gettext("Transfer")),
        rows,
    )


def _waiting(order: Order) -> TableBlock:
    """What came from outside for this order, and what became of it."""
    found = Payment.objects.filter(order_id=order.pk).select_related("surplus").order_by("id")
    rows = [
        (shown.moment(each.created_at), each.reference, shown.money(each.authorised, each.currency),
         shown.money(each.captured, each.currency),
         shown.money(each.remaining, each.currency), _surplus(each))
        for each in found
    ]  # fmt: skip
    heads = (
        gettext("When"),
        gettext("Reference"),
        gettext("Received"),
        gettext("Used"),
        gettext("Waiting"),
        gettext("Surplus"),
    )
    return TableBlock(gettext("Received from outside"), heads, rows)


def _surplus(payment: Payment) -> Any:
    surplus = getattr(payment, "surplus", None)
    if surplus is None:
        return shown.NOTHING
    text = f"{shown.money(surplus.amount, payment.currency)}, {surplus.get_status_display()}"
    return shown.link("payments_surplus", surplus.pk, text)


def _refunds(order: Order) -> TableBlock:
    found = order.refunds.select_related("actor").order_by("-id")
    rows = [
        (shown.moment(each.at), shown.money(each.amount, order.currency), each.reason,
         each.actor or shown.NOTHING,
         _sending(each, order.currency))
        for each in found.select_related("to_send")
    ]  # fmt: skip
    return TableBlock(
        gettext("Refunds"),
        (gettext("When"), gettext("Amount"), gettext("Reason"), gettext("By"), gettext("You send")),
        rows,
    )


def _sending(refund: Refund, currency: str) -> Any:
    to_send = getattr(refund, "to_send", None)
    if to_send is None:
        return shown.NOTHING
    amount = shown.money(to_send.amount, currency)
    text = (
        gettext("{amount}, sent {moment}", amount=amount, moment=shown.moment(to_send.sent_at))
        if to_send.sent_at
        else gettext("{amount}, not sent yet", amount=amount)
    )
    return shown.link("orders_refundtosend", to_send.pk, text)
