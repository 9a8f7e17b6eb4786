"""Two people of the office do the same, or the opposite, at the same moment: one of them does it.
Each race is run a second time with a planted fault, and must then notice it."""

from collections.abc import Iterator

import pytest

from attacks import races_of_staff
from attacks.planted import copy_database
from support.installation import Installation
from support.other_company import does_in

RACES = {
    "import_twice": (["0", "1", "1"], "without_one_event_per_id"),
    "apply_twice": (["done", "1", "applied"], "without_held_event"),
    "order_during_move": (["True", "0", "1"], "without_held_market"),
    "place_twice": (["Conflict", "1"], "without_held_waiting"),
    "confirm_and_withdraw": (["StepClosed", "agreed", "10001"], "without_held_step"),
    "credit_twice": (["NeedsSecond", "6000"], "without_turns"),
}


@pytest.fixture
def environment(installation: Installation) -> Iterator[dict[str, str]]:
    """A copy of the company, in which a fault may break what it likes."""
    name = "races_of_staff"
    copy_database(installation, name)
    yield {
        "DATABASE_URL": installation.postgres.url("upline_app", name),
        "DATABASE_OWNER_URL": installation.postgres.url("upline_owner", name),
    }
    installation.postgres.drop_database(name)


def ran(environment: dict[str, str], race: str, fault: str = "") -> list[str]:
    """What a race says in which this fault is planted."""
    found: list[str] = does_in(environment, races_of_staff.with_fault, race, fault)
    return found


@pytest.mark.parametrize("race", RACES)
def test_of_two_at_the_same_moment_one_decides(environment: dict[str, str], race: str) -> None:
    assert ran(environment, race) == RACES[race][0]


@pytest.mark.parametrize("race", RACES)
def test_the_race_notices_what_is_missing(environment: dict[str, str], race: str) -> None:
    expected, fault = RACES[race]
    assert ran(environment, race, fault) != expected
