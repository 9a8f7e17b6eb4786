"""Careless versions of the functions that decide races: they read, decide, and then write."""

import threading
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from upline.base import clock, passwords, sql, unit
from upline.base.amounts import Money
from upline.base.attempts import Limit
from upline.base.unit import IdempotencyKey
from upline.cart import actions as cart
from upline.cart import queries as carts
from upline.epins import actions as epins
from upline.epins.errors import EPinInvalid
from upline.flows import asked_steps, two_people
from upline.genealogy import actions as genealogy
from upline.members.models import Member, ProtectedChange, SecondFactor, StepAsked
from upline.members.security import checks, protection, second_factor
from upline.orders import statements as order_statements
from upline.payouts import actions as payouts
from upline.payouts import statements
from upline.payouts.statements import LockedPayout

_put_back = epins.put_back
_take = epins.take
_wallet_limits = checks._wallet_limits


def plant(fault: str) -> None:
    """Put one of the faults in place; those of the database alone need nothing here."""
    if fault == "epin":
        epins.take = take_epin
    if fault == "checkout":
        cart.take_all = take_cart
        unit._hold = hold_no_key
    if fault == "epin_last":
        epins.lock = hold_nothing
        epins.put_back = put_back_last
        epins.take = take_first
    if fault == "refund":
        order_statements.LOCK_BY_NUMBER = order_statements.LOCK_BY_NUMBER.partition(" FOR ")[0]
    if fault == "overspend":
        payouts._still_allowed = look_at_member
    if fault == "position_order":
        genealogy.count_held = count_held
    plant_among_secrets(fault)
    if fault in {"payout", "payout_returned"}:
        statements.APPROVE = statements.APPROVE.partition(" AND status")[0]
        statements.CLOSE = statements.CLOSE.partition(" AND status")[0]
        statements.RETURN = statements.RETURN.partition(" AND status")[0]
        payouts.lock = look_at_payout
        payouts.lock_own = look_at_own_payout


def plant_among_secrets(fault: str) -> None:
    """The same for what keeps passwords and accounts."""
    if fault == "spraying":
        checks._wallet_limits = without_guesser
    if fault == "asked_step":
        asked_steps._open = lambda step_id: StepAsked.objects.get(pk=step_id)
        two_people._hold_asked = look_at_asked_step
    if fault == "undo":
        protection.record = record_latest
    if fault == "hashing":
        passwords._slots_of_strangers = threading.BoundedSemaphore(settings.HASHES_AT_ONCE)
        passwords._queue_of_strangers = threading.BoundedSemaphore(settings.PASSWORDS_WAITING)
    if fault == "second_factor":
        second_factor._use_step = use_step


def take_epin(epin_id: int, owner_id: int, money: Money) -> None:
    """Reads the balance and writes it back."""
    query = "SELECT balance FROM epins_epin WHERE id = %s AND owner_id = %s"
    balance = sql.value(int, query, [epin_id, owner_id])
    if balance is None or balance < money.minor:
        raise EPinInvalid()
    sql.run("UPDATE epins_epin SET balance = %s WHERE id = %s", [balance - money.minor, epin_id])


def take_cart(member_id: int) -> list[Any]:
    """Reads the lines and empties the cart afterwards."""
    lines = list(carts.lines(member_id))
    cart.clear(member_id)
    return lines


def count_held(owner_id: int) -> int:
    """Counts a member's positions while others open more."""
    return sql.number("SELECT count(*) FROM genealogy_position WHERE member_id = %s", [owner_id])


def take_first(epin_id: int, owner_id: int, money: Money) -> None:
    """Holds the e-pin, and no account yet, when it meets who has the accounts and no e-pin."""
    _take(epin_id, owner_id, money)
    sql.run("SELECT meet_another()")


def put_back_last(epin_id: int, amount: int) -> None:
    """Holds the accounts, and no e-pin yet, when it meets who has the e-pin and no accounts."""
    sql.run("SELECT meet_another()")
    _put_back(epin_id, amount)


def without_guesser(owner: str, guesser: str, network: str) -> list[Limit]:
    """Counts by wallet alone, and not who tries one password on many."""
    limits = _wallet_limits(owner, guesser, network)
    return [limit for limit in limits if limit.kind != "transaction_password_guesser"]


def record_latest(member_id: int, kind: str, bank_before: bytes | None = None) -> ProtectedChange:
    """Keeps what was there before this change, and not before all whose time is running."""
    return ProtectedChange.objects.create(
        member_id=member_id, kind=kind, at=clock.now(), before_sealed=bank_before
    )


def look_at_payout(number: str) -> LockedPayout:
    """Reads a payout and holds nothing; what follows is decided by what was read."""
    found = sql.one(LockedPayout, statements.LOCK.partition(" FOR NO KEY")[0], [number])
    assert found is not None
    return found


def look_at_asked_step(unit: Any, right: str, what: str) -> Any:
    """Reads an asked step and holds nothing, whatever became of it."""
    return StepAsked.objects.filter(pk=unit.agrees_to).first()


def look_at_member(member_id: int, checked_password: str) -> Member:
    """Lets one member ask for several payouts side by side."""
    return Member.objects.select_related("user").get(pk=member_id)


def look_at_own_payout(member_id: int, number: str) -> LockedPayout:
    return look_at_payout(number)


def use_step(user_id: int, code: str, *, confirmed: bool) -> bool:
    """Reads the last step that was used, and writes this one."""
    found = SecondFactor.objects.get(user_id=user_id)
    step = second_factor._step_of(second_factor._unsealed(found), code)
    if step is None or step <= found.last_step:
        return False
    SecondFactor.objects.filter(user_id=user_id).update(last_step=step)
    return True


def hold_no_key(key: IdempotencyKey) -> None:
    """Holds no key: two requests with the same one are both done."""


def hold_nothing(epin_ids: Iterable[int]) -> None:
    """Lets two requests of one Idempotency-Key, or with one e-pin, work side by side."""
