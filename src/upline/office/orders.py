"""Orders: what was bought and how it was paid; approving, cancelling, refunding."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import order_decisions, refunding
from upline.genealogy.queries import SIDE_LETTERS
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock, TableBlock
from upline.office.desk import ByDay, ByStatus, Desk
from upline.office.fields import (
    LineField,
    MoneyField,
    WholeField,
    in_currency,
    reason_field,
)
from upline.orders import opening, refunds
from upline.orders.models import Order, OrderLine, OrderPayment, OrderStatus, Refund
from upline.orders.queries import with_refunded
from upline.payments.models import Payment
from upline.payments.queries import taker_of, waiting_for
from upline.screens import shown

_LINE = "line_"
_CONFIRMATION = (
    "The member must open the mailed link, because the address is new and no transaction password "
    "was given"
)


class RefundForm(ButtonForm):
    """A number for each line that is not refunded yet, and a reason."""

    def __init__(self, thing: Order, *args: Any, **more: Any) -> None:
        super().__init__(thing, *args, **more)
        for line in thing.lines.select_related("order").order_by("id"):
            remaining = line.quantity - line.refunded_quantity
            if remaining:
                self.fields[f"{_LINE}{line.pk}"] = _pieces(line, remaining)
        self.fields["reason"] = reason_field(help_text="Kept for good with the refund.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not quantities(cleaned):
            raise forms.ValidationError("Enter how many pieces to refund, for at least one item.")
        return cleaned


def _pieces(line: OrderLine, remaining: int) -> WholeField:
    return WholeField(
        label=line.name,
        help_text=f"Up to {remaining}, {shown.money(line.price, line.order.currency)} each",
        min_value=0,
        max_value=remaining,
        initial=0,
        required=False,
    )


def quantities(asked: dict[str, Any]) -> dict[int, int]:
    """Pieces to refund by line id."""
    return {
        int(name.removeprefix(_LINE)): number
        for name, number in asked.items()
        if name.startswith(_LINE) and number
    }


def _preview(order: Order, asked: dict[str, Any]) -> TableBlock:
    shares = refunds.preview(order.pk, quantities(asked))
    rows: list[tuple[Any, ...]] = [
        (_goes_to(payment, order.currency), shown.money(part, order.currency))
        for payment, part in shares
    ]
    rows += _position_stays(order, quantities(asked))
    rows.append(("Total", shown.money(sum(part for _, part in shares), order.currency)))
    return TableBlock("Where the money goes", ("To", "Amount"), rows)


def _position_stays(order: Order, pieces: dict[int, int]) -> list[tuple[str, str]]:
    """What a refund does not undo."""
    opened = opening.opened_by(order.pk)
    if opened is None or opened.position is None or opened.line_id not in pieces:
        return []
    return [(f"Position {opened.position.name}", "stays in the tree")]


def _goes_to(part: OrderPayment, currency: str) -> str:
    """Where the flow will send it back to, as things are now."""
    source = refunds.source_of(part, currency)
    if source is None:
        return "you send it yourself (paid outside Upline)"
    if taker_of(source) != source:
        return f"shopping balance of {part.payer}, since {_came_from(part)} has expired"
    return _came_from(part)


def _came_from(part: OrderPayment) -> str:
    payment = part.payment
    if payment is None:
        return f"shopping balance of {part.payer}"
    return str(payment.epin or payment.wallet or f"outside Upline ({payment.reference})")


def _refund(unit: UnitOfWork, order: Order, asked: dict[str, Any]) -> str:
    made = refunding.refund_order(unit, order.number, quantities(asked), asked["reason"])
    return f"{shown.money(made.amount, order.currency)} of {order.number} was refunded."


class PaymentForm(ButtonForm):
    """What came from outside for an order, in its currency."""

    amount = MoneyField(least=1, help_text="What arrived, even if it is a part, or too much.")
    reference = LineField(
        max_length=100,
        help_text="The bank's reference of this transfer, or the number of the receipt. Each can "
        "be recorded once.",
    )

    def __init__(self, thing: Order, *args: Any, **more: Any) -> None:
        super().__init__(thing, *args, **more)
        in_currency(self.fields["amount"], thing.currency)


def _lacking(order: Order) -> dict[str, Any]:
    lacking = order.total_amount - waiting_for(order.pk)
    return {"amount": lacking} if order.status == OrderStatus.AWAITING_PAYMENT else {}


def _record(unit: UnitOfWork, order: Order, asked: dict[str, Any]) -> str:
    made = order_decisions.record_payment(unit, order.number, asked["amount"], asked["reference"])
    sentences = []
    if made.lacking:
        lacking = shown.money(made.lacking, order.currency)
        sentences.append(f"{order.number} still lacks {lacking}.")
    elif order.status == OrderStatus.AWAITING_PAYMENT:
        sentences.append(f"{order.number} is marked as paid.")
    if made.surplus:
        surplus = shown.money(made.surplus, order.currency)
        sentences.append(
            f"{order.number} did not need {surplus}: it is on the shopping balance of "
            f"{order.member}, and on the list of surplus payments."
        )
    return " ".join(sentences)


def _release(unit: UnitOfWork, order: Order, asked: dict[str, Any]) -> str:
    order_decisions.release_order(unit, order.number)
    return f"{order.number} is complete."


def _waits_to_be_confirmed(order: Order) -> bool:
    return order.to_confirm and order.status == OrderStatus.AWAITING_PAYMENT


def _cancel(unit: UnitOfWork, order: Order, asked: dict[str, Any]) -> str:
    order_decisions.cancel_order(unit, order.number)
    return f"{order.number} is cancelled."


def _is(status: OrderStatus) -> Any:
    return lambda order: order.status == status


@admin.register(Order)
class OrderDesk(Desk):
    plural = "Orders"
    nothing = "There are no orders yet. Signups and purchases appear here."
    list_display = ("number", "member", "kind", "status_label", "total", "pv", "when")
    list_filter = (("status", ByStatus), "kind", ("created_at", ByDay))
    list_select_related = ("member__user",)
    buttons = (
        Button(
            "approve",
            "Mark as paid",
            order_decisions.record_payment,
            _record,
            "Record what the company has received outside Upline, for example by bank transfer. "
            "Once all of the price is there, the order is completed and its points count. A part "
            "waits for the rest. No wallet is charged.",
            PaymentForm,
            fits=_is(OrderStatus.AWAITING_PAYMENT),
            initial=_lacking,
            main=True,
        ),
        Button(
            "payment",
            "Record late payment",
            order_decisions.record_payment,
            _record,
            "Record money that arrived for this order, which no longer waits for any. It is added "
            "to the member's shopping balance, and you can send it back from the list of surplus "
            "payments.",
            PaymentForm,
            fits=lambda order: order.status != OrderStatus.AWAITING_PAYMENT,
        ),
        Button(
            "release",
            "Release order",
            order_decisions.release_order,
            _release,
            "Confirm that the member wants this order sent to its address. It is paid from the "
            "payments reserved for it and from the shopping balance, and completed.",
            fits=_waits_to_be_confirmed,
            grave=True,
        ),
        Button(
            "cancel",
            "Cancel order",
            order_decisions.cancel_order,
            _cancel,
            "The order can no longer be paid.",
            fits=_is(OrderStatus.AWAITING_PAYMENT),
            grave=True,
        ),
        Button(
            "refund",
            "Refund",
            refunding.refund_order,
            _refund,
            "The money goes back to where it came from, the latest payment first. The points of "
            "what is refunded are taken back too.",
            RefundForm,
            fits=_is(OrderStatus.COMPLETE),
            preview=_preview,
            grave=True,
        ),
    )

    @admin.display(description="status", ordering="status")
    def status_label(self, order: Order) -> SafeString:
        return shown.status(order.status)

    @admin.display(description="amount", ordering="total_amount")
    def total(self, order: Any) -> SafeString | str:
        total = shown.money(order.total_amount, order.currency)
        if not order.refunded_amount:
            return total
        return format_html(
            "{}<br>{} refunded", total, shown.money(order.refunded_amount, order.currency)
        )

    @admin.display(description="points", ordering="total_points")
    def pv(self, order: Order) -> str:
        return shown.points(order.total_points)

    @admin.display(description="placed", ordering="created_at")
    def when(self, order: Order) -> str:
        return shown.moment(order.created_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return with_refunded(
            Order.objects.select_related("member__user", "volume_member__user", "client")
        )

    def blocks(self, request: HttpRequest, thing: Order) -> Sequence[Block]:
        return [
            _order(thing), _lines(thing), _payments(thing), _waiting(thing), _refunds(thing)
        ]  # fmt: skip


def _order(order: Any) -> FactsBlock:
    shop = f"{order.client}, {order.outside_id}" if order.outside_id else order.client
    return FactsBlock(
        "Order",
        [
            ("Member", shown.member(order.member_id, str(order.member))),
            ("Volume of", _volume_of(order)),
            ("Status", shown.status(order.status)),
            *([("Waiting for", _CONFIRMATION)] if _waits_to_be_confirmed(order) else []),
            ("Kind", order.get_kind_display()),
            ("Amount", shown.money(order.total_amount, order.currency)),
            ("Refunded", shown.money(order.refunded_amount or None, order.currency)),
            ("Pieces", order.total_quantity),
            ("Points (PV)", shown.points(order.total_points)),
            ("Points refunded", shown.points(order.refunded_points)),
            ("Placed", shown.moment(order.created_at)),
            ("API key", shop or shown.NOTHING),
            ("Expires if unpaid", shown.moment(order.lapses_at)),
            ("Waits for", "a bank transfer" if order.pays_by else shown.NOTHING),
            ("Completed", shown.moment(order.completed_at)),
            ("Business date", shown.day(order.business_date)),
            ("Sent to", ", ".join(_address(order)) or shown.NOTHING),
            *_position(order),
        ],
    )


def _position(order: Order) -> list[tuple[str, Any]]:
    """The further position that it opens or has opened."""
    found = opening.opened_by(order.pk)
    if found is None:
        return []
    if found.position:
        place = shown.member(found.position.member_id, found.position.name)
        return [("Opened position", place)]
    if found.under is None:
        side = SIDE_LETTERS[found.side] if found.side else "preferred"
        return [("Opens a position", f"at the end of the leg: {side}")]
    return [
        (
            "Opens a position",
            f"below {found.under.name}, {shown.side(SIDE_LETTERS[found.side or 1])}",
        )
    ]


def _volume_of(order: Order) -> Any:
    whose = order.volume_member
    return shown.member(whose.pk, str(whose)) if whose else "nobody yet: it is not complete"


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
    heads = ("Item", "Pieces", "Price each", "Points each", "Tax each", "Refunded", "Bought by",
             "Type", *named)  # fmt: skip
    return TableBlock("Items", heads, rows)


def _figures(line: OrderLine, named: int) -> list[str]:
    """The line's further figures; a name may have been added since."""
    missing = named - len(line.figures)
    return [*(shown.points(each) for each in line.figures), *[shown.NOTHING] * missing]


