"""The one function that moves money."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection

from attacks.parallel import Gate, at_once, times
from support.cast import Cast, Player, unique
from support.installation import Installation
from support.transfers import made_up
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.wallet.actions import BelongsTo, transfer
from upline.wallet.errors import BalanceTooLow
from upline.wallet.models import MEMBERS, AccountKind
from upline.wallet.queries import account_of, balances, company_account


def account(player: Player, kind: AccountKind = AccountKind.WALLET) -> int:
    return account_of(player.id, kind, "EUR")


def balance(player: Player, kind: AccountKind = AccountKind.WALLET) -> int:
    return balances(player.id, "EUR")[kind]


def move(
    debit: int, credit: int, amount: int, reference: str = "", undoes: int | None = None
) -> int:
    """One transfer in a transaction of its own."""

    reference = reference or unique("move")
    return UnitOfWork(Shell()).commit(
        lambda: transfer(
            debit, credit, amount, made_up("test"), reference, BelongsTo(), undoes=undoes
        )
    )


def in_thread(work: Callable[[], Any]) -> Callable[[], Any]:
    """Work on a connection of the thread's own; an exception is the outcome."""

    def run() -> Any:
        try:
            return work()
        except Exception as error:
            return type(error).__name__
        finally:
            connection.close()

    return run


def test_a_transfer_moves_money_from_one_account_to_another(
    cast: Cast, fill: Callable[[Player, str], None]
) -> None:
    fill(cast.anna, "100.00")
    move(account(cast.anna), account(cast.ben), 3_000)
    assert (balance(cast.anna), balance(cast.ben)) == (7_000, 3_000)


@pytest.mark.parametrize("amount", [0, -1, -10_000])
def test_an_amount_is_above_zero(
    amount: int, cast: Cast, fill: Callable[[Player, str], None], nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.anna, "100.00")
    with nothing_changes(), pytest.raises(IntegrityError, match=r"amount_positive|not_negative"):
        move(account(cast.anna), account(cast.ben), amount)


def test_the_two_accounts_differ(
    cast: Cast, fill: Callable[[Player, str], None], nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.anna, "100.00")
    with nothing_changes(), pytest.raises(IntegrityError, match="accounts_differ"):
        move(account(cast.anna), account(cast.anna), 1_000)


@pytest.mark.parametrize("kind", MEMBERS)
def test_no_balance_goes_below_zero(
    kind: AccountKind, cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    move(company_account(AccountKind.OUTSIDE, "EUR"), account(cast.anna, kind), 999)
    with nothing_changes(), pytest.raises(BalanceTooLow):
        move(account(cast.anna, kind), account(cast.ben), 1_000)
    move(account(cast.anna, kind), account(cast.ben), 999)
    assert balance(cast.anna, kind) == 0


def test_of_many_at_once_only_what_the_balance_covers_is_moved(
    cast: Cast, fill: Callable[[Player, str], None]
) -> None:
    fill(cast.anna, "100.00")
    debit, credit = account(cast.anna), account(cast.ben)
    gate = Gate(16, "wallet_account")
    outcomes = times(16, in_thread(lambda: move(debit, credit, 2_000)), gate)
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 5
    assert outcomes.count("BalanceTooLow") == 11
    assert (balance(cast.anna), balance(cast.ben)) == (0, 10_000)


def test_two_that_pay_each_other_at_once_do_not_block_each_other(
    cast: Cast, fill: Callable[[Player, str], None]
) -> None:
    fill(cast.anna, "100.00")
    fill(cast.ben, "100.00")
    anna, ben = account(cast.anna), account(cast.ben)
    there = in_thread(lambda: move(anna, ben, 100))
    back = in_thread(lambda: move(ben, anna, 100))
    outcomes = at_once([there, back] * 8, Gate(16, "wallet_account"))
    assert all(isinstance(outcome, int) for outcome in outcomes), outcomes
    assert (balance(cast.anna), balance(cast.ben)) == (10_000, 10_000)


def test_a_reference_is_used_once(cast: Cast, fill: Callable[[Player, str], None]) -> None:
    fill(cast.anna, "100.00")
    debit, credit, reference = account(cast.anna), account(cast.ben), unique("reference")
    gate = Gate(6, "wallet_account")
    outcomes = times(6, in_thread(lambda: move(debit, credit, 1_000, reference)), gate)
    assert outcomes.count("IntegrityError") == 5
    assert balance(cast.ben) == 1_000


def test_what_undoes_a_transfer_never_exceeds_it(
    cast: Cast, fill: Callable[[Player, str], None], nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.anna, "100.00")
    fill(cast.ben, "100.00")
    anna, ben = account(cast.anna), account(cast.ben)
    original = move(anna, ben, 3_000)
    move(ben, anna, 1_000, undoes=original)
    with nothing_changes(), pytest.raises(IntegrityError, match="undone by more"):
        move(ben, anna, 2_001, undoes=original)
    move(ben, anna, 2_000, undoes=original)
    assert balance(cast.anna) == 10_000


def test_two_that_undo_the_same_at_once_never_exceed_it_together(
    cast: Cast, fill: Callable[[Player, str], None]
) -> None:
    fill(cast.anna, "100.00")
    fill(cast.ben, "100.00")
    anna, ben = account(cast.anna), account(cast.ben)
    original = move(anna, ben, 3_000)
    gate = Gate(4, "wallet_account")
    outcomes = times(4, in_thread(lambda: move(ben, anna, 2_000, undoes=original)), gate)
    assert outcomes.count("IntegrityError") == 3
    assert balance(cast.anna) == 9_000


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE wallet_account SET balance = balance + 1",
        "INSERT INTO wallet_account (kind, balance) VALUES ('gold', 1)",
        "DELETE FROM wallet_account",
        "TRUNCATE wallet_account CASCADE",
        "INSERT INTO wallet_transfer SELECT * FROM wallet_transfer",
        "ALTER TABLE wallet_transfer DISABLE TRIGGER ALL",
        "DROP TABLE wallet_transfer",
        "CREATE OR REPLACE FUNCTION wallet_open(owner bigint) RETURNS void "
        "LANGUAGE sql AS 'SELECT'",
    ],
)
def test_the_application_cannot_write_the_ledger_past_the_function(
    statement: str, installation: Installation
) -> None:
    with (
        psycopg.connect(installation.postgres.app_url) as application,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        application.execute(statement)


def test_the_applications_role_is_no_superuser_and_owns_nothing(
    installation: Installation,
) -> None:
    with psycopg.connect(installation.postgres.app_url) as application:
        row = application.execute(
            """SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,
                      (SELECT count(*) FROM pg_class WHERE relowner = pg_roles.oid)
               FROM pg_roles WHERE rolname = current_user"""
        ).fetchone()
    assert row == (False, False, False, False, 0)
