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
from upline.flows import order_decisions, refunding
from upline.language import gettext, lazy
from upline.office import order_page
from upline.office.buttons import Block, Button, ButtonForm, TableBlock
from upline.office.desk import ByDay, ByStatus, Desk
from upline.office.fields import (
    LineField,
    MoneyField,
    WholeField,
    in_currency,
    reason_field,
)
from upline.orders import refunds
from upline.orders.models import Order, OrderLine, OrderPayment, OrderStatus
from upline.orders.queries import with_refunded
from upline.payments.queries import taker_of, waiting_for
from upline.screens import shown

_LINE = "line_"


class RefundForm(ButtonForm):
    """A number for each line that is not refunded yet, and a reason."""

    def __init__(self, thing: Order, *args: Any, **more: Any) -> None:
        super().__init__(thing, *args, **more)
        for line in thing.lines.select_related("order").order_by("id"):
            remaining = line.quantity - line.refunded_quantity
            if remaining:
                self.fields[f"{_LINE}{line.pk}"] = _pieces(line, remaining)
        self.fields["reason"] = reason_field(help_text=gettext("Kept for good with the refund."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not quantities(cleaned):
            raise forms.ValidationError(
                gettext("Enter how many pieces to refund, for at least one item.")
            )
        return cleaned


def _pieces(line: OrderLine, remaining: int) -> WholeField:
    return WholeField(
        label=line.name,
        help_text=gettext(
            "Up to {count}, {price} each",
            count=remaining,
            price=shown.money(line.price, line.order.currency),
        ),
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
    rows += _closed_positions(order, quantities(asked))
    rows.append((gettext("Total"), shown.money(sum(part for _, part in shares), order.currency)))
    return TableBlock(gettext("Where the money goes"), (gettext("To"), gettext("Amount")), rows)


def _closed_positions(order: Order, pieces: dict[int, int]) -> list[tuple[str, str]]:
    """What becomes of the positions that these pieces opened."""
    return [
        (
            gettext("Position {position}", position=position.name),
            gettext("is closed: it stays in the tree and no longer earns"),
        )
        for position in refunds.closing(order, pieces)
    ]


def _goes_to(part: OrderPayment, currency: str) -> str:
    """Where the flow will send it back to, as things are now."""
    source = refunds.source_of(part, currency)
    if source is None:
        return gettext("you send it yourself (paid outside Upline)")
    if taker_of(source) != source:
        return gettext(
            "shopping balance of {member}, since {epin} has expired",
            member=part.payer,
            epin=order_page.came_from(part),
        )
    return order_page.came_from(part)


def _refund(unit: UnitOfWork, order: Order, asked: dict[str, Any]) -> str:
    made = refunding.refund_order(unit, order.number, quantities(asked), asked["reason"])
    return gettext(
        "{amount} of {order} was refunded.",
        amount=shown.money(made.amount, order.currency),
        order=order.number,
    )


class PaymentForm(ButtonForm):
    """What came from outside for an order, in its currency."""

    amount = MoneyField(
        least=1,
        label=lazy("Amount"),
        help_text=lazy("What arrived, even if it is a part, or too much."),
    )
    reference = LineField(
        max_length=100,
        label=lazy("Reference"),
        help_text=lazy(
            "The bank's reference of this transfer, or the number of the receipt. Each can "
            "be recorded once."
        ),
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
        sentences.append(
            gettext("{order} still lacks {amount}.", order=order.number, amount=lacking)
        )
    elif order.status == OrderStatus.AWAITING_PAYMENT:
        sentences.append(gettext("{order} is marked as paid.", order=order.number))
    if made.surplus:
        sentences.append(
            gettext(
                "{order} did not need {amount}: it is on the shopping balance of {member}, and on "
                "the list of surplus payments.",
                order=order.number,
                amount=shown.money(made.surplus, order.currency),
                member=order.member,
            )
        )
    return " ".join(sentences)


def _release(unit: UnitOfWork, order: Order, asked: dict[str, Any]) -> str:
    order_decisions.release_order(unit, order.number)
    return gettext("{order} is complete.", order=order.number)


def _cancel(unit: UnitOfWork, order: Order, asked: dict[str, Any]) -> str:
    order_decisions.cancel_order(unit, order.number)
    return gettext("{order} is cancelled.", order=order.number)


def _is(status: OrderStatus) -> Any:
    return lambda order: order.status == status


@admin.register(Order)
class OrderDesk(Desk):
    plural = lazy("Orders")
    nothing = lazy("There are no orders yet. Signups and purchases appear here.")
    list_display = ("number", "member", "kind", "status_label", "total", "pv", "when")
    list_filter = (("status", ByStatus), "kind", ("created_at", ByDay))
    list_select_related = ("member__user",)
    buttons = (
        Button(
            "approve",
            lazy("Mark as paid"),
            order_decisions.record_payment,
            _record,
            lazy(
                "Record what the company has received outside Upline, for example by bank "
                "transfer. Once all of the price is there, the order is completed and its points "
                "count. A part waits for the rest. No wallet is charged."
            ),
            PaymentForm,
            fits=_is(OrderStatus.AWAITING_PAYMENT),
            initial=_lacking,
            main=True,
        ),
        Button(
            "payment",
            lazy("Record late payment"),
            order_decisions.record_payment,
            _record,
            lazy(
                "Record money that arrived for this order, which no longer waits for any. It is "
                "added to the member's shopping balance, and you can send it back from the list of"
                " surplus payments."
            ),
            PaymentForm,
            fits=lambda order: order.status != OrderStatus.AWAITING_PAYMENT,
        ),
        Button(
            "release",
            lazy("Release order"),
            order_decisions.release_order,
            _release,
            lazy(
                "Confirm that the member wants this order sent to its address. It is paid from the "
                "payments reserved for it and from the shopping balance, and completed."
            ),
            fits=order_page.waits_to_be_confirmed,
            grave=True,
        ),
        Button(
            "cancel",
            lazy("Cancel order"),
            order_decisions.cancel_order,
            _cancel,
            lazy("The order can no longer be paid."),
            fits=_is(OrderStatus.AWAITING_PAYMENT),
            grave=True,
        ),
        Button(
            "refund",
            lazy("Refund"),
            refunding.refund_order,
            _refund,
            lazy(
                "The money goes back to where it came from, the latest payment first. The points "
                "of what is refunded are taken back too."
            ),
            RefundForm,
            fits=_is(OrderStatus.COMPLETE),
            preview=_preview,
            grave=True,
        ),
    )

    @admin.display(description=lazy("status"), ordering="status")
    def status_label(self, order: Order) -> SafeString:
        return shown.status(order.status)

    @admin.display(description=lazy("amount"), ordering="total_amount")
    def total(self, order: Any) -> SafeString | str:
        total = shown.money(order.total_amount, order.currency)
        if not order.refunded_amount:
            return total
        return format_html(
            "{}<br>{}",
            total,
            gettext("{amount} refunded", amount=shown.money(order.refunded_amount, order.currency)),
        )

    @admin.display(description=lazy("points"), ordering="total_points")
    def pv(self, order: Order) -> str:
        return shown.points(order.total_points)

    @admin.display(description=lazy("placed"), ordering="created_at")
    def when(self, order: Order) -> str:
        return shown.moment(order.created_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return with_refunded(
            Order.objects.select_related("member__user", "volume_member__user", "client")
        )

    def blocks(self, request: HttpRequest, thing: Order) -> Sequence[Block]:
        return order_page.blocks(thing)
