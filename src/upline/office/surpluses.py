"""Money from outside that its order did not need: staff leave it to the buyer or send it back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base.unit import UnitOfWork
from upline.flows import surpluses
from upline.language import gettext, lazy
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock
from upline.office.desk import ByStatus, Desk
from upline.office.fields import LineField
from upline.orders.models import Order
from upline.payments.models import Surplus, SurplusStatus
from upline.screens import shown


class KeepForm(ButtonForm):
    note = LineField(
        max_length=300,
        required=False,
        label=lazy("Note"),
        help_text=lazy("For example what the buyer wanted."),
    )


class SendBackForm(ButtonForm):
    note = LineField(
        max_length=300,
        label=lazy("How"),
        help_text=lazy("For example the date of the bank transfer and its reference."),
    )


def _keep(unit: UnitOfWork, surplus: Surplus, asked: dict[str, Any]) -> str:
    surpluses.keep(unit, surplus.pk, asked["note"])
    return gettext(
        "{amount} stays on the shopping balance of {member}.",
        amount=_amount(surplus),
        member=surplus.payment.member,
    )


def _send_back(unit: UnitOfWork, surplus: Surplus, asked: dict[str, Any]) -> str:
    surpluses.send_back(unit, surplus.pk, asked["note"])
    return gettext("{amount} is marked as sent back.", amount=_amount(surplus))


def _amount(surplus: Surplus) -> str:
    return shown.money(surplus.amount, surplus.payment.currency)


def _is_open(surplus: Surplus) -> bool:
    return surplus.status == SurplusStatus.OPEN


@admin.register(Surplus)
class SurplusDesk(Desk):
    plural = lazy("Surplus payments")
    nothing = lazy(
        "Nothing to decide. Money that arrives and that its order does not need appears here."
    )
    list_display = ("reference", "member", "total", "reason", "step", "received")
    list_filter = (("status", ByStatus),)
    buttons = (
        Button(
            "keep",
            lazy("Leave as shopping balance"),
            surpluses.keep,
            _keep,
            lazy("The money stays on the buyer's shopping balance, and can pay for another order."),
            KeepForm,
            fits=_is_open,
        ),
        Button(
            "send",
            lazy("Mark as sent back"),
            surpluses.send_back,
            _send_back,
            lazy(
                "You send this money yourself. Confirm that you have sent it back to where it came "
                "from. It is taken off the buyer's shopping balance."
            ),
            SendBackForm,
            fits=_is_open,
            main=True,
        ),
    )

    @admin.display(description=lazy("reference"), ordering="id")
    def reference(self, surplus: Surplus) -> str:
        return surplus.payment.reference

    @admin.display(description=lazy("member"))
    def member(self, surplus: Surplus) -> str:
        return str(surplus.payment.member)

    @admin.display(description=lazy("amount"), ordering="amount")
    def total(self, surplus: Surplus) -> str:
        return _amount(surplus)

    @admin.display(description=lazy("status"), ordering="status")
    def step(self, surplus: Surplus) -> SafeString:
        return shown.status(surplus.status)

    @admin.display(description=lazy("received"), ordering="at")
    def received(self, surplus: Surplus) -> str:
        return shown.moment(surplus.at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Surplus]:
        return Surplus.objects.select_related("payment__member__user", "settled_by")

    def heading(self, thing: Surplus) -> str:
        return gettext("Surplus of {amount}", amount=_amount(thing))

    def blocks(self, request: HttpRequest, thing: Surplus) -> Sequence[Block]:
        payment = thing.payment
        order = Order.objects.get(pk=payment.order_id or 0)
        received = shown.money(payment.authorised, payment.currency)
        rows = [
            (gettext("Amount"), _amount(thing)),
            (gettext("Why"), thing.get_reason_display()),
            (gettext("Status"), shown.status(thing.status)),
            (
                gettext("Payment"),
                f"{received}, {payment.reference}",
            ),
            (gettext("For order"), shown.link("orders_order", order.pk, order.number)),
            (gettext("Member"), shown.member(payment.member_id, str(payment.member))),
            (gettext("Received"), shown.moment(payment.created_at)),
            (gettext("Settled"), shown.moment(thing.settled_at)),
            (gettext("By"), thing.settled_by or shown.NOTHING),
            (gettext("Note"), thing.note or shown.NOTHING),
        ]
        return [FactsBlock(gettext("On the buyer's shopping balance"), rows)]
