"""Refunds of what was paid outside: staff send the money, and say here that they did."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base.unit import UnitOfWork
from upline.flows import refunding
from upline.language import gettext, lazy
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock
from upline.office.desk import Desk
from upline.office.fields import LineField
from upline.orders.models import RefundToSend
from upline.screens import shown

_SENT = {"no": "not sent yet", "yes": "sent"}
"""How each answer of the filter is called, as a status."""


class SentRefundForm(ButtonForm):
    note = LineField(
        max_length=300,
        label=lazy("How"),
        help_text=lazy("For example the date of the bank transfer and its reference."),
    )


def _sent(unit: UnitOfWork, to_send: RefundToSend, asked: dict[str, Any]) -> str:
    refunding.mark_refund_sent(unit, to_send.pk, asked["note"])
    return gettext("{amount} is marked as sent.", amount=_amount(to_send))


def _amount(to_send: RefundToSend) -> str:
    return shown.money(to_send.amount, to_send.refund.order.currency)


class Sent(admin.SimpleListFilter):
    title = lazy("status")
    parameter_name = "sent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [(each, shown.status_word(word)) for each, word in _SENT.items()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[RefundToSend]
    ) -> QuerySet[RefundToSend]:
        if self.value() not in {"no", "yes"}:
            return queryset
        return queryset.filter(sent_at__isnull=self.value() == "no")


@admin.register(RefundToSend)
class RefundToSendDesk(Desk):
    plural = lazy("Refunds to send")
    nothing = lazy("Nothing to send. Refunds of orders that were paid outside Upline appear here.")
    list_display = ("order", "member", "total", "status", "made")
    list_filter = (Sent,)
    buttons = (
        Button(
            "sent",
            lazy("Mark as sent"),
            refunding.mark_refund_sent,
            _sent,
            lazy(
                "The order was paid outside Upline, so you send this refund yourself. Confirm that"
                " you have sent it to the buyer."
            ),
            SentRefundForm,
            fits=lambda to_send: to_send.sent_at is None,
            main=True,
        ),
    )

    @admin.display(description=lazy("order"), ordering="id")
    def order(self, to_send: RefundToSend) -> str:
        return to_send.refund.order.number

    @admin.display(description=lazy("member"))
    def member(self, to_send: RefundToSend) -> str:
        return str(to_send.refund.order.member)

    @admin.display(description=lazy("amount"), ordering="amount")
    def total(self, to_send: RefundToSend) -> str:
        return _amount(to_send)

    @admin.display(description=lazy("status"), ordering="sent_at")
    def status(self, to_send: RefundToSend) -> SafeString:
        return shown.status(_SENT["yes" if to_send.sent_at else "no"])

    @admin.display(description=lazy("refunded"), ordering="refund__at")
    def made(self, to_send: RefundToSend) -> str:
        return shown.moment(to_send.refund.at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RefundToSend]:
        return RefundToSend.objects.select_related("refund__order__member__user", "sent_by")

    def heading(self, thing: RefundToSend) -> str:
        return gettext(
            "Refund of {amount} to send for {order}",
            amount=_amount(thing),
            order=thing.refund.order.number,
        )

    def blocks(self, request: HttpRequest, thing: RefundToSend) -> Sequence[Block]:
        order = thing.refund.order
        rows = [
            (gettext("Amount"), _amount(thing)),
            (gettext("Order"), shown.link("orders_order", order.pk, order.number)),
            (gettext("Member"), shown.member(order.member_id, str(order.member))),
            (gettext("Refunded"), shown.moment(thing.refund.at)),
            (gettext("Reason"), thing.refund.reason),
            (gettext("Sent"), shown.moment(thing.sent_at)),
            (gettext("By"), thing.sent_by or shown.NOTHING),
            (gettext("How"), thing.note or shown.NOTHING),
        ]
        return [FactsBlock(gettext("Money to send to the buyer"), rows)]
