"""Steps that take two people: the first attempt is noted, and the second person agrees to it.

Who counts as the second person is in `second_person.py`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import TypeVar

from django.db.models import QuerySet

from upline.base import audit, clock, sql
from upline.base.actors import ActorKind
from upline.base.amounts import Money
from upline.base.audit import AuditEvent
from upline.base.errors import Conflict, NotPermitted
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company import current
from upline.flows.permissions import Right
from upline.flows.second_person import (
    APPROVING,
    HOURS,
    as_one,
    must_be_another,
    rights_now,
    takes_two,
)
from upline.language import lazy, ngettext
from upline.markets import current as markets
from upline.members.models import RightFact, StepAsked, StepStatus

_ALONE = [
    EventKind.WALLET_CREDITED,
    EventKind.WALLET_DEBITED,
    EventKind.PAYOUT_FAILED,
    EventKind.PAYOUT_RETURNED,
    EventKind.EPINS_GIVEN,
    EventKind.MEMBER_MARKET_CHANGED,
    EventKind.WALLET_CLOSED_PAID,
    EventKind.EPINS_ISSUED,
    AuditEvent.ORDER_APPROVE,
    EventKind.ORDER_REFUNDED,
    EventKind.WALLET_CLOSED_WAIVED,
    EventKind.WALLET_EXCHANGED,
    AuditEvent.PAYMENT_EVENT_ASSIGN,
    AuditEvent.PAYMENT_RECORD,
    AuditEvent.PAYMENTS_IMPORT,
    AuditEvent.SURPLUS_SEND,
]
_ALONE_SO_FAR = """
SELECT coalesce(sum((facts->>'amount')::bigint * CASE WHEN event = 'epins.issued'
                    THEN (facts->>'quantity')::bigint ELSE 1 END), 0)::bigint
