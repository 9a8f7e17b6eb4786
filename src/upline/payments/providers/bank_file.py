"""Bank transfers from a CSV file, a line for each, under a line of names:

    reference,amount,currency,text

`reference` is the bank's own for the transfer, `text` has the order's number somewhere in it. A
transfer that the bank took back comes again with a negative amount. Other columns are ignored."""

import csv
import io
import re

from upline.base.amounts import NotAnAmount, as_read
from upline.base.errors import FieldsWrong
from upline.company import current as company
from upline.language import gettext
from upline.markets.current import currencies, decimals_of
from upline.payments.models import PaymentEventKind
from upline.payments.providers.event import ProviderEvent

COLUMNS = ("reference", "amount", "currency", "text")
LINES_MAX = 5000
_ORDER = re.compile(r"UP-[0-9A-F]{12}", re.I)


def read(text: str) -> list[ProviderEvent]:
    """What the lines of a bank's file say. Raises FieldsWrong, naming the first wrong line."""
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise _wrong(gettext("The first line must name the column {column}.", column=missing[0]))
    events = []
    for number, row in enumerate(rows, start=2):
        if number > LINES_MAX:
            raise _wrong(gettext("Import at most {most} lines at once.", most=LINES_MAX))
        try:
            events.append(_event({name: (row[name] or "").strip() for name in COLUMNS}))
        except (NotAnAmount, ValueError) as error:
            raise _wrong(f"Line {number}: {error}") from error
    if not events:
        raise _wrong(gettext("There is no transfer in this file."))
    return events


def _wrong(sentence: str) -> FieldsWrong:
    return FieldsWrong(fields={"lines": sentence})


def _event(row: dict[str, str]) -> ProviderEvent:
    currency = row["currency"].upper()
    if currency not in currencies():
        raise ValueError(
            gettext("The currency must be one of {currencies}.", currencies=", ".join(currencies()))
        )
    amount = as_read(row["amount"], decimals_of(currency), company.office().decimal_mark)
    if not amount:
        raise ValueError(gettext("The amount is zero."))
    if not 0 < len(row["reference"]) <= 100:
        raise ValueError(gettext("The reference must have 1 to 100 characters."))
    kind = PaymentEventKind.PAID if amount > 0 else PaymentEventKind.RETURNED
    order = _ORDER.search(row["text"])
    return ProviderEvent(
        event_id=f"{kind}:{row['reference']}",
        kind=kind,
        reference=row["reference"],
        amount=abs(amount),
        currency=currency,
        order_number=order[0].upper() if order else "",
        text=row["text"][:300],
    )
