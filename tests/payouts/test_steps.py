"""What the database itself refuses, and what still has to hold when the money moves."""

import os
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from support.cast import Cast, Player
from support.moves import tell_bank
from upline.base.actors import Shell
from upline.base.amounts import Money
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.flows import blocking
from upline.members.models import Member
from upline.payouts import actions


@pytest.fixture
def anna(cast: Cast, fill: Callable[..., None]) -> Player:
    fill(cast.anna, "100.00")
    tell_bank(cast.anna)
    return cast.anna


def ask(member: Player, checked_password: str) -> None:
    UnitOfWork(Shell()).commit(
        lambda: actions.request(
            UnitOfWork(Shell()), member.id, Money(1000, "EUR"), checked_password
        )
    )


def test_nobody_is_paid_by_a_password_that_was_changed_since_the_check(
    anna: Player, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes(), pytest.raises(Refusal) as refusal:
        ask(anna, "the hash of the one before")
    assert refusal.value.code == "1015"


def test_nobody_is_paid_who_was_blocked_since_the_check(
    anna: Player, nothing_changes: Callable[[], Any]
) -> None:
    checked = Member.objects.get(pk=anna.id).transaction_password
    blocking.block_member(UnitOfWork(Shell()), anna.id, "a test")
    with nothing_changes(), pytest.raises(Refusal) as refusal:
        ask(anna, checked)
    assert refusal.value.code == "1015"


def change(statement: str, number: str) -> None:
    """As the application's role."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute(statement.encode(), {"number": number})


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        ("requested", "amount = amount + 1"),
        ("requested", "bank_sealed = '\\x00'"),
        ("requested", "member_id = member_id + 1"),
        ("requested", "transfer_id = transfer_id + 1"),
        ("requested", "status = 'paid'"),
        ("approved", "status = 'requested'"),
        ("in_batch", "status = 'declined'"),
        ("paid", "status = 'failed'"),
        ("paid", "settlement_id = came_back_id, status = 'returned'"),
        ("failed", "status = 'in_batch'"),
        ("returned", "status = 'paid'"),
        ("requested", "status = 'returned'"),
        ("cancelled", "reason = 'another'"),
    ],
)
def test_the_database_refuses_what_is_no_step(
    status: str, changes: str, anna: Player, bring_to: Callable[..., str],
    nothing_changes: Callable[[], Any],
) -> None:  # fmt: skip
    number = bring_to(anna, status)
    statement = f"UPDATE payouts_payout SET {changes} WHERE number = %(number)s"
    with nothing_changes(), pytest.raises(psycopg.errors.RaiseException, match=number):
        change(statement, number)


def test_the_database_refuses_who_approves_their_own(
    anna: Player, bring_to: Callable[..., str], nothing_changes: Callable[[], Any]
) -> None:
    number = bring_to(anna, "requested")
    statement = (
        "UPDATE payouts_payout SET status = 'approved', approved_by_id = member_id "
        "WHERE number = %(number)s"
    )
    with (
        nothing_changes(),
        pytest.raises(psycopg.errors.CheckViolation, match="payout_approved_by_another"),
    ):
        change(statement, number)


@pytest.mark.parametrize("table", ["payouts_payout", "payouts_batch"])
def test_no_payout_and_no_batch_is_ever_deleted(
    table: str, anna: Player, bring_to: Callable[..., str], nothing_changes: Callable[[], Any]
) -> None:
    bring_to(anna, "in_batch")
    with nothing_changes(), pytest.raises(psycopg.errors.InsufficientPrivilege):
        change(f"DELETE FROM {table}", "")
