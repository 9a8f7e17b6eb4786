"""What every provider's messages are read as."""

import re
from dataclasses import dataclass

from upline.base.errors import FieldsWrong
from upline.payments.models import PaymentEventKind

TRANSFERS_MAX = 5000
"""The most transfers that a file may have."""
_ORDER = re.compile(r"UP-[0-9A-F]{12}", re.IGNORECASE)


def order_in(text: str) -> str:
    """The number of the order that a text names; '' for none."""
    found = _ORDER.search(text)
    return found[0].upper() if found else ""


def wrong(sentence: str) -> FieldsWrong:
    """What is wrong with a bank's file."""
    return FieldsWrong(fields={"lines": sentence})


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
