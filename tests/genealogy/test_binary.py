"""Placement in a binary company, through the API."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

import httpx
import pytest
from django.db import IntegrityError

from support.cast import Cast, Player, unique
from support.client import data, refused
from support.moves import signup_fields
from upline.base import clock, sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.genealogy import actions
from upline.genealogy.errors import SideTaken
from upline.markets import current as markets
from upline.members.actions import NewMember, join
from upline.members.models import Member


class DatedFacts(NamedTuple):
    """Where a member was placed by whom, and who sponsors them."""

    parent_id: int
    side: int
    since: datetime
    by_kind: str
    by_member_id: int
    sponsor_id: int
    sponsored: datetime


def sign_up(caller: Player, sponsor: Player, product: Any, **where: str) -> httpx.Response:
    """`where` is placement_username and position; what is not named is not sent."""
    fields = signup_fields(sponsor.username, product("starter"))
    del fields["placement_username"], fields["position"]
    return caller.client.post("signup/", **fields | where)


def place_of(answer: httpx.Response, caller: Player) -> tuple[str, str]:
    """Below whom, and on which side, a new member stands."""
    assert answer.status_code == 201, answer.text
    username = data(answer)["username"]
    node = data(caller.client.get("network/tree/", username=username, depth="0"))["nodes"][0]
    (team,) = [data(caller.client.get("network/tree/", depth="20"))["nodes"]]
    (found,) = [each for each in team if each["username"] == username]
    assert node["username"] == username
    return found["parent"], found["position"]


def test_a_member_stands_where_it_was_asked_for(cast: Cast, product: Callable[[str], int]) -> None:
    where = {"placement_username": cast.dan.username, "position": "R"}
    answer = sign_up(cast.anna, cast.ben, product, **where)
    assert place_of(answer, cast.anna) == (cast.dan.username, "R")


@pytest.mark.parametrize("placement", ["cleo", "anna", "erik"])
def test_a_placement_outside_the_sponsors_team_is_refused(
    placement: str, cast: Cast, product: Callable[[str], int], nothing_changes: Callable[[], Any]
) -> None:
    player: Player = getattr(cast, placement)
    with nothing_changes():
        answer = sign_up(
            cast.anna, cast.ben, product, placement_username=player.username, position="R"
        )
    refused(answer, 422, "1009", "placement_username")


@pytest.mark.parametrize("sponsor", ["anna", "cleo", "erik"])
def test_a_sponsor_outside_the_callers_team_is_refused(
    sponsor: str, cast: Cast, product: Callable[[str], int], nothing_changes: Callable[[], Any]
) -> None:
    player: Player = getattr(cast, sponsor)
    with nothing_changes():
        answer = sign_up(
            cast.ben, player, product, placement_username=cast.dan.username, position="R"
        )
    refused(answer, 422, "1007", "sponsor_username")


def test_a_taken_position_is_refused(
    cast: Cast, product: Callable[[str], int], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = sign_up(
            cast.anna, cast.anna, product, placement_username=cast.anna.username, position="L"
        )
    refused(answer, 422, "1008", "position")


def test_only_a_taken_position_is_said_to_be_one(
    cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    """What else a placement breaks is our mistake, and surfaces as what it is."""
    placed = pytest.raises(IntegrityError, match="has its place")
    with nothing_changes(), placed:
        UnitOfWork(Shell()).commit(
            lambda: actions.place(cast.cleo.id, cast.anna.id, cast.dan.id, 1)
        )


def test_a_position_taken_in_the_same_moment_is_refused(
    cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    """Where the look before sees nothing, the constraint decides."""

    with nothing_changes(), pytest.raises(SideTaken):
        take_the_left_of(cast.anna)


def take_the_left_of(player: Player) -> None:
    """Put a new member there although somebody stands there, as if the leg were still empty."""
    born, home = date(1990, 5, 17), markets.home().id
    late = NewMember(unique("late"), "", "late@example.com", "Late", "Example", born, "", "1", home)
    unit = UnitOfWork(Shell())

    def take() -> None:
        sql.run(
            """UPDATE genealogy_chain SET tail_id = %(id)s WHERE id =
                   (SELECT left_chain_id FROM genealogy_position WHERE id = %(id)s)""",
            {"id": player.id},
        )
        actions.place(join(unit, late, None), player.id, player.id, 1)

    unit.commit(take)


def test_without_spill_over_a_placement_must_be_named(
    cast: Cast, product: Callable[[str], int], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = sign_up(cast.anna, cast.anna, product, position="L")
    refused(answer, 422, "1004", "placement_username")


def test_spill_over_goes_to_the_outer_end_of_the_named_leg(
    cast: Cast, product: Callable[[str], int], office_sets: Callable[..., None]
) -> None:
    office_sets(spill_over=True)
    left = sign_up(cast.anna, cast.anna, product, position="L")
    assert place_of(left, cast.anna) == (cast.dan.username, "L")
    right = sign_up(cast.anna, cast.anna, product, position="R")
    assert place_of(right, cast.anna) == (cast.cleo.username, "R")
    # The end of ben's right leg is ben: what hangs below his left leg is not on its outer side.
    inner = sign_up(cast.anna, cast.ben, product, position="R")
    assert place_of(inner, cast.anna) == (cast.ben.username, "R")


@pytest.mark.parametrize(("preferred", "end"), [(1, "dan"), (2, "cleo")])
def test_spill_over_without_a_position_takes_the_sponsors_preferred_leg(
    preferred: int,
    end: str,
    cast: Cast,
    product: Callable[[str], int],
    office_sets: Callable[..., None],
) -> None:
    office_sets(spill_over=True)
    Member.objects.filter(pk=cast.anna.id).update(preferred_side=preferred)
    answer = sign_up(cast.anna, cast.anna, product)
    side = {1: "L", 2: "R"}[preferred]
    assert place_of(answer, cast.anna) == (getattr(cast, end).username, side)


def test_placement_and_sponsor_are_dated(cast: Cast, product: Callable[[str], int]) -> None:
    before = clock.now()
    where = {"placement_username": cast.dan.username, "position": "R"}
    username = data(sign_up(cast.ben, cast.ben, product, **where))["username"]
    facts = sql.one(
        DatedFacts,
        """SELECT placement.parent_id, placement.side, placement.since, placement.by_kind,
                  placement.by_member_id,
                  sponsor.sponsor_id, sponsor.since AS sponsored
           FROM members_user person
           JOIN genealogy_placementfact placement ON placement.member_id = person.id
           JOIN genealogy_sponsorfact sponsor ON sponsor.member_id = person.id
           WHERE person.username = %s""",
        [username],
    )
    assert facts is not None
    assert (facts.parent_id, facts.side) == (cast.dan.id, 2)
    assert facts.sponsor_id == cast.ben.id
    assert (facts.by_kind, facts.by_member_id) == ("member", cast.ben.id)
    assert before <= facts.since <= clock.now()
    assert facts.sponsored == facts.since
