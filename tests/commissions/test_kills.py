"""A run that is killed anywhere and started again comes to the same bytes and pays once.

UPLINE_KILLS=50 makes it a longer programme; the seed is printed."""

import json
import os
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from commissions.abroad import emigrate, market, rate
from commissions.conftest import Company
from commissions.founding import FIRST, FOUNDED
from commissions.killing import (
    compute,
    in_chunks_of,
    killed_again_and_again,
    meeting,
    open_position,
    pay,
    pay_carelessly,
    seen,
    send_back,
    stored,
    two_at_once,
)
from commissions.world import (
    acting,
    approved,
    grow,
    money,
    noon,
    opened,
    paid,
    refused,
    sell,
    silent,
    use_plan,
)
from support.overlapping import first
from upline.base import sql
from upline.commissions import statements
from upline.flows import commission_run as flow

KILLS = int(os.environ.get("UPLINE_KILLS", "10"))
SEED = int(os.environ.get("UPLINE_SEED", str(random.randrange(10**6))))
MEMBERS = 60


def grow_up() -> None:
    """dan has a second position, with a leg of its own on each side. The second run takes back
    what refunded orders earned in the first, and some have spent it; dan and others live in
    Switzerland by then."""
    use_plan(FOUNDED)
    open_position("dan", FOUNDED + timedelta(days=1))
    grow(FOUNDED + timedelta(days=2), MEMBERS)
    with noon(FIRST):
        assert opened() == [1]
        paid(1)
    send_back(FIRST + timedelta(days=1))
    swiss = market("CHF", 2, "SWISS")
    rate(swiss, FIRST, 941_200)
    for name in ("dan", "cleo", "mia0"):
        emigrate(name, swiss)
    for number in range(0, MEMBERS, 2):
        sell(f"mia{number}", FIRST, 5_000 + number, 2_000 + number)
    assert opened() == [2]


def approve_second() -> None:
    """The second run, to be paid one member at a time."""
    approved(2)
    in_chunks_of(1)


def compute_second() -> str:
    compute(2)
    return stored()


def compute_and_be_killed(kills: int, seed: int) -> Any:
    hit = killed_again_and_again(lambda: compute(2), kills, seed, 0.3)
    return [hit, stored()]


def pay_second() -> str:
    approve_second()
    pay(2)
    return seen()


def pay_and_be_killed(kills: int, seed: int) -> Any:
    approve_second()
    hit = killed_again_and_again(lambda: pay(2), kills, seed, 0.1)
    return [hit, seen()]


def pay_twice_at_once() -> Any:
    approve_second()
    return [two_at_once(lambda: pay(2)), seen()]


def pay_twice_carelessly() -> str:
    approve_second()
    pay_both_carelessly()
    return seen()


def pay_both_carelessly() -> None:
    meet = meeting()
    two_at_once(lambda: pay_carelessly(2, meet))


def pay_carelessly_then_once_more() -> str:
    approve_second()
    pay_both_carelessly()
    pay(2)
    return money()


def pay_and_look() -> str:
    approve_second()
    pay(2)
    return money()


@pytest.fixture
def two(another: Callable[..., Company]) -> tuple[Company, Company]:
    """Two companies that are alike, each with an open run."""
    first = another()
    first.does(grow_up)
    return first, another(first.name)


def test_a_run_killed_while_it_is_computed_comes_to_the_same_bytes(
    two: tuple[Company, Company],
) -> None:
    alone, killed = two
    expected = alone.does(compute_second)
    hit, stored_then = killed.does(compute_and_be_killed, KILLS, SEED)
    print(f"seed {SEED}: {hit} of {KILLS} were killed in the midst of it")
    assert stored_then == expected
    assert hit >= KILLS // 2


def test_a_run_killed_while_it_is_paid_pays_everybody_once(two: tuple[Company, Company]) -> None:
    alone, killed = two
    expected = alone.does(pay_second)
    told = expected.replace("\\", "")
    assert '"commission_owed"' in told
    assert '"CHF"' in told
    hit, seen_then = killed.does(pay_and_be_killed, KILLS, SEED)
    print(f"seed {SEED}: {hit} of {KILLS} were killed in the midst of it")
    assert seen_then == expected
    assert json.loads(seen_then)[1] == []
    assert hit >= KILLS // 3


def test_two_who_pay_one_run_at_once_pay_everybody_once(two: tuple[Company, Company]) -> None:
    alone, both = two
    expected = alone.does(pay_second)
    said = both.does(pay_twice_at_once)
    codes, seen_then = said
    assert codes == [0, 0]
    assert seen_then == expected


def test_these_tests_notice_a_cursor_that_moves_in_a_transaction_of_its_own(
    two: tuple[Company, Company],
) -> None:
    alone, both = two
    expected = alone.does(pay_second)
    owner = both.installation.postgres.url("upline_owner", both.name)
    with psycopg.connect(owner) as connection:
        connection.execute("ALTER TABLE wallet_transfer DROP CONSTRAINT one_transfer_a_reference")
    said = both.does(pay_twice_carelessly)
    assert said != expected
    assert len(json.loads(json.loads(said)[0])[0]) > len(json.loads(json.loads(expected)[0])[0])


def test_where_the_cursor_fails_the_ledger_itself_refuses_to_pay_twice(
    two: tuple[Company, Company],
) -> None:
    alone, both = two
    expected = alone.does(pay_and_look)
    said = both.does(pay_carelessly_then_once_more)
    assert said == expected


def compute_second_of_two() -> Any:
    (run,) = opened()
    tried = []

    def hold() -> None:
        sql.value(bool, statements.TRY_RUN, [run])

    first(hold, lambda: tried.append(refused(lambda: flow.compute(acting("olga"), run, silent))))
    return tried[0]


def test_of_two_who_compute_one_run_at_once_the_second_leaves(planned: Company) -> None:
    said = planned.does(compute_second_of_two)
    assert said == "Someone else is working on this run."
    assert planned.value("SELECT status FROM commissions_run") == "open"
