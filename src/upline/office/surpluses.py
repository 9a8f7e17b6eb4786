"""Money from outside that its order did not need: staff leave it to the buyer or send it back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base.unit import UnitOfWork
from upline.flows import surpluses
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock
from upline.office.desk import ByStatus, Desk
from upline.office.fields import LineField
from upline.orders.models import Order
from upline.payments.models import Surplus, SurplusStatus
from upline.screens import shown


class KeepForm(ButtonForm):
    note = LineField(max_length=300, required=False, help_text="For example what the buyer wanted.")


class SendBackForm(ButtonForm):
    note = LineField(
        max_length=300,
        label="How",
        help_text="For example the date of the bank transfer and its reference.",
    )


def _keep(unit: UnitOfWork, surplus: Surplus, asked: dict[str, Any]) -> str:
    surpluses.keep(unit, surplus.pk, asked["note"])
    return f"{_amount(surplus)} stays as shopping balance of {surplus.payment.member}."


def _send_back(unit: UnitOfWork, surplus: Surplus, asked: dict[str, Any]) -> str:
    surpluses.send_back(unit, surplus.pk, asked["note"])
    return f"{_amount(surplus)} is marked as sent back."


def _amount(surplus: Surplus) -> str:
    return shown.money(surplus.amount, surplus.payment.currency)


def _is_open(surplus: Surplus) -> bool:
    return surplus.status == SurplusStatus.OPEN


@admin.register(Surplus)
class SurplusDesk(Desk):
    plural = "Surplus payments"
    nothing = "Nothing to decide. Money that arrives and that its order does not need appears here."
    list_display = ("reference", "member", "total", "reason", "step", "received")
    list_filter = (("status", ByStatus),)
    buttons = (
        Button(
            "keep",
            "Leave as shopping balance",
            surpluses.keep,
            _keep,
            "The money stays on the buyer's shopping balance, and can pay for another order.",
            KeepForm,
            fits=_is_open,
        ),
        Button(
            "send",
            "Mark as sent back",
            surpluses.send_back,
            _send_back,
            "You send this money yourself. Confirm that you have sent it back to where it came "
            "from. It is taken off the buyer's shopping balance.",
            SendBackForm,
            fits=_is_open,
            main=True,
        ),
    )

    @admin.display(description="reference", ordering="id")
    def reference(self, surplus: Surplus) -> str:
        return surplus.payment.reference

    @admin.display(description="member")
    def member(self, surplus: Surplus) -> str:
        return str(surplus.payment.member)

    @admin.display(description="amount", ordering="amount")
    def total(self, surplus: Surplus) -> str:
        return _amount(surplus)

    @admin.display(description="status", ordering="status")
    def step(self, surplus: Surplus) -> SafeString:
        return shown.status(surplus.status)

    @admin.display(description="received", ordering="at")
    def received(self, surplus: Surplus) -> str:
        return shown.moment(surplus.at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Surplus]:
        return Surplus.objects.select_related("payment__member__user", "settled_by")

    def heading(self, thing: Surplus) -> str:
        return f"{_amount(thing)} that no order needed"

    def blocks(self, request: HttpRequest, thing: Surplus) -> Sequence[Block]:
        payment = thing.payment
        order = Order.objects.get(pk=payment.order_id or 0)
        received = shown.money(payment.authorised, payment.currency)
        rows = [
            ("Amount", _amount(thing)),
            ("Why", thing.get_reason_display()),
            ("Status", shown.status(thing.status)),
            (
                "Payment",
                f"{received}, {payment.reference}",
            ),
            ("For order", shown.link("orders_order", order.pk, order.number)),
            ("Member", shown.member(payment.member_id, str(payment.member))),
            ("Received", shown.moment(payment.created_at)),
            ("Settled", shown.moment(thing.settled_at)),
            ("By", thing.settled_by or shown.NOTHING),
            ("Note", thing.note or shown.NOTHING),
        ]
        return [FactsBlock("On the buyer's shopping balance", rows)]
