"""What one staff user asked for and takes a second one: done, refused, withdrawn, or too late."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypedDict

from django.db.models import QuerySet

from upline.base import audit, clock
from upline.base.actors import Actor, Staff, Worker
from upline.base.amounts import Money
from upline.base.audit import AuditEvent
from upline.base.errors import Conflict, FieldsWrong, NotFound
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company import current
from upline.flows import (
    adjusting,
    closed_accounts,
    commission_run,
    configuring,
    epin_batches,
    exchanging,
    order_decisions,
    payment_events,
    refunding,
    staff,
    surpluses,
    two_people,
)
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
    EventKind.WALLET_CREDITED: lazy("credit a wallet"),
    EventKind.EPINS_ISSUED: lazy("issue e-pins"),
    AuditEvent.ORDER_APPROVE: lazy("record a payment for an order"),
    AuditEvent.PAYMENTS_IMPORT: lazy("import a bank file"),
    AuditEvent.PAYMENT_EVENT_ASSIGN: lazy("assign a payment event to an order"),
    AuditEvent.SURPLUS_SEND: lazy("mark a surplus payment as sent back"),
    EventKind.ORDER_REFUNDED: lazy("refund an order"),
    EventKind.PLAN_PUT_IN_FORCE: lazy("put a compensation plan in force"),
    EventKind.STAFF_RIGHTS_CHANGED: lazy("change the rights of a staff user"),
    EventKind.STAFF_ACTIVATED: lazy("activate a staff user"),
    EventKind.ROLE_SAVED: lazy("save a role"),
    EventKind.SETTINGS_CHANGED: lazy("change the settings"),
    EventKind.WALLET_CLOSED_WAIVED: lazy("waive what a member who has left owes"),
    EventKind.WALLET_EXCHANGED: lazy("exchange money of the company"),
}
"""What can be asked for, as it follows on "to"."""


_RIGHTS = frozenset(
    {
        Right.ADJUST_WALLETS,
        Right.ISSUE_EPINS,
        Right.DECIDE_ORDERS,
        Right.REFUND_ORDERS,
        Right.USE_PLAN,
        Right.RULE_STAFF,
        Right.CHANGE_SETTINGS,
    }
)


def confirm(unit: UnitOfWork, step_id: int) -> None:
    """Do what another asked for, as the second person. Raises StepClosed, StepChanged, what doing
    it raises, and what two_people.must_be_another does. Needs no right: doing it asks for its
    own."""
    asked = _open(step_id)
    if asked.actor_id == unit.actor_id:
        raise OwnStep()
    unit.agrees_to = asked.pk
    _DONE_BY[asked.event](unit, asked.arguments)


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


# --- Doing it again, with what was kept --------------------------------------------------------


class CreditAsked(TypedDict):
    """What is kept of a credit."""

    member_id: int
    amount: int
    reason: str


class IssueAsked(TypedDict):
    """What is kept of a batch of e-pins; `expires_at` in ISO 8601."""

    amount: int
    quantity: int
    currency: str
    owner_id: int | None
    expires_at: str | None
    note: str


class WaiverAsked(TypedDict):
    """What is kept of a debt to waive; `seen` is how much it was."""

    account_id: int
    reason: str
    seen: int


class ExchangeAsked(TypedDict):
    """What is kept of an exchange: what is sold in minor units, the rate in millionths."""

    minor: int
    currency: str
    bought_currency: str
    rate: int
    reason: str


class PaymentAsked(TypedDict):
    """What is kept of a payment to record for an order."""

    number: str
    amount: int
    currency: str
    reference: str


class BankFileAsked(TypedDict):
    """What is kept of a bank file to import."""

    lines: str


class AssignmentAsked(TypedDict):
    """What is kept of a payment event to assign to an order."""

    event_id: int
    number: str


class SurplusAsked(TypedDict):
    """What is kept of a surplus payment to send back."""

    surplus_id: int
    note: str


class RefundAsked(TypedDict):
    """What is kept of a refund: pieces by the line's id, which JSON makes a text."""

    number: str
    quantities: dict[str, int]
    reason: str


class PlanAsked(TypedDict):
    """What is kept of a plan; `since` as yyyy-mm-dd."""

    text: str
    name: str
    since: str


class RightsAsked(TypedDict):
    """What is kept of a staff user's rights."""

    user_id: int
    is_superuser: bool
    groups: list[int]
    permissions: list[int]
    seen: dict[str, object]


