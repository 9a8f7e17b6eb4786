"""Further positions: opened in the shell and in the office, refused where they would break a tree,
and shown wherever placement is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError

from genealogy.racing import broken
from support.cast import Cast, Player, enrol, unique
from support.client import data, refused
from support.moves import sign_up, signup_fields
from support.office import Visitor
from upline.base.models import AuditEntry
from upline.genealogy.models import PlacementFact, Position
from upline.genealogy.queries import find_position

Run = Callable[..., str]


@pytest.fixture(autouse=True)
def three_positions(office_sets: Any) -> None:
    office_sets(positions_max=3)


def opened(run_member: Run, member: Player, under: str, side: str) -> int:
    run_member("position", member.username, "--under", under, "--side", side)
    place = Position.objects.filter(member_id=member.id).latest("number")
    return place.pk


def test_a_position_is_opened_below_the_first_one_and_dated(run_member: Run, cast: Cast) -> None:
    dan = cast.dan
    said = run_member("position", dan.username, "--under", dan.username, "--side", "R")
    assert f"{dan.username}/2" in said
    second = find_position(f"{dan.username}/2")
    assert second is not None
    place = Position.objects.get(pk=second.id)
    assert (place.parent_id, place.side, place.sponsor_id) == (dan.id, 2, None)
    assert PlacementFact.objects.get(position_id=second.id).member_id == dan.id
    entry = AuditEntry.objects.get(event="position.opened", member_id=dan.id)
    assert entry.facts["position"] == f"{dan.username}/2"
    assert broken() == []


def test_the_tree_shows_both_positions_and_whose_they_are(run_member: Run, cast: Cast) -> None:
    dan = cast.dan
    second = opened(run_member, dan, dan.username, "L")
    name = unique("gina")
    enrol(dan.username, name, dan.username, "R", second)
    nodes = data(dan.client.get("network/tree/", username=dan.username))["nodes"]
    shown = [(node["username"], node["parent"], node["position"], node["position_id"],
              node["parent_position_id"]) for node in nodes]  # fmt: skip
    gina = Position.objects.get(member__user__username=name).pk
    assert shown == [
        (dan.username, None, "L", dan.id, None),
        (dan.username, dan.username, "L", second, dan.id),
        (name, dan.username, "R", gina, second),
    ]
    profile = data(dan.client.get("profile/"))
    assert list(profile)[-2:] == ["position_id", "position_status"]
    assert profile["position_id"] == dan.id
    assert broken() == []


def test_a_newcomer_is_placed_below_the_position_that_is_named(
    run_member: Run, cast: Cast, product: Any, nothing_changes: Any
) -> None:
    dan = cast.dan
    second = opened(run_member, dan, dan.username, "L")
    where = {"placement_username": dan.username, "position": "L"}
    body = signup_fields(dan.username, product("starter")) | where
    with nothing_changes():
        refused(sign_up(dan, body), 422, "1008", "position")
        foreign = sign_up(dan, body, placement_position_id=str(cast.cleo.id))
        refused(foreign, 422, "1009", "placement_username")
    made = data(sign_up(dan, body, placement_position_id=str(second)))["username"]
    assert Position.objects.get(member__user__username=made).parent_id == second


@pytest.mark.parametrize(
    ("who", "under", "side", "sentence"),
    [
        ("ben", "ben", "L", "position is taken"),
        ("ben", "cleo", "L", "not in the sponsor's team"),
        ("dan", "ben", "R", "not in the sponsor's team"),
        ("dan", "nobody", "L", "placement is unknown"),
        ("dan", "dan/7", "L", "placement is unknown"),
    ],
)
def test_a_position_elsewhere_is_refused_and_changes_nothing(
    who: str, under: str, side: str, sentence: str,
    run_member: Run, cast: Cast, nothing_changes: Any,
) -> None:  # fmt: skip
    name, _, number = under.partition("/")
    under = f"{getattr(cast, name).username if hasattr(cast, name) else name}"
    under = f"{under}/{number}" if number else under
    with nothing_changes(), pytest.raises(CommandError, match=sentence):
        run_member("position", getattr(cast, who).username, "--under", under, "--side", side)


def test_no_more_positions_than_the_settings_allow(
    run_member: Run, cast: Cast, nothing_changes: Any
) -> None:
    dan = cast.dan
    for side in ("L", "R"):
        opened(run_member, dan, dan.username, side)
    where = ("--under", f"{dan.username}/2", "--side", "L")
    with nothing_changes(), pytest.raises(CommandError, match="holds 3 positions"):
        run_member("position", dan.username, *where)


def test_a_further_position_moves_within_its_members_team_only(
    run_member: Run, cast: Cast, nothing_changes: Any
) -> None:
    ben, dan = cast.ben, cast.dan
    second = opened(run_member, ben, ben.username, "R")
    move = ("move", ben.username, "--position", "2", "--yes", "--side", "L", "--under")
    with nothing_changes():
        with pytest.raises(CommandError, match="must stand below the member's first one"):
            run_member(*move, cast.cleo.username)
        with pytest.raises(CommandError, match="has a sponsor"):
            run_member(*move, dan.username, "--sponsor", cast.anna.username)
    assert "Moved." in run_member(*move, dan.username)
    assert Position.objects.get(pk=second).parent_id == dan.id
    assert PlacementFact.objects.filter(position_id=second).latest("pk").parent_id == dan.id
    assert broken() == []


def test_nobody_moves_away_with_somebody_elses_further_position(
    run_member: Run, cast: Cast, nothing_changes: Any
) -> None:
    """anna's second position stands below ben: ben cannot go to erik with it."""
    anna, ben, erik = cast.anna, cast.ben, cast.erik
    opened(run_member, anna, ben.username, "R")
    where = ("--sponsor", erik.username, "--under", erik.username, "--side", "L", "--yes")
    with nothing_changes(), pytest.raises(CommandError, match=f"{anna.username}/2 would stand"):
        run_member("move", ben.username, *where)


def test_the_office_opens_a_position_and_shows_it(
    cast: Cast, staff: Callable[..., Visitor], olga: Visitor
) -> None:
    dan = cast.dan
    page = f"/members/member/{dan.id}/"
    said = olga.press(
        f"{page}position/", placement_username=dan.username, position="2", reason="a second centre"
    )
    assert said == f"Position {dan.username}/2 is open."
    assert Position.objects.filter(member_id=dan.id, number=2, parent_id=dan.id, side=2).exists()
    shown = olga.get(page).text
    assert "Further positions" in shown
    assert f"{dan.username}/2" in shown
    assert "opened by staff" in shown
    assert "Further positions" not in olga.get(f"/members/member/{cast.ben.id}/").text
    assert "Open position" not in staff("members.view_member").get(page).text
