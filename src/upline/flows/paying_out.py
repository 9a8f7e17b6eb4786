"""Payouts: asked for by members, approved and sent to the bank by the office."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from upline.base import actors, audit, clock
from upline.base.amounts import Money
from upline.base.audit import AuditEvent
from upline.base.bank_accounts import next_target_day
from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import second_person, two_people
from upline.flows.permissions import Right, needs
from upline.language import gettext, lazy
from upline.members.models import User
from upline.members.queries import Caller, find_person
from upline.members.security import checks
from upline.payouts import actions, queries
from upline.payouts.actions import MadeBatch
from upline.payouts.bank import details, files
from upline.payouts.errors import NoBankFile, PayoutHeld, PayoutNotFound
from upline.payouts.models import Batch, Payout, PayoutStatus
from upline.payouts.statements import LockedPayout
from upline.screens.holds import hold_of, holds_of
from upline.screens.payout_readiness import readiness_of, refuse_when_closed
from upline.wallet.models import CREDITS, Transfer

_CREDITED = timedelta(days=30)
_NO_BATCH = lazy("No batch has this number.")


def request(unit: UnitOfWork, caller: Caller, amount: int, transaction_password: str) -> str:
    """Ask for `amount` of the caller's wallet to be paid to their bank. Returns the payout's
    number. Raises PayoutsClosed, FieldsWrong, KycNotVerified, TransactionPasswordWrong,
    TooManyRequests, BalanceTooLow. Needs no right: a member changes what is their own."""
    refuse_when_closed()
    readiness_of(caller).check(amount)
    person = find_person(caller.username)
    assert person is not None, "the caller has just been found"
    stored = person.transaction_password if person.may_act else None
    checks.check_transaction_password(
        person.username, transaction_password, stored, person.username, unit.address
    )
    money = Money(amount, caller.currency)
    return unit.commit(lambda: actions.request(unit, caller.member_id, money, stored or ""))


def cancel(unit: UnitOfWork, caller: Caller, number: str) -> None:
    """The caller wants a payout no more. Raises PayoutNotFound, PayoutElsewhere. Needs no right: a
    member changes what is their own."""
    unit.commit(lambda: actions.cancel(unit, actions.lock_own(caller.member_id, number)))


@needs(Right.APPROVE_PAYOUTS)
def approve(unit: UnitOfWork, number: str) -> None:
    """Raises PayoutNotFound, PayoutElsewhere, OwnAccount, PayoutHeld."""

    def approve() -> None:
        payout = actions.lock(number)
        hold = hold_of(payout.member_id)
        if payout.status == PayoutStatus.REQUESTED and hold is not None:
            raise PayoutHeld(hold.sentence)
        actions.approve(unit, payout)

    unit.commit(approve)


@needs(Right.APPROVE_PAYOUTS)
def decline(unit: UnitOfWork, number: str, reason: str) -> None:
    """Raises PayoutNotFound, PayoutElsewhere, FieldsWrong without a reason."""
    _check_reason(reason)
    unit.commit(lambda: actions.decline(unit, actions.lock(number), reason))


@needs(Right.CLOSE_PAYOUTS)
def mark_paid(unit: UnitOfWork, number: str) -> None:
    """The bank has paid it. Raises PayoutNotFound, PayoutElsewhere, OwnAccount."""
    unit.commit(lambda: actions.pay(unit, actions.lock(number)))


@needs(Right.CLOSE_PAYOUTS)
def mark_failed(unit: UnitOfWork, number: str, reason: str) -> None:
    """The bank has not paid it. Raises PayoutNotFound, PayoutElsewhere, OwnAccount, FieldsWrong
    without a reason; NeedsSecond where it takes two people."""
    _check_reason(reason)
    step = _back_step(EventKind.PAYOUT_FAILED, {"number": number, "reason": reason})
    _give_back(unit, step, lambda: [actions.lock(number)], partial(actions.fail, unit))


@needs(Right.CLOSE_PAYOUTS)
def mark_returned(unit: UnitOfWork, number: str, reason: str) -> None:
    """The bank has sent it back after it was paid. Raises PayoutNotFound, PayoutElsewhere,
    OwnAccount, FieldsWrong without a reason; NeedsSecond where it takes two people."""
    _check_reason(reason)
    step = _back_step(EventKind.PAYOUT_RETURNED, {"number": number, "reason": reason})
    _give_back(unit, step, lambda: [actions.lock(number)], partial(actions.take_back, unit))


def _back_step(event: EventKind, kept: Mapping[str, str | int]) -> two_people.Step:
    """Money comes back into wallets, from where it can be paid out once more: beyond what one
    person may do alone, a second one has looked at what the bank says."""
    about = kept.get("number") or f"batch {kept['batch_id']}"
    subject = f"payout:{about}" if "number" in kept else f"payout_batch:{kept['batch_id']}"
    return two_people.Step(
        event,
        Right.CLOSE_PAYOUTS,
        kept,
        what=f"{event} {about}",
        subject=subject,
        reason=str(kept["reason"]),
    )


def _give_back(
    unit: UnitOfWork,
    step: two_people.Step,
    lock: Callable[[], list[LockedPayout]],
    close: Callable[..., None],
) -> int:
    def give_back() -> list[LockedPayout]:
        payouts = lock()
        for payout in payouts:
            close(payout, reason=step.reason)
        return payouts

    def total(payouts: list[LockedPayout]) -> list[Money]:
        sums = Counter[str]()
        for payout in payouts:
            sums[payout.currency] += payout.amount
        return [Money(minor, currency) for currency, minor in sums.items()]

    return len(two_people.commit_amount(unit, step, give_back, total))


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise FieldsWrong(gettext("Enter a reason. The member will read it."))


@needs(Right.RELEASE_PAYOUTS)
def make_batch(unit: UnitOfWork) -> MadeBatch:
    """Put all approved payouts into a batch. The actor's own stays out, and, where the office
    wants two people, what the actor approved, or whose member they credited in the last 30 days;
    what the bank sent back counts as such.
    Raises NothingToBatch; what second_person.must_be_another does."""

    def make() -> MadeBatch:
        if company.office().payouts_by_two:
            firsts = Payout.objects.filter(status=PayoutStatus.APPROVED).values_list(
                "approved_by", flat=True
            )
            second_person.must_be_another(
                unit, Right.RELEASE_PAYOUTS, set(firsts) - {unit.actor_id}
            )
        return actions.make_batch(unit, partial(_kept_out, unit))

    return unit.commit(make)


def _kept_out(unit: UnitOfWork, member_ids: set[int]) -> dict[int, str]:
    """Why payouts of these members stay out of a batch that the actor makes."""
    by_two = company.office().payouts_by_two
    own = _paid_by(unit, member_ids) if by_two else {}
    own |= {
        member_id: gettext("It is your own. It waits for a colleague to make the batch.")
        for member_id in member_ids
        if actors.is_own(unit.actor, member_id)
    }
    held = {member_id: hold.sentence for member_id, hold in holds_of(member_ids).items()}
    return own | held


def _paid_by(unit: UnitOfWork, member_ids: set[int]) -> dict[int, str]:
    """The members of whom the actor approved a payout that waits for a batch, whose wallet they
    credited in the last 30 days, or of whom they said in that time that the bank sent a payout
    back, each with the sentence that says so."""
    since = clock.now() - _CREDITED
    approved = Payout.objects.filter(
        status=PayoutStatus.APPROVED, approved_by=unit.actor_id, member__in=member_ids
    )
    credited = Transfer.objects.filter(
        kind__in=CREDITS,
        by_staff=unit.actor_id,
        created_at__gt=since,
        credit__member__in=member_ids,
    )
    returned = Payout.objects.filter(
        returned_by=unit.actor_id, returned_at__gt=since, member__in=member_ids
    )
    who = User.objects.values_list("username", flat=True).get(pk=unit.actor_id or 0)
    did_credit = gettext(
        "Waits for someone other than {who}, who credited this member in the last 30 days.",
        who=who,
    )
    did_return = gettext(
        "Waits for someone other than {who}, who marked a payout of this member as returned in the "
        "last 30 days.",
        who=who,
    )
    did_approve = gettext("Waits for someone other than {who}, who approved it.", who=who)
    return (
        dict.fromkeys(credited.values_list("credit__member", flat=True), did_credit)
        | dict.fromkeys(returned.values_list("member", flat=True), did_return)
        | dict.fromkeys(approved.values_list("member", flat=True), did_approve)
    )


@needs(Right.RELEASE_PAYOUTS)
def preview_batch(unit: UnitOfWork) -> list[tuple[LockedPayout, str]]:
    """The payouts that wait for a batch, each with what would keep it out of one that the actor
    makes, or ''. It changes nothing, and locks what it reads."""

    def look() -> list[tuple[LockedPayout, str]]:
        approved = actions.lock_approved()
        held = _kept_out(unit, {each.member_id for each in approved})
        kept_out = queries.kept_out(approved, held)
        return [(each, kept_out.get(each.number, "")) for each in approved]

    return unit.commit(look)


@needs(Right.CLOSE_PAYOUTS)
def mark_batch_paid(unit: UnitOfWork, batch_id: int) -> int:
    """All of a batch that are still in it are paid. Returns how many. Raises PayoutNotFound,
    OwnAccount."""

    def pay() -> int:
        waiting = _waiting_in(batch_id)
        for payout in waiting:
            actions.pay(unit, payout)
        return len(waiting)

    return unit.commit(pay)


@needs(Right.CLOSE_PAYOUTS)
def mark_batch_failed(unit: UnitOfWork, batch_id: int, reason: str) -> int:
    """The same for a batch that the bank has not paid. Raises FieldsWrong without a reason too."""
    _check_reason(reason)
    step = _back_step(EventKind.PAYOUT_FAILED, {"batch_id": batch_id, "reason": reason})
    return _give_back(unit, step, lambda: _waiting_in(batch_id), partial(actions.fail, unit))


def _waiting_in(batch_id: int) -> list[LockedPayout]:
    """The payouts of a batch that are still in it, held, with their wallets."""
    payouts = actions.lock_batch(batch_id)
    if not payouts:
        raise PayoutNotFound(_NO_BATCH)
    waiting = [each for each in payouts if each.status == PayoutStatus.IN_BATCH]
    actions.lock_wallets(waiting)
    return waiting


@needs(Right.RELEASE_PAYOUTS)
def bank_file(unit: UnitOfWork, batch_id: int, kind: str) -> bytes:
    """What tells the bank to pay a batch: `csv`, or `sepa` for a batch in EUR. Without those that
    failed or came back; as long as none did, it is the same each time. That it was taken is
    recorded.

    Raises PayoutNotFound, NoBankFile."""
    return unit.commit(lambda: _bank_file(unit, batch_id, kind))


def _bank_file(unit: UnitOfWork, batch_id: int, kind: str) -> bytes:
    batch = Batch.objects.select_for_update(no_key=True).filter(pk=batch_id).first()
    if batch is None:
        raise PayoutNotFound(_NO_BATCH)
    transfers = [
        _bank_transfer(each)
        for each in actions.lock_batch(batch_id)
        if each.status in (PayoutStatus.IN_BATCH, PayoutStatus.PAID)
    ]
    if not transfers:
        raise NoBankFile(gettext("All payouts of this batch have failed or come back."))
    audit.record(unit, AuditEvent.PAYOUT_FILE, f"payout_batch:{batch_id}", kind=kind)
    if kind == "csv":
        return files.as_csv(batch, transfers)
    _name_debtor(batch)
    _date(batch)
    return files.as_sepa(batch, transfers)


def _bank_transfer(payout: LockedPayout) -> files.BankTransfer:
    known = queries.bank_of(payout)
    if known is None:
        raise NoBankFile(
            gettext(
                "The bank data of {number} cannot be read any more: mark it failed first.",
                number=payout.number,
            )
        )
    return files.BankTransfer(payout.number, payout.username, payout.amount, known)


def _name_debtor(batch: Batch) -> None:
    """Which account of the company pays this batch: the one of the settings when its first SEPA
    file is made, and that one for good."""
    if not details.pays_by_sepa(batch.currency):
        raise NoBankFile(
            gettext("SEPA files can pay only in EUR with two decimals. Use the CSV file instead.")
        )
    if batch.debtor_iban:
        return
    facts = company.current()
    if not facts.office.payout_iban:
        raise NoBankFile(
            gettext("Set the account that the company pays from first: the setting payout_iban.")
        )
    batch.debtor_name, batch.debtor_iban = facts.name, facts.office.payout_iban
    batch.debtor_bic = facts.office.payout_bic
    batch.save(update_fields=["debtor_name", "debtor_iban", "debtor_bic"])


def _date(batch: Batch) -> None:
    """The day on which the bank is to pay: kept, so that the file can be made again, until it is
    over or was never one on which banks pay."""
    due = next_target_day(max(batch.execution_date, company.today()))
    if due != batch.execution_date:
        batch.execution_date = due
        batch.save(update_fields=["execution_date"])


@needs(Right.APPROVE_PAYOUTS)
def show_bank(unit: UnitOfWork, number: str) -> dict[str, str]:
    """The bank data that a payout goes to, in clear; that they were looked at is recorded.
    Raises PayoutHeld where they cannot be read any more."""

    def show() -> dict[str, str]:
        known = queries.bank_of(actions.lock(number))
        if known is None:
            raise PayoutHeld(gettext("The bank data can no longer be read."))
        audit.record(unit, AuditEvent.PAYOUT_BANK_VIEW, f"payout:{number}")
        return known

    return unit.commit(show)