class StandingAsked(TypedDict):
    """What is kept of a staff user's activation."""

    user_id: int
    is_active: bool


class RoleAsked(TypedDict):
    """What is kept of a role."""

    group_id: int | None
    name: str
    permissions: list[int]
    seen: dict[str, object] | None


class SettingsAsked(TypedDict):
    """What is kept of a change of settings."""

    changes: dict[str, object]


def _credit(unit: UnitOfWork, kept: CreditAsked) -> None:
    adjusting.credit_wallet(unit, kept["member_id"], kept["amount"], kept["reason"])


def _issue(unit: UnitOfWork, kept: IssueAsked) -> None:
    expires_at = datetime.fromisoformat(kept["expires_at"]) if kept["expires_at"] else None
    epin_batches.issue_epins(
        unit,
        kept["amount"],
        kept["quantity"],
        kept["owner_id"],
        expires_at,
        kept["note"],
        kept["currency"],
    )


def _waive(unit: UnitOfWork, kept: WaiverAsked) -> None:
    closed_accounts.waive(unit, kept["account_id"], kept["reason"], kept["seen"])


def _record_payment(unit: UnitOfWork, kept: PaymentAsked) -> None:
    order_decisions.record_payment(unit, kept["number"], kept["amount"], kept["reference"])


def _import_bank_file(unit: UnitOfWork, kept: BankFileAsked) -> None:
    payment_events.import_bank_file(unit, kept["lines"])


def _assign_payment_event(unit: UnitOfWork, kept: AssignmentAsked) -> None:
    payment_events.assign(unit, kept["event_id"], kept["number"])


def _send_surplus_back(unit: UnitOfWork, kept: SurplusAsked) -> None:
    surpluses.send_back(unit, kept["surplus_id"], kept["note"])


def _refund(unit: UnitOfWork, kept: RefundAsked) -> None:
    pieces = {int(line): quantity for line, quantity in kept["quantities"].items()}
    refunding.refund_order(unit, kept["number"], pieces, kept["reason"])


def _use_plan(unit: UnitOfWork, kept: PlanAsked) -> None:
    since = date.fromisoformat(kept["since"])
    commission_run.use_plan(unit, kept["text"], kept["name"], since)


def _change_rights(unit: UnitOfWork, kept: RightsAsked) -> None:
    staff.change_rights(
        unit,
        kept["user_id"],
        is_superuser=kept["is_superuser"],
        group_ids=kept["groups"],
        permission_ids=kept["permissions"],
        seen=kept["seen"],
    )


def _change_standing(unit: UnitOfWork, kept: StandingAsked) -> None:
    staff.change_standing(unit, kept["user_id"], is_active=kept["is_active"])


def _exchange(unit: UnitOfWork, kept: ExchangeAsked) -> None:
    sold = Money(kept["minor"], kept["currency"])
    exchanging.exchange_company(unit, sold, kept["bought_currency"], kept["rate"], kept["reason"])


def _save_group(unit: UnitOfWork, kept: RoleAsked) -> None:
    staff.save_group(unit, kept["group_id"], kept["name"], kept["permissions"], kept["seen"])


def _change_settings(unit: UnitOfWork, kept: SettingsAsked) -> None:
    configuring.change_settings(unit, None, **kept["changes"])


_DONE_BY: dict[str, Callable[..., None]] = {
    EventKind.WALLET_CREDITED: _credit,
    EventKind.WALLET_CLOSED_WAIVED: _waive,
    EventKind.WALLET_EXCHANGED: _exchange,
    EventKind.EPINS_ISSUED: _issue,
    AuditEvent.ORDER_APPROVE: _record_payment,
    AuditEvent.PAYMENTS_IMPORT: _import_bank_file,
    AuditEvent.PAYMENT_EVENT_ASSIGN: _assign_payment_event,
    AuditEvent.SURPLUS_SEND: _send_surplus_back,
    EventKind.ORDER_REFUNDED: _refund,
    EventKind.PLAN_PUT_IN_FORCE: _use_plan,
    EventKind.STAFF_RIGHTS_CHANGED: _change_rights,
    EventKind.STAFF_ACTIVATED: _change_standing,
    EventKind.ROLE_SAVED: _save_group,
    EventKind.SETTINGS_CHANGED: _change_settings,
}