def _payments(order: Order) -> TableBlock:
    found = order.payments.select_related(
        "payer__user", "payment__epin", "payment__wallet__member__user"
    ).order_by("id")
    rows = [
        (_came_from(each), shown.money(each.amount, order.currency),
         shown.money(each.refunded, order.currency),
         shown.link("wallet_transfer", each.transfer_id, f"transfer {each.transfer_id}"))
        for each in found
    ]  # fmt: skip
    return TableBlock("Payments", ("From", "Amount", "Refunded", "Transfer"), rows)


def _waiting(order: Order) -> TableBlock:
    """What came from outside for this order, and what became of it."""
    found = Payment.objects.filter(order_id=order.pk).select_related("surplus").order_by("id")
    rows = [
        (shown.moment(each.created_at), each.reference, shown.money(each.authorised, each.currency),
         shown.money(each.captured, each.currency),
         shown.money(each.remaining, each.currency), _surplus(each))
        for each in found
    ]  # fmt: skip
    heads = ("When", "Reference", "Received", "Used", "Waiting", "Surplus")
    return TableBlock("Received from outside", heads, rows)


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
    return TableBlock("Refunds", ("When", "Amount", "Reason", "By", "You send"), rows)


def _sending(refund: Refund, currency: str) -> Any:
    to_send = getattr(refund, "to_send", None)
    if to_send is None:
        return shown.NOTHING
    status = f"sent {shown.moment(to_send.sent_at)}" if to_send.sent_at else "not sent yet"
    amount = shown.money(to_send.amount, currency)
    return shown.link("orders_refundtosend", to_send.pk, f"{amount}, {status}")
