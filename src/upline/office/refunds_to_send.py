"""Refunds of what was paid outside: staff send the money, and say here that they did."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base.unit import UnitOfWork
from upline.flows import refunding
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock
from upline.office.desk import Desk
from upline.office.fields import LineField
from upline.orders.models import RefundToSend
from upline.screens import shown


class SentRefundForm(ButtonForm):
    note = LineField(
        max_length=300,
        label="How",
        help_text="For example the date of the bank transfer and its reference.",
    )


def _sent(unit: UnitOfWork, to_send: RefundToSend, asked: dict[str, Any]) -> str:
    refunding.mark_refund_sent(unit, to_send.pk, asked["note"])
    return f"{_amount(to_send)} is marked as sent."


def _amount(to_send: RefundToSend) -> str:
    return shown.money(to_send.amount, to_send.refund.order.currency)


class Sent(admin.SimpleListFilter):
    title = "status"
    parameter_name = "sent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [("no", "not sent yet"), ("yes", "sent")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[RefundToSend]
    ) -> QuerySet[RefundToSend]:
        if self.value() not in {"no", "yes"}:
            return queryset
        return queryset.filter(sent_at__isnull=self.value() == "no")


@admin.register(RefundToSend)
class RefundToSendDesk(Desk):
    plural = "Refunds to send"
    nothing = "Nothing to send. Refunds of orders that were paid outside Upline appear here."
    list_display = ("order", "member", "total", "status", "made")
    list_filter = (Sent,)
    buttons = (
        Button(
            "sent",
            "Mark as sent",
            refunding.mark_refund_sent,
            _sent,
            "The order was paid outside Upline, so you send this refund yourself. Confirm that you "
            "have sent it to the buyer.",
            SentRefundForm,
            fits=lambda to_send: to_send.sent_at is None,
            main=True,
        ),
    )

    @admin.display(description="order", ordering="id")
    def order(self, to_send: RefundToSend) -> str:
        return to_send.refund.order.number

    @admin.display(description="member")
    def member(self, to_send: RefundToSend) -> str:
        return str(to_send.refund.order.member)

    @admin.display(description="amount", ordering="amount")
    def total(self, to_send: RefundToSend) -> str:
        return _amount(to_send)

    @admin.display(description="status", ordering="sent_at")
    def status(self, to_send: RefundToSend) -> SafeString:
        return shown.status("sent" if to_send.sent_at else "not sent yet")

    @admin.display(description="refunded", ordering="refund__at")
    def made(self, to_send: RefundToSend) -> str:
        return shown.moment(to_send.refund.at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RefundToSend]:
        return RefundToSend.objects.select_related("refund__order__member__user", "sent_by")

    def heading(self, thing: RefundToSend) -> str:
        return f"Refund of {_amount(thing)} to send for {thing.refund.order.number}"

    def blocks(self, request: HttpRequest, thing: RefundToSend) -> Sequence[Block]:
        order = thing.refund.order
        rows = [
            ("Amount", _amount(thing)),
            ("Order", shown.link("orders_order", order.pk, order.number)),
            ("Member", shown.member(order.member_id, str(order.member))),
            ("Refunded", shown.moment(thing.refund.at)),
            ("Reason", thing.refund.reason),
            ("Sent", shown.moment(thing.sent_at)),
            ("By", thing.sent_by or shown.NOTHING),
            ("How", thing.note or shown.NOTHING),
        ]
        return [FactsBlock("Money to send to the buyer", rows)]
