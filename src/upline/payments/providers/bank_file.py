"""Bank transfers from a bank's file: a statement in XML (camt053.py), or CSV with a line for each
transfer under a line of names:

    reference,amount,currency,text

`reference` is the bank's own for the transfer, `text` has the order's number somewhere in it. A
transfer that the bank took back comes again with a negative amount. Other columns are ignored."""

import csv
import io

from upline.base.amounts import NotAnAmount
from upline.company import current as company
from upline.language import gettext
from upline.payments.models import PaymentEventKind
from upline.payments.providers import camt053
from upline.payments.providers.event import (
    NO_REFERENCE,
    TEXT_MOST,
    TRANSFERS_MAX,
    ProviderEvent,
    amount_of,
    must_be_reference,
    order_in,
    wrong,
)

COLUMNS = ("reference", "amount", "currency", "text")


def read(text: str) -> list[ProviderEvent]:
    """What a bank's file says. Raises FieldsWrong, naming the first wrong line or entry."""
    return camt053.read(text) if camt053.is_xml(text) else _read_csv(text)


def _read_csv(text: str) -> list[ProviderEvent]:
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise wrong(gettext("The first line must name the column {column}.", column=missing[0]))
    events: dict[str, ProviderEvent] = {}
    for number, row in enumerate(rows, start=2):
        if number > TRANSFERS_MAX:
            raise wrong(gettext("Import at most {most} lines at once.", most=TRANSFERS_MAX))
        try:
            event = _event({name: (row[name] or "").strip() for name in COLUMNS})
            if event.event_id in events:
                raise ValueError(
                    gettext(
                        "{reference} stands in an earlier line too. Each transfer needs a "
                        "reference of its own.",
                        reference=event.reference,
                    )
                )
        except (NotAnAmount, ValueError) as error:
            raise wrong(gettext("Line {number}: {reason}", number=number, reason=error)) from error
        events[event.event_id] = event
    if not events:
        raise wrong(gettext("There is no transfer in this file."))
    return [*events.values()]


def _event(row: dict[str, str]) -> ProviderEvent:
    currency = row["currency"].upper()
    amount = amount_of(row["amount"], currency, company.office().decimal_mark)
    if not amount:
        raise ValueError(gettext("The amount is zero."))
    if row["reference"].upper() in NO_REFERENCE - {""}:
        raise ValueError(
            gettext(
                "{reference} is what banks write where there is no reference. Enter one that no "
                "other transfer has.",
                reference=row["reference"],
            )
        )
    must_be_reference(row["reference"])
    kind = PaymentEventKind.PAID if amount > 0 else PaymentEventKind.RETURNED
    return ProviderEvent(
        event_id=f"{kind}:{row['reference']}",
        kind=kind,
        reference=row["reference"],
        amount=abs(amount),
        currency=currency,
        order_number=order_in(row["text"]),
        text=row["text"][:TEXT_MOST],
    )
