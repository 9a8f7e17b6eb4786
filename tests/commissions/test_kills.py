"""A run that is killed anywhere and started again comes to the same bytes and pays once.

UPLINE_KILLS=50 makes it a longer programme; the seed is printed."""

import json
import os
import random
from collections.abc import Callable

import psycopg
import pytest

from commissions.conftest import Company

KILLS = int(os.environ.get("UPLINE_KILLS", "10"))
SEED = int(os.environ.get("UPLINE_SEED", str(random.randrange(10**6))))
MEMBERS = 60
# dan has a second position, with a leg of its own on each side. The second run takes back what
# refunded orders earned in the first, and some have spent it.
GROWN = f"""
from datetime import timedelta
from commissions.killing import *
use_plan(FOUNDED)
open_position("dan", FOUNDED + timedelta(days=1))
grow(FOUNDED + timedelta(days=2), {MEMBERS})
with noon(FIRST):
    assert opened() == [1]
    paid(1)
send_back(FIRST + timedelta(days=1))
for number in range(0, {MEMBERS}, 2):
    sell(f"mia{{number}}", FIRST, 5_000 + number, 2_000 + number)
assert opened() == [2]
"""


@pytest.fixture
def two(another: Callable[..., Company]) -> tuple[Company, Company]:
    """Two companies that are alike, each with an open run."""
    first = another()
    first.program(GROWN)
    return first, another(first.name)


def test_a_run_killed_while_it_is_computed_comes_to_the_same_bytes(
    two: tuple[Company, Company],
) -> None:
    alone, killed = two
    expected = alone.program("from commissions.killing import *\ncompute(2)\nprint(stored())")
    said = killed.program(
        f"""
from commissions.killing import *
hit = killed_again_and_again(lambda: compute(2), {KILLS}, {SEED}, 0.3)
print(json.dumps([hit, stored()]))
"""
    )
    hit, stored = json.loads(said)
    print(f"seed {SEED}: {hit} of {KILLS} were killed in the midst of it")
    assert stored == expected
    assert hit >= KILLS // 2


APPROVED = "approved(2)\nin_chunks_of(1)\n"


def test_a_run_killed_while_it_is_paid_pays_everybody_once(two: tuple[Company, Company]) -> None:
    alone, killed = two
    start = f"from commissions.killing import *\n{APPROVED}"
    expected = alone.program(f"{start}pay(2)\nprint(seen())")
    assert '"commission_owed"' in expected.replace("\\", "")
    said = killed.program(
        f"""{start}
hit = killed_again_and_again(lambda: pay(2), {KILLS}, {SEED}, 0.1)
print(json.dumps([hit, seen()]))
"""
    )
    hit, seen = json.loads(said)
    print(f"seed {SEED}: {hit} of {KILLS} were killed in the midst of it")
    assert seen == expected
    assert json.loads(seen)[1] == []
    assert hit >= KILLS // 3


def test_two_who_pay_one_run_at_once_pay_everybody_once(two: tuple[Company, Company]) -> None:
    alone, both = two
    start = f"from commissions.killing import *\n{APPROVED}"
    expected = alone.program(f"{start}pay(2)\nprint(seen())")
    said = both.program(f"{start}print(json.dumps([two_at_once(lambda: pay(2)), seen()]))")
    codes, seen = json.loads(said)
    assert codes == [0, 0]
    assert seen == expected


def test_these_tests_notice_a_cursor_that_moves_in_a_transaction_of_its_own(
    two: tuple[Company, Company],
) -> None:
    alone, both = two
    start = f"from commissions.killing import *\n{APPROVED}"
    expected = alone.program(f"{start}pay(2)\nprint(seen())")
    owner = both.installation.postgres.url("upline_owner", both.name)
    with psycopg.connect(owner) as connection:
        connection.execute("ALTER TABLE wallet_transfer DROP CONSTRAINT one_transfer_a_reference")
    said = both.program(f"{start}two_at_once(lambda: pay_carelessly(2))\nprint(seen())")
    assert said != expected
    assert len(json.loads(json.loads(said)[0])[0]) > len(json.loads(json.loads(expected)[0])[0])


def test_where_the_cursor_fails_the_ledger_itself_refuses_to_pay_twice(
    two: tuple[Company, Company],
) -> None:
    alone, both = two
    start = f"from commissions.killing import *\n{APPROVED}"
    expected = alone.program(f"{start}pay(2)\nprint(money())")
    said = both.program(
        f"""{start}
two_at_once(lambda: pay_carelessly(2))
pay(2)
print(money())
"""
    )
    assert said == expected


def test_of_two_who_compute_one_run_at_once_the_second_leaves(planned: Company) -> None:
    said = planned.program(
        """
import threading
from django.db import connection, transaction
from upline.base import sql
from upline.commissions import statements
from upline.flows import commission_run as flow
(run,) = opened()
held, done = threading.Event(), threading.Event()
def hold():
    with transaction.atomic():
        sql.value(statements.TRY_RUN, [run])
        held.set()
        done.wait(30)
    connection.close()
other = threading.Thread(target=hold)
other.start()
held.wait(30)
tried = refused(lambda: flow.compute(acting("olga"), run, silent))
done.set()
other.join()
print(tried)
"""
    )
    assert said == "Someone else is working on this run."
    assert planned.value("SELECT status FROM commissions_run") == "open"
