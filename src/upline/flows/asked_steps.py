"""What one staff user asked for and takes a second one: done, refused, withdrawn, or too late."""

from datetime import timedelta

from django.db.models import QuerySet

from upline.base import audit, clock
from upline.base.actors import Actor, Staff, Worker
from upline.base.audit import AuditEvent
from upline.base.errors import Conflict, FieldsWrong, NotFound
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company import current
from upline.flows import two_people
from upline.flows.kept_steps import DONE_BY
from upline.flows.permissions import Right
from upline.language import gettext, lazy
from upline.mailings import actions as mailings
from upline.mailings.models import MailKind
from upline.members.models import StepAsked, StepStatus, User


class StepClosed(Conflict):
    sentence = lazy("This request is no longer open. Nothing was done.")


class OwnStep(Conflict):
    sentence = lazy("You asked for this yourself. Withdraw it, or ask a colleague to answer it.")


WORDS: dict[str, str] = {
    EventKind.WALLET_CREDITED: lazy("Credit a wallet"),
    EventKind.WALLET_DEBITED: lazy("Debit a wallet"),
    EventKind.EPINS_ISSUED: lazy("Issue e-pins"),
    EventKind.EPINS_GIVEN: lazy("Give e-pins to a member"),
    EventKind.PAYOUT_FAILED: lazy("Mark payouts as failed"),
    EventKind.PAYOUT_RETURNED: lazy("Mark a payout as returned"),
    EventKind.MEMBER_MARKET_CHANGED: lazy("Move a member to another market"),
    AuditEvent.ORDER_APPROVE: lazy("Record a payment for an order"),
    AuditEvent.PAYMENTS_IMPORT: lazy("Import a bank file"),
    AuditEvent.PAYMENT_EVENT_ASSIGN: lazy("Assign a payment event to an order"),
    AuditEvent.SURPLUS_SEND: lazy("Mark a surplus payment as sent back"),
    EventKind.ORDER_REFUNDED: lazy("Refund an order"),
    EventKind.PLAN_PUT_IN_FORCE: lazy("Put a compensation plan in force"),
    EventKind.RUN_DROPPED: lazy("Drop a commission run"),
    EventKind.STAFF_RIGHTS_CHANGED: lazy("Change the rights of a staff user"),
    EventKind.STAFF_ACTIVATED: lazy("Activate a staff user"),
    EventKind.ROLE_SAVED: lazy("Save a role"),
    AuditEvent.PROVIDER_SECRET_USE: lazy("Let a payment provider sign with a new secret"),
    EventKind.API_KEY_SCOPES_CHANGED: lazy("Let an API key report sales"),
    EventKind.SETTINGS_CHANGED: lazy("Change the settings"),
    EventKind.WALLET_CLOSED_PAID: lazy("Note that the balance of a member who has left was sent"),
    EventKind.WALLET_CLOSED_WAIVED: lazy("Waive what a member who has left owes"),
    EventKind.WALLET_EXCHANGED: lazy("Exchange money of the company"),
}
"""What each step that can be asked for is called."""


_RIGHTS = frozenset(
    {
        Right.ADJUST_WALLETS,
        Right.ISSUE_EPINS,
        Right.HANDLE_EPINS,
        Right.CLOSE_PAYOUTS,
        Right.MOVE_TO_MARKETS,
        Right.DECIDE_ORDERS,
        Right.REFUND_ORDERS,
        Right.USE_PLAN,
        Right.DROP_RUN,
        Right.RULE_STAFF,
        Right.CHANGE_SETTINGS,
        Right.CREATE_API_KEYS,
        Right.CHANGE_PROVIDER_SECRETS,
    }
)


def confirm(unit: UnitOfWork, step_id: int) -> None:
    """Do what another asked for, as the second person. Raises StepClosed, StepChanged, what doing
    it raises, and what second_person.must_be_another does. Needs no right: doing it asks for its
    own."""
    asked = _open(step_id)
    if asked.actor_id == unit.actor_id:
        raise OwnStep()
    unit.agrees_to = asked.pk
    DONE_BY[asked.event](unit, asked.arguments)


def refuse(unit: UnitOfWork, step_id: int, reason: str) -> None:
    """Answer no: whoever asked is mailed the reason. Raises StepClosed, FieldsWrong without a
    reason. Needs no right: it asks for that of the step."""
    if not reason.strip():
        raise FieldsWrong(fields={"reason": gettext("Enter a reason. Whoever asked will read it.")})

    def change() -> None:
        asked = _hold(step_id)
        unit.require(asked.right, by_person=True)
        if asked.actor_id == unit.actor_id:
            raise OwnStep()
        two_people.close(unit, asked, StepStatus.REFUSED, reason)
        _note(unit, AuditEvent.STEP_REFUSE, asked, reason=reason)
        if asked.actor.email:
            by = User.objects.get(pk=unit.actor_id or 0).username
            words = WORDS[asked.event]
            mailings.write(
                MailKind.STEP_REFUSED, asked.actor_id, asked.actor.email,
                by=by, asked=words, reason=reason,
            )  # fmt: skip

    unit.commit(change)


def withdraw(unit: UnitOfWork, step_id: int) -> None:
    """Take back what one has asked for. Raises StepClosed, NotFound for what another asked. Needs
    no right: a staff user changes what is their own."""

    def change() -> None:
        asked = _hold(step_id)
        if asked.actor_id != unit.actor_id:
            raise NotFound()
        two_people.close(unit, asked, StepStatus.WITHDRAWN)
        _note(unit, AuditEvent.STEP_WITHDRAW, asked)

    unit.commit(change)


def let_expire() -> None:
    """Close what nobody confirmed in time. Needs no right: time brings it, and the worker does
    it."""
    since = clock.now() - timedelta(days=current.office().asked_days)
    late = StepAsked.objects.filter(status=StepStatus.ASKED, at__lte=since)
    UnitOfWork(Worker()).commit(
        lambda: late.update(status=StepStatus.EXPIRED, closed_at=clock.now())
    )


def takes_part(actor: Actor) -> bool:
    """Whether somebody has a right for any of these steps."""
    return isinstance(actor, Staff) and bool(actor.rights & _RIGHTS)


def seen_by(actor: Actor) -> QuerySet[StepAsked]:
    """What somebody may look at: what they asked for, and what they have the right for."""
    if not isinstance(actor, Staff):
        return StepAsked.objects.none()
    theirs = StepAsked.objects.filter(right__in=actor.rights)
    return theirs | StepAsked.objects.filter(actor=actor.id)


def waiting_for(actor: Actor) -> QuerySet[StepAsked]:
    """What waits for somebody as the second person."""
    if not isinstance(actor, Staff):
        return StepAsked.objects.none()
    return two_people.open_steps().filter(right__in=actor.rights).exclude(actor=actor.id)


def _open(step_id: int) -> StepAsked:
    asked = two_people.open_steps().select_related("actor").filter(pk=step_id).first()
    if asked is None:
        raise StepClosed()
    return asked


def _hold(step_id: int) -> StepAsked:
    found = two_people.open_steps().select_related("actor").select_for_update(of=("self",))
    asked = found.filter(pk=step_id).first()
    if asked is None:
        raise StepClosed()
    return asked


def _note(unit: UnitOfWork, event: AuditEvent, asked: StepAsked, **facts: str) -> None:
    audit.record(
        unit, event, f"step:{asked.pk}", member_id=asked.person_id,
        right=asked.right, what=asked.what, **facts,
    )  # fmt: skip