FROM base_auditentry
WHERE by_staff_id = ANY (%s) AND event = ANY (%s) AND at > %s AND facts->>'currency' = %s
"""
T = TypeVar("T")


class NeedsSecond(NotPermitted):
    def __init__(self, what: str, money: Money | None = None) -> None:
        days = current.office().asked_days
        super().__init__(
            ngettext(
                "This takes two people. Your request is noted: a colleague can confirm it "
                "within {count} day.",
                "This takes two people. Your request is noted: a colleague can confirm it "
                "within {count} days.",
                days,
            )
        )
        self.what, self.money = what, money


class StepChanged(Conflict):
    sentence = lazy(
        "This is no longer what was asked for, or somebody else has answered it. "
        "Nothing was done: whoever needs it has to ask again."
    )


@dataclass(frozen=True)
class Step:
    """What somebody is about to do that may take two people: its audit event and right, and
    `arguments` with which its flow does it again, as JSON has them. `what` both people must want
    alike; '' where the action itself says. `subject` is what it is about, as in the audit log,
    `person_id` the user whom it concerns; `money` what it moves."""

    event: AuditEvent | EventKind
    right: Right
    arguments: Mapping[str, object]
    what: str = ""
    subject: str = ""
    person_id: int | None = None
    money: Money | None = None
    reason: str = ""


def commit_amount(
    unit: UnitOfWork, step: Step, action: Callable[[], T], money_of: Callable[[T], Iterable[Money]]
) -> T:
    """`unit.commit(action)`, as long as a staff user comes to no more in any currency than the
    setting `alone_max` in 24 hours: beyond it, another has asked for the same before. `money_of`
    the result is what it moves. Raises NeedsSecond, once it is noted that this one asks; what
    `must_be_another` does. Needs no right: it is part of a step that asked for its own."""
    same = as_one(unit.actor_id) if unit.actor.kind == ActorKind.STAFF else []
    limits = {
        each: markets.office_limit("alone_max", each, but_by=same) for each in markets.currencies()
    }

    def alone_or_second() -> T:
        for each in same:
            sql.run("SELECT pg_advisory_xact_lock(hashtextextended('alone', %s))", [each])
        # The step notes its own money, so that this is compared with what was noted before.
        since = clock.now() - timedelta(hours=HOURS)
        before = {each: sql.number(_ALONE_SO_FAR, [same, _ALONE, since, each]) for each in limits}
        result = action()
        moved = list(money_of(result))
        if any(_is_beyond(limits[each.currency], each, before) for each in moved):
            agree(unit, step.right, step.what, moved[0] if len(moved) == 1 else None)
        return result

    is_limited = bool(same) and any(most != 0 for most in limits.values())
    return commit_or_ask(unit, step, alone_or_second if is_limited else action)


def _is_beyond(most: int | None, money: Money, before: Mapping[str, int]) -> bool:
    """Whether this, after what came `before` in its currency, is more than one may do alone; also
    where it is not known how much that is. 0: no limit."""
    return most is None or bool(most and before[money.currency] + money.minor > most)


def commit_by_two(
    unit: UnitOfWork, step: Step, action: Callable[[], T], *, by_two: bool = True
) -> T:
    """`unit.commit(action)` for a staff user whom another has asked for it before, where it takes
    two. Raises as `commit_amount` does. Needs no right: it is part of a step that asked for its
    own."""

    def second() -> T:
        result = action()
        agree(unit, step.right, step.what, step.money)
        return result

    is_guarded = by_two and unit.actor.kind == ActorKind.STAFF
    return commit_or_ask(unit, step, second if is_guarded else action)


def commit_or_ask(unit: UnitOfWork, step: Step, action: Callable[[], T]) -> T:
    """`unit.commit(action)`. Raises NeedsSecond, as the action does, once it is noted who asks.
    Needs no right: it is part of a step that asked for its own."""

    def whole() -> T:
        same = _hold_same(unit, step)
        result = action()
        _close_unneeded(unit)
        _answer_same(unit, same)
        return result

    try:
        return unit.commit(whole)
    except NeedsSecond as refusal:
        # What was refused is undone; that it was asked for stays.
        noted = UnitOfWork(unit.actor, unit.address, unit.request_id)
        asked = replace(step, what=refusal.what, money=refusal.money or step.money)
        noted.commit(lambda: _ask(noted, asked))
        raise


def agree(unit: UnitOfWork, right: Right, what: str, money: Money | None = None) -> None:
    """Inside the transaction of `commit_or_ask`: the actor agrees to what another has asked for.
    Raises NeedsSecond, StepChanged and what `must_be_another` does. Needs no right: it is part of a
    step that asked for its own."""
    asked = _hold_asked(unit, right, what)
    if asked is None:
        raise StepChanged() if unit.agrees_to is not None else NeedsSecond(what, money)
    must_be_another(unit, right, [asked.actor_id])
    _close_agreed(unit, asked)


def _hold_asked(unit: UnitOfWork, right: Right, what: str) -> StepAsked | None:
    """The open step of another which the actor agrees to: of two who do so at once, one holds it
    and the other no longer finds it open."""
    found = open_steps().select_for_update().filter(right=right, what=what)
    found = found.exclude(actor=unit.actor_id).order_by("pk")
    if unit.agrees_to is not None:
        found = found.filter(pk=unit.agrees_to)
    return found.first()


def _close_unneeded(unit: UnitOfWork) -> None:
    """What a second person has done for another is closed, also where it takes one by now."""
    if unit.agrees_to is None:
        return
    asked = StepAsked.objects.select_for_update().get(pk=unit.agrees_to)
    if asked.status == StepStatus.ASKED:
        must_be_another(unit, Right(asked.right), [asked.actor_id])
        _close_agreed(unit, asked)
    elif (asked.status, asked.closed_by_id) != (StepStatus.AGREED, unit.actor_id):
        raise StepChanged()


def _hold_same(unit: UnitOfWork, step: Step) -> list[StepAsked]:
    """The open steps in which this has been asked for, unless one of them is being confirmed."""
    if not step.what or unit.actor.kind != ActorKind.STAFF or unit.agrees_to is not None:
        return []
    found = open_steps().select_for_update().filter(right=step.right, what=step.what)
    return list(found.order_by("pk"))


def _answer_same(unit: UnitOfWork, same: list[StepAsked]) -> None:
    """It was done without a second person: whoever asked for it must not get it once more."""
    now = StepAsked.objects.in_bulk([each.pk for each in same])
    if any(each.status != StepStatus.ASKED for each in now.values()):
        return
    for asked in same:
        if asked.actor_id == unit.actor_id:
            close(unit, asked, StepStatus.WITHDRAWN)
        else:
            must_be_another(unit, Right(asked.right), [asked.actor_id])
            _close_agreed(unit, asked)


def _close_agreed(unit: UnitOfWork, asked: StepAsked) -> None:
    close(unit, asked, StepStatus.AGREED)
    audit.record(
        unit, AuditEvent.STEP_AGREE, f"step:{asked.pk}", member_id=asked.person_id,
        right=asked.right, what=asked.what,
    )  # fmt: skip


def close(unit: UnitOfWork, asked: StepAsked, status: StepStatus, answer: str = "") -> None:
    """Inside a transaction that holds the row: what became of an asked step. Needs no right: it is
    part of a step that asked for its own."""
    asked.status, asked.answer = status, answer
    asked.closed_by_id, asked.closed_at = unit.actor_id, clock.now()
    asked.save(update_fields=["status", "answer", "closed_by", "closed_at"])


def open_steps() -> QuerySet[StepAsked]:
    """The steps that a second person can still confirm."""
    since = clock.now() - timedelta(days=current.office().asked_days)
    return StepAsked.objects.filter(status=StepStatus.ASKED, at__gt=since)


def _ask(unit: UnitOfWork, step: Step) -> None:
    """Who asks for the same again, asks once, from now on."""
    asked, _ = StepAsked.objects.update_or_create(
        right=step.right,
        what=step.what,
        actor_id=unit.actor_id or 0,
        status=StepStatus.ASKED,
        defaults={
            "event": step.event,
            "arguments": step.arguments,
            "subject": step.subject,
            "person_id": step.person_id,
            "amount": step.money.minor if step.money else None,
            "currency": step.money.currency if step.money else "",
            "reason": step.reason,
            "at": clock.now(),
        },
    )
    audit.record(
        unit, AuditEvent.STEP_ASK, f"step:{asked.pk}", member_id=step.person_id,
        right=step.right, what=step.what,
    )  # fmt: skip


def note_rights(unit: UnitOfWork, before: Mapping[int, frozenset[str]]) -> None:
    """Inside the transaction of a change: note which rights came and went. Where staff give a right
    to approve, and the office wants two people for it, another has asked for the same before.
    Raises NeedsSecond. Needs no right: it is part of a change that asked for its own."""
    after, given = rights_now(before), []
    for user_id in before:
        changed = sorted(before[user_id] ^ after[user_id])
        given += [f"{user_id}:{right}" for right in changed if right in after[user_id] & APPROVING]
        RightFact.objects.bulk_create(
            RightFact(
                user_id=user_id,
                right=right,
                is_held=right in after[user_id],
                at=clock.now(),
                actor_id=unit.actor_id,
            )
            for right in changed
        )
    if given and takes_two(unit):
        digest = sha256(" ".join(given).encode()).hexdigest()
        agree(unit, Right.RULE_STAFF, f"{EventKind.STAFF_RIGHTS_CHANGED} {digest}")
