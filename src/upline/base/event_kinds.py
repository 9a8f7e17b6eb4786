"""What can happen that others may want to know: the words that events and the audit log share.

docs/events.md lists them. A kind is `subject.verb`; its data are ids, amounts, days and words of
the code: never a name or an address, so that erasing a person need not touch them."""

from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """What happened."""

    MEMBER_JOINED = "member.joined"
    ORDER_PLACED = "order.placed"
    ORDER_COMPLETED = "order.completed"
    ORDER_CANCELLED = "order.cancelled"
    PAYMENT_RECEIVED = "payment.received"
    PAYMENT_RETURNED = "payment.returned"


@dataclass(frozen=True)
class Described:
    """What a kind of event means, in a sentence, and the names of its data."""

    meaning: str
    data: tuple[str, ...]


_MONEY = ("amount", "currency")

DESCRIBED: dict[EventKind, Described] = {
    EventKind.MEMBER_JOINED: Described(
        "A member joined below a sponsor.", ("member_id", "sponsor_id", "package_id")
    ),
    EventKind.ORDER_PLACED: Described(
        "A member placed an order, which awaits its payment.",
        ("member_id", "order_kind", *_MONEY, "points"),
    ),
    EventKind.ORDER_COMPLETED: Described(
        "An order was paid in full, and its volume counts from its business date on.",
        ("member_id", "volume_member_id", "order_kind", *_MONEY, "points", "business_date"),
    ),
    EventKind.ORDER_CANCELLED: Described(
        "An order that awaited its payment was cancelled, or its time to be paid ran out.",
        ("member_id",),
    ),
    EventKind.PAYMENT_RECEIVED: Described(
        "A member paid, from a wallet or an e-pin, which are the payer's, or from outside Upline.",
        ("member_id", "payer_id", "provider", *_MONEY),
    ),
    EventKind.PAYMENT_RETURNED: Described(
        "A payment that no order used went back to where it came from.",
        ("member_id", *_MONEY),
    ),
}
