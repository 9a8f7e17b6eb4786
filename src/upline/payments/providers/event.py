"""What every provider's messages are read as."""

import re
from dataclasses import dataclass

from upline.base.amounts import UNITS_MAX, as_read
from upline.base.errors import FieldsWrong
from upline.language import gettext
from upline.markets.current import currencies, decimals_of
from upline.payments.models import PaymentEventKind

TRANSFERS_MAX = 5000
"""The most transfers that a file may have."""
REFERENCE_MOST, ORDER_MOST, TEXT_MOST = 100, 20, 300
NO_REFERENCE = {"", "NOTPROVIDED", "NONREF"}
"""What banks write where a transfer has no reference."""
_ORDER = re.compile(r"UP-[0-9A-F]{12}", re.IGNORECASE)
_ZEROS = re.compile(r"\.(\d*?)0+$")


def order_in(text: str) -> str:
    """The number of the order that a text names; '' for none."""
    found = _ORDER.search(text)
    return found[0].upper() if found else ""


def wrong(sentence: str) -> FieldsWrong:
    """What is wrong with a bank's file."""
    return FieldsWrong(fields={"lines": sentence})


def amount_of(written: str, currency: str, mark: str = "") -> int:
    """The amount of a transfer in minor units. `mark` is the decimal mark of whoever typed it; ''
    for a program, which writes a point, and zeros after it as it likes. Raises ValueError,
    NotAnAmount."""
    if currency not in currencies():
        known = ", ".join(currencies())
        raise ValueError(gettext("The currency must be one of {currencies}.", currencies=known))
    plain = written if mark else _ZEROS.sub(r".\1", written).rstrip(".")
    minor = as_read(plain, decimals_of(currency), mark or ".")
    if abs(minor) > UNITS_MAX:
        raise ValueError(gettext("The amount is too large."))
    return minor


def must_be_reference(reference: str) -> None:
    """Raises ValueError for what cannot name a transfer."""
    if not 0 < len(reference) <= REFERENCE_MOST:
        raise ValueError(
            gettext("The reference must have 1 to {most} characters.", most=REFERENCE_MOST)
        )


@dataclass(frozen=True)
class ProviderEvent:
    """One thing that a provider says happened. `event_id` is unique for the provider; `amount`, in
    minor units of `currency`, is all that came or was taken back of the payment so far."""

    event_id: str
    kind: PaymentEventKind
    reference: str
    amount: int
    currency: str
    order_number: str = ""
    text: str = ""
