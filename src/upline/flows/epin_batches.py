"""E-pins in the office: issuing batches, printing them, giving them away, blocking them."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from upline.base import audit
from upline.base.amounts import Money
from upline.base.audit import AuditEvent
from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.epins import actions as epins
from upline.epins import queries as epin_queries
from upline.epins.queries import PrintedEPin
from upline.flows import two_people
from upline.flows.adjusting import refuse_too_much
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.markets import current as markets
from upline.members.queries import market_of

_REASON_MOST = 300


@needs(Right.ISSUE_EPINS)
def issue_epins(
    unit: UnitOfWork,
    amount: int,
    quantity: int,
    owner_id: int | None = None,
    expires_at: datetime | None = None,
    note: str = "",
    currency: str = "",
) -> list[str]:
    """Issue a batch of e-pins of `amount` minor units of `currency` each; '' for that of the
    owner's market, or of the home market. Returns their codes. Raises FieldsWrong."""
    unit.refuse_own(owner_id)
    currency = _currency(owner_id, currency)
    each, whole = Money(amount, currency), Money(amount * quantity, currency)
    refuse_too_much(whole)
    step = two_people.Step(
        EventKind.EPINS_ISSUED,
        Right.ISSUE_EPINS,
        {
            "amount": amount,
            "quantity": quantity,
            "currency": currency,
            "owner_id": owner_id,
            "expires_at": expires_at and expires_at.isoformat(),
            "note": note,
        },
        what=f"{EventKind.EPINS_ISSUED} {quantity} {amount} {currency} {owner_id}",
        person_id=owner_id,
        reason=note[:_REASON_MOST],
    )
    return two_people.commit_amount(
        unit,
        step,
        lambda: epins.issue(unit, each, quantity, owner_id, expires_at, note),
        lambda _: [whole],
    )


def _currency(owner_id: int | None, asked: str) -> str:
    """Raises FieldsWrong for one that no market has, or that is not that of the owner's."""
    if asked and asked not in markets.currencies():
        raise FieldsWrong(fields={"currency": gettext("No market is in {code}.", code=asked)})
    if owner_id is None:
        return asked or markets.home().currency
    own = market_of(owner_id).currency
    if asked not in ("", own):
        raise FieldsWrong(
            fields={"currency": gettext("This member's market is in {currency}.", currency=own)}
        )
    return own


@needs(Right.ISSUE_EPINS)
def print_epins(unit: UnitOfWork, batch_id: int) -> list[PrintedEPin]:
    """A batch's codes, to be handed out; that they were taken is recorded."""

    def read() -> list[PrintedEPin]:
        audit.record(unit, AuditEvent.EPINS_PRINT, f"batch:{batch_id}")
        return epin_queries.of_batch(batch_id)

    return unit.commit(read)


@needs(Right.HANDLE_EPINS)
def allocate_epins(
    unit: UnitOfWork,
    epin_ids: list[int],
    owner_id: int,
    seen: Mapping[str, int | None] | None = None,
) -> int:
    """Give unused e-pins to a member. `seen` is whose a page showed each to be, by its id.
    Returns how many changed hands. Raises OwnersChanged, OtherCurrency; NeedsSecond where it takes
    two people."""
    unit.refuse_own(owner_id)
    asked = " ".join(map(str, sorted(epin_ids)))
    step = two_people.Step(
        EventKind.EPINS_GIVEN,
        Right.HANDLE_EPINS,
        {"epin_ids": epin_ids, "owner_id": owner_id, "seen": seen},
        what=f"{EventKind.EPINS_GIVEN} {owner_id} {sha256(asked.encode()).hexdigest()}",
        person_id=owner_id,
    )
    given = two_people.commit_amount(
        unit,
        step,
        lambda: epins.allocate(unit, epin_ids, owner_id, seen),
        lambda given: [Money(sum(pin.amount for pin in given), market_of(owner_id).currency)],
    )
    return len(given)


@needs(Right.HANDLE_EPINS)
def block_epins(unit: UnitOfWork, epin_ids: list[int]) -> int:
    """Let nobody use these e-pins. Returns how many changed."""
    return unit.commit(lambda: epins.block(unit, epin_ids))


@needs(Right.HANDLE_EPINS)
def unblock_epins(unit: UnitOfWork, epin_ids: list[int]) -> int:
    """Let these blocked e-pins be used again. Returns how many changed."""
    return unit.commit(lambda: epins.unblock(unit, epin_ids))
