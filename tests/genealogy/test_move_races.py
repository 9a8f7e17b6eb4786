"""A move and a signup, or two openings, at the same moment leave trees in which everything agrees,
and no more positions than a member may hold."""

import json
from collections.abc import Iterator

import pytest

from attacks.planted import copy_database
from support.installation import Installation
from support.other_company import run_in

PROGRAM = """
import json, django; django.setup()
from genealogy import racing
{fault}
print(json.dumps(racing.{race}()))
"""


@pytest.fixture(scope="module")
def database(installation: Installation) -> Iterator[str]:
    """A copy, in which a fault may break the trees."""
    name = "races_of_moves"
    copy_database(installation, name)
    yield installation.postgres.url("upline_app", name)
    installation.postgres.drop_database(name)


def ran(database: str, race: str, fault: str = "") -> list[str]:
    planted = f"racing.{fault}()" if fault else ""
    said = run_in({"DATABASE_URL": database}, PROGRAM.format(race=race, fault=planted))
    found: list[str] = json.loads(said)
    return found


def test_a_move_waits_for_a_signup_below(database: str) -> None:
    assert ran(database, "move_during_signup") == []


def test_a_signup_that_waited_for_a_move_looks_at_its_sponsor_again(database: str) -> None:
    assert ran(database, "signup_during_move") == ["1009"]


def test_of_two_openings_beyond_the_limit_one_is_refused(database: str) -> None:
    assert ran(database, "two_openings") == ["2", "PositionsFull"]
    assert ran(database, "two_openings", "without_turns") != ["2", "PositionsFull"]


def test_the_races_notice_what_is_missing(database: str) -> None:
    assert "1009" not in ran(database, "signup_during_move", "without_second_look")
    assert ran(database, "move_during_signup", "without_lock") != []
