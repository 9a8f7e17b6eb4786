"""The steps of a payout. Its money leaves the wallet with the request and stands on the company's
`payouts` account until it goes outside or back."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from upline.base import audit, clock, encryption, sql
from upline.base.amounts import Money
from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.events import actions as events
from upline.events.actions import WrittenEvent
from upline.language import gettext
from upline.mailings import actions as mailings
from upline.members.errors import TransactionPasswordWrong
from upline.members.models import Member, Standing
from upline.members.person import profile
from upline.payouts import queries, statements
from upline.payouts.bank import details
from upline.payouts.errors import (
    NothingToBatch,
    PayoutElsewhere,
    PayoutHeld,
    PayoutNotFound,
)
from upline.payouts.models import PayoutStatus
from upline.payouts.statements import LockedPayout
from upline.wallet import actions as wallet
from upline.wallet.actions import BelongsTo
from upline.wallet.models import AccountKind, TransferKind
from upline.wallet.queries import account_of, company_account


@dataclass(frozen=True)
class MadeBatch:
    """A batch just made; `kept_out` has a sentence for each payout that stayed approved."""

    id: int
    quantity: int
    currency: str
    amount: int
    kept_out: Mapping[str, str]


def request(unit: UnitOfWork, member_id: int, money: Money, checked_password: str) -> str:
    """Take `money` off the wallet, to be paid to the member's bank as it is known now.
    `checked_password` is the hash that the transaction password was checked against. Returns the
    payout's number.

    Raises FieldsWrong where bank data are missing, BalanceTooLow; TransactionPasswordWrong where
    since the check the password was changed or the member blocked."""
    member = _still_allowed(member_id, checked_password)
    wrapped = encryption.wrapped_key_of(member_id)
    assert wrapped is not None, "an active member has a key"
    known = profile.open_bank(member_id, member.bank_sealed, wrapped)
    if wrong := details.missing(known):
        raise FieldsWrong(fields=wrong)
    number = f"PO-{secrets.token_hex(6).upper()}"
    payout_id = sql.number(statements.NEXT_ID)
    transfer_id = wallet.transfer(
        account_of(member_id, AccountKind.WALLET, money.currency),
        company_account(AccountKind.PAYOUTS, money.currency),
        money.minor,
        TransferKind.PAYOUT,
        f"payout:{number}",
        BelongsTo(member_id, payout_id=payout_id),
    )
    sql.run(
        statements.ADD,
        {
            "id": payout_id,
            "number": number,
            "member": member_id,
            "currency": money.currency,
            "amount": money.minor,
            "bank_sealed": details.sealed(number, known, wrapped),
            "last_four": profile.ending(known),
            "transfer": transfer_id,
            "now": clock.now(),
        },
    )
    amount = money.minor
    data = _data(member_id, money)
    subject = f"payout:{number}"
    event = events.record(unit, EventKind.PAYOUT_REQUESTED, subject, data, amount=amount)
    facts = {"amount": amount, "currency": money.currency, "number": number,
             "ending": profile.ending(known)}  # fmt: skip
    mailings.deliver(event, member_id, member.user.email, **facts)
    return number


def _still_allowed(member_id: int, checked_password: str) -> Member:
    """The member, held: no other change of bank data or standing until the transaction ends."""
    held = Member.objects.select_related("user").select_for_update(of=["self"], no_key=True)
    member = held.get(pk=member_id)
    if member.standing != Standing.ACTIVE or member.transaction_password != checked_password:
        raise TransactionPasswordWrong()
    return member


def approve(unit: UnitOfWork, payout: LockedPayout) -> None:
    """Let a requested payout go into the next batch. Raises PayoutElsewhere, OwnAccount,
    PayoutHeld."""
    unit.refuse_own(payout.member_id)
    if payout.standing != Standing.ACTIVE:
        raise PayoutHeld(
            gettext("The member is {standing}.", standing=Standing(payout.standing).label)
        )
    step = {"payout": payout.id, "actor": unit.actor_id, "now": clock.now()}
    if not sql.run(statements.APPROVE, step):
        raise PayoutElsewhere(payout.number, payout.status)
    _note(unit, payout, EventKind.PAYOUT_APPROVED, PayoutStatus.APPROVED)


def cancel(unit: UnitOfWork, payout: LockedPayout) -> None:
    """The member wants it no more: the money goes back. Raises PayoutElsewhere."""
    _give_back(unit, payout, PayoutStatus.CANCELLED, [PayoutStatus.REQUESTED], "")


def decline(unit: UnitOfWork, payout: LockedPayout, reason: str) -> None:
    """The office does not pay: the money goes back. Raises PayoutElsewhere."""
    event = _give_back(
        unit, payout, PayoutStatus.DECLINED, [PayoutStatus.REQUESTED, PayoutStatus.APPROVED], reason
    )
    _tell(payout, event, reason)


def fail(unit: UnitOfWork, payout: LockedPayout, reason: str) -> None:
    """The bank has not paid: the money goes back. Raises PayoutElsewhere, OwnAccount."""
    unit.refuse_own(payout.member_id)
    event = _give_back(unit, payout, PayoutStatus.FAILED, [PayoutStatus.IN_BATCH], reason)
    _tell(payout, event, reason)


def pay(unit: UnitOfWork, payout: LockedPayout) -> None:
    """The bank has paid: the money has left the company. Raises PayoutElsewhere, OwnAccount."""
    unit.refuse_own(payout.member_id)
    _begins_in(payout, [PayoutStatus.IN_BATCH])
    transfer_id = _move(
        payout,
        company_account(AccountKind.PAYOUTS, payout.currency),
        company_account(AccountKind.OUTSIDE, payout.currency),
        TransferKind.PAYOUT_PAID,
    )
    event = _close(unit, payout, PayoutStatus.PAID, [PayoutStatus.IN_BATCH], transfer_id, "")
    _tell(payout, event, "")


def take_back(unit: UnitOfWork, payout: LockedPayout, reason: str) -> None:
    """The bank has sent back what was paid: the money comes from outside to the wallet. Raises
    PayoutElsewhere, OwnAccount."""
    unit.refuse_own(payout.member_id)
    _begins_in(payout, [PayoutStatus.PAID])
    transfer_id = _move(
        payout,
        company_account(AccountKind.OUTSIDE, payout.currency),
        account_of(payout.member_id, AccountKind.WALLET, payout.currency),
        TransferKind.PAYOUT_SENT_BACK,
        undoes=payout.settlement_id,
        note=reason,
    )
    step = {
        "payout": payout.id,
        "came_back": transfer_id,
        "actor": unit.actor_id,
        "now": clock.now(),
        "reason": reason,
    }
    if not sql.run(statements.RETURN, step):
        raise PayoutElsewhere(payout.number, payout.status)
    event = _note(unit, payout, EventKind.PAYOUT_RETURNED, PayoutStatus.RETURNED, reason=reason)
    _tell(payout, event, reason)


def lock_wallets(payouts: Iterable[LockedPayout]) -> None:
    """Hold the wallets that several payouts go back to, so that no two wait for each other."""
    wallet.lock(
        account_of(payout.member_id, AccountKind.WALLET, payout.currency) for payout in payouts
    )


def _give_back(
    unit: UnitOfWork,
    payout: LockedPayout,
    status: PayoutStatus,
    before: list[PayoutStatus],
    reason: str,
) -> WrittenEvent:
    _begins_in(payout, before)
    transfer_id = _move(
        payout,
        company_account(AccountKind.PAYOUTS, payout.currency),
        account_of(payout.member_id, AccountKind.WALLET, payout.currency),
        TransferKind.PAYOUT_RETURNED,
        undoes=payout.transfer_id,
        note=reason,
    )
    return _close(unit, payout, status, before, transfer_id, reason)


def _move(
    payout: LockedPayout,
    debit: int,
    credit: int,
    kind: TransferKind,
    *,
    undoes: int | None = None,
    note: str = "",
) -> int:
    """Move the payout's amount between two accounts. Returns the transfer's id."""
    return wallet.transfer(
        debit,
        credit,
        payout.amount,
        kind,
        f"payout:{payout.number}",
        BelongsTo(payout.member_id, payout_id=payout.id),
        undoes=undoes,
        note=note,
    )


def _close(
    unit: UnitOfWork,
    payout: LockedPayout,
    status: PayoutStatus,
    before: list[PayoutStatus],
    transfer_id: int,
    reason: str,
) -> WrittenEvent:
    step = {
        "payout": payout.id,
        "status": status,
        "before": before,
        "settlement": transfer_id,
        "actor": unit.actor_id,
        "now": clock.now(),
        "reason": reason,
    }
    if not sql.run(statements.CLOSE, step):
        raise PayoutElsewhere(payout.number, payout.status)
    return _note(
        unit,
        payout,
        EventKind(f"payout.{status}"),
        status,
        **({"reason": reason} if reason else {}),
    )


def _note(
    unit: UnitOfWork, payout: LockedPayout, event: EventKind, status: PayoutStatus, **facts: str
) -> WrittenEvent:
    return events.record(
        unit,
        event,
        f"payout:{payout.number}",
        _data(payout.member_id, Money(payout.amount, payout.currency)),
        amount=payout.amount,
        changes=audit.step("status", payout.status, status),
        **facts,
    )


def _data(member_id: int, money: Money) -> dict[str, object]:
    return {"member_id": member_id, "amount": money.minor, "currency": money.currency}


def _begins_in(payout: LockedPayout, before: list[PayoutStatus]) -> None:
    if payout.status not in before:
        raise PayoutElsewhere(payout.number, payout.status)


def _tell(payout: LockedPayout, event: WrittenEvent, reason: str) -> None:
    facts = {"amount": payout.amount, "currency": payout.currency, "number": payout.number,
             "reason": reason}  # fmt: skip
    mailings.deliver(event, payout.member_id, payout.email, **facts)


def make_batch(unit: UnitOfWork, holds_of: Callable[[set[int]], Mapping[int, str]]) -> MadeBatch:
    """Put all approved payouts in one currency that can be paid into a batch, to go where their
    members want them now; the others keep the sentence that says why not. The currency is that of
    the payout that has waited longest. `holds_of` gives the sentences of members whose payouts
    wait. Raises NothingToBatch."""
    approved = lock_approved()
    # After their bank data were read: a change of these since then is seen, and keeps them out.
    held = holds_of({each.member_id for each in approved})
    kept_out = queries.kept_out(approved, held)
    chosen = [each for each in approved if each.number not in kept_out]
    if not chosen:
        raise NothingToBatch(kept_out)
    currency = chosen[0].currency
    amount = sum(each.amount for each in chosen)
    batch_id = sql.number(
        statements.ADD_BATCH,
        {
            "message_id": f"UPLINE-{secrets.token_hex(10).upper()}",
            "currency": currency,
            "quantity": len(chosen),
            "amount": amount,
            "now": clock.now(),
            "actor": unit.actor_id,
            "today": company.today(),
        },
    )
    _put_into(batch_id, chosen)
    for number, why in kept_out.items():
        sql.run("UPDATE payouts_payout SET kept_out = %s WHERE number = %s", [why, number])
    facts = {"amount": amount, "currency": currency, "quantity": len(chosen)}
    events.record(
        unit,
        EventKind.PAYOUT_BATCH_MADE,
        f"payout_batch:{batch_id}",
        facts,
        **facts,
    )
    return MadeBatch(batch_id, len(chosen), currency, amount, kept_out)


def _put_into(batch_id: int, chosen: list[LockedPayout]) -> None:
    banks = [queries.bank_of(each) for each in chosen]
    sql.run(
        statements.PUT_INTO_BATCH,
        {
            "batch": batch_id,
            "payouts": [each.id for each in chosen],
            "banks": [
                details.sealed(each.number, known, each.wrapped)
                for each, known in zip(chosen, banks, strict=True)
                if known and each.wrapped
            ],
            "endings": [profile.ending(known) for known in banks if known],
        },
    )


def lock(number: str) -> LockedPayout:
    """Any payout, held until the transaction ends. Raises PayoutNotFound."""
    payout = sql.one(LockedPayout, statements.LOCK, [number])
    if payout is None:
        raise PayoutNotFound(gettext("No payout has this id."))
    return payout


def lock_own(member_id: int, number: str) -> LockedPayout:
    """A member's own. Raises PayoutNotFound."""
    payout = sql.one(LockedPayout, statements.LOCK, [number])
    if payout is None or payout.member_id != member_id:
        raise PayoutNotFound()
    return payout


def lock_approved() -> list[LockedPayout]:
    """All that wait for a batch, held until the transaction ends."""
    return sql.rows(LockedPayout, statements.LOCK_APPROVED)


def lock_batch(batch_id: int) -> list[LockedPayout]:
    """All of a batch, whatever became of them, held until the transaction ends."""
    return sql.rows(LockedPayout, statements.LOCK_BATCH, [batch_id])
