"""A move and a signup, two openings, or two payments of one place at the same moment leave trees in
which everything agrees, and no more positions than a member may hold."""

from collections.abc import Callable, Iterator

import pytest

from attacks.planted import copy_database
from genealogy import racing
from support.installation import Installation
from support.other_company import does_in


@pytest.fixture(scope="module")
def database(installation: Installation) -> Iterator[str]:
    """A copy, in which a fault may break the trees."""
    name = "races_of_moves"
    copy_database(installation, name)
    yield installation.postgres.url("upline_app", name)
    installation.postgres.drop_database(name)


def ran(
    database: str, race: Callable[[], list[str]], fault: Callable[[], None] | None = None
) -> list[str]:
    """What a race says in which this fault is planted."""
    name = fault.__name__ if fault else ""
    found: list[str] = does_in({"DATABASE_URL": database}, racing.with_fault, race.__name__, name)
    return found


def test_a_move_waits_for_a_signup_below(database: str) -> None:
    assert ran(database, racing.move_during_signup) == []


def test_a_signup_that_waited_for_a_move_looks_at_its_sponsor_again(database: str) -> None:
    assert ran(database, racing.signup_during_move) == ["1009"]


def test_of_two_openings_beyond_the_limit_one_is_refused(database: str) -> None:
    assert ran(database, racing.two_openings) == ["2", "PositionsFull"]
    assert ran(database, racing.two_openings, racing.without_turns) != ["2", "PositionsFull"]


def test_of_two_orders_of_one_place_the_one_paid_first_gets_it(database: str) -> None:
    """The other position opens at the outer end of that side, which is below the first one."""
    assert ran(database, racing.two_payments) == ["dan", "dan/2"]


def test_the_race_for_a_place_notices_an_end_that_is_not_held(database: str) -> None:
    with pytest.raises(AssertionError, match="SideTaken"):
        ran(database, racing.two_payments, racing.without_held_end)


def test_the_races_notice_what_is_missing(database: str) -> None:
    assert "1009" not in ran(database, racing.signup_during_move, racing.without_second_look)
    assert ran(database, racing.move_during_signup, racing.without_lock) != []
