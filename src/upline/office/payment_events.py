"""What the bank said of payments: import its file, and settle what fits nothing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base import letters
from upline.base.amounts import Money
from upline.base.unit import UnitOfWork
from upline.flows import payment_events
from upline.language import gettext, lazy, ngettext
from upline.markets.current import money
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock
from upline.office.desk import ByStatus, Desk
from upline.office.fields import LineField, LinesField
from upline.orders.models import Order
from upline.payments.models import PaymentEvent, PaymentEventStatus
from upline.payments.providers.bank_file import COLUMNS
from upline.screens import shown

_FILE_MAX = 5 * 1024 * 1024


class BankFileForm(ButtonForm):
    file = forms.FileField(
        required=False,
        label=lazy("File"),
        help_text=lazy("An account statement in XML (camt.053), or CSV, up to 5 MiB."),
    )
    lines = LinesField(
        required=False,
        rows=12,
        most=500_000,
        label=lazy("Or paste it"),
        help_text=lazy(
            "CSV has the columns {columns}. The text must have the order's number in it. A "
            "negative amount is a transfer that the bank took back. Transfers that you imported "
            "before change nothing.",
            columns=", ".join(COLUMNS),
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, lines = cleaned.get("file"), cleaned.get("lines")
        if not self.errors and bool(file) == bool(lines):
            self.add_error("file", gettext("Choose a file, or paste its lines."))
        if file and not self.errors:
            try:
                cleaned["lines"] = _text_of(file)
            except ValueError as error:
                self.add_error("file", str(error))
        return cleaned


def _text_of(file: "UploadedFile[bytes]") -> str:
    """What is in a bank's file. Raises ValueError where that is no text."""
    if (file.size or 0) > _FILE_MAX:
        raise ValueError(gettext("The file is larger than 5 MiB."))
    content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Many banks write CSV as Windows does.
        text = content.decode("cp1252", errors="replace")
    return letters.cleaned_lines(text)


class AssignmentForm(ButtonForm):
    number = LineField(
        max_length=20, label=lazy("Order"), help_text=lazy("For example UP-0123456789AB.")
    )


class SetAsideForm(ButtonForm):
    note = LineField(max_length=300, label=lazy("What you did"), help_text=lazy("Kept for good."))


def _import(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> str:
    number = payment_events.import_bank_file(unit, asked["lines"])
    return ngettext(
        "{count} new transfer was imported.", "{count} new transfers were imported.", number
    )


def _assign(unit: UnitOfWork, event: PaymentEvent, asked: dict[str, Any]) -> str:
    number = asked["number"].strip().upper()
    payment_events.assign(unit, event.pk, number)
    return gettext("{amount} belongs to {number}.", amount=_amount(event), number=number)


def _set_aside(unit: UnitOfWork, event: PaymentEvent, asked: dict[str, Any]) -> str:
    payment_events.set_aside(unit, event.pk, asked["note"])
    return gettext("Set aside.")


def _recorded(event: PaymentEvent) -> str:
    """The payment of this reference as the books have it."""
    payment = event.payment
    return money(Money(payment.authorised, payment.currency)) if payment else shown.NOTHING


def _is_open(event: PaymentEvent) -> bool:
    return event.status in {PaymentEventStatus.RECEIVED, PaymentEventStatus.WAITING}


def _amount(event: PaymentEvent) -> str:
    return money(Money(event.amount, event.currency))


@admin.register(PaymentEvent)
class PaymentEventDesk(Desk):
    plural = lazy("Payment events")
    nothing = lazy(
        "Import a bank file: each of its transfers appears here, with what became of it."
    )
    list_display = ("reference", "kind", "total", "order_number", "step", "received")
    list_filter = (("status", ByStatus), "kind")
    list_buttons = (
        Button(
            "import",
            lazy("Import bank file"),
            payment_events.import_bank_file,
            _import,
            lazy(
                "Each transfer pays the order that it names. Transfers that name no order "
                "wait here for you."
            ),
            BankFileForm,
        ),
    )
    buttons = (
        Button(
            "assign",
            lazy("Assign to an order"),
            payment_events.assign,
            _assign,
            lazy(
                "The money pays this order. If the order does not need it, it is added to "
                "the buyer's shopping balance."
            ),
            AssignmentForm,
            fits=_is_open,
            main=True,
        ),
        Button(
            "set-aside",
            lazy("Set aside"),
            payment_events.set_aside,
            _set_aside,
            lazy(
                "Nothing changes in the books. Use this if the money does not pay for an "
                "order, or if you have dealt with it in another way."
            ),
            SetAsideForm,
            fits=_is_open,
        ),
    )

    @admin.display(description=lazy("amount"), ordering="amount")
    def total(self, event: PaymentEvent) -> str:
        return _amount(event)

    @admin.display(description=lazy("status"), ordering="status")
    def step(self, event: PaymentEvent) -> SafeString:
        return shown.status(event.status)

    @admin.display(description=lazy("received"), ordering="at")
    def received(self, event: PaymentEvent) -> str:
        return shown.moment(event.at)

    def heading(self, thing: PaymentEvent) -> str:
        return f"{_amount(thing)}, {thing.reference}"

    def blocks(self, request: HttpRequest, thing: PaymentEvent) -> Sequence[Block]:
        order = Order.objects.filter(number=thing.order_number).first()
        rows = [
            (gettext("What happened"), thing.get_kind_display()),
            (gettext("Amount"), _amount(thing)),
            (gettext("Currency"), thing.currency),
            (gettext("Reference"), thing.reference),
            (gettext("Text"), thing.text or shown.NOTHING),
            (gettext("Order"), shown.link("orders_order", order.pk, order.number) if order else
             thing.order_number or shown.NOTHING),
            (gettext("Status"), shown.status(thing.status)),
            (gettext("Recorded payment"), _recorded(thing)),
            (gettext("Received"), shown.moment(thing.at)),
            (gettext("Note"), thing.note or shown.NOTHING),
        ]  # fmt: skip
        return [FactsBlock(gettext("What the bank said"), rows)]
