"""E-pins as their owners see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, QuerySet, Value, When

from upline.base import clock
from upline.epins.models import EPin, EPinStatus, digest_of, unsealed


@dataclass(frozen=True)
class OwnEPin:
    """Amounts in minor units of `currency`."""

    id: int
    code: str
    amount: int
    balance: int
    currency: str
    expires_at: datetime | None
    status: EPinStatus


def of_owner(member_id: int, before_id: int | None, limit: int) -> list[OwnEPin]:
    """A member's e-pins, newest first, older than `before_id`."""
    found = with_status(EPin.objects.filter(owner_id=member_id).select_related("batch"))
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    return [_own(epin) for epin in found.order_by("-id")[:limit]]


def spendable(member_id: int, currency: str, limit: int) -> list[OwnEPin]:
    """A member's e-pins that can pay in a currency now: the one that expires first comes first."""
    found = with_status(EPin.objects.filter(owner_id=member_id, batch__currency=currency))
    found = found.filter(status=EPinStatus.ACTIVE).select_related("batch")
    return [_own(epin) for epin in found.order_by("expires_at", "balance", "id")[:limit]]


def _own(epin: Any) -> OwnEPin:
    return OwnEPin(
        epin.pk,
        unsealed(epin.sealed, epin.digest),
        epin.amount,
        epin.balance,
        epin.batch.currency,
        epin.expires_at,
        EPinStatus(epin.status),
    )


@dataclass(frozen=True)
class PrintedEPin:
    """A code to be handed out; the amount in minor units, `owner` a username or ''."""

    code: str
    amount: int
    expires_at: datetime | None
    owner: str


def of_batch(batch_id: int) -> list[PrintedEPin]:
    """All e-pins of a batch with their codes, in the order they were issued."""
    found = EPin.objects.filter(batch_id=batch_id).select_related("owner__user").order_by("id")
    return [
        PrintedEPin(
            unsealed(epin.sealed, epin.digest),
            epin.amount,
            epin.expires_at,
            epin.owner.user.username if epin.owner else "",
        )
        for epin in found
    ]


def batch_of(code: str) -> int:
    """The batch that a code was issued in."""
    return EPin.objects.values_list("batch_id", flat=True).get(digest=digest_of(code))


def with_status(found: QuerySet[EPin]) -> QuerySet[Any]:
    """These e-pins, each with its `status` as of now, an EPinStatus."""
    status = Case(
        When(blocked_at__isnull=False, then=Value(EPinStatus.BLOCKED)),
        When(expires_at__lte=clock.now(), then=Value(EPinStatus.EXPIRED)),
        When(balance=0, then=Value(EPinStatus.USED)),
        default=Value(EPinStatus.ACTIVE),
    )
    return found.annotate(status=status)


def can_be_refilled(epin_id: int) -> bool:
    """Whether what an e-pin paid can be put back onto it: until it expires, also while it is
    blocked."""
    return not EPin.objects.filter(pk=epin_id, expires_at__lte=clock.now()).exists()
