"""`./upline member move`: seen first, then done; refused where it would break the trees."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError

from genealogy.racing import broken
from support.cast import Cast, Player, enrol, unique
from support.client import data
from upline.base.errors import FieldsWrong
from upline.base.models import AuditEntry
from upline.company import current as company
from upline.genealogy import moving
from upline.genealogy.models import PlacementFact, SponsorFact

Run = Callable[..., str]


def stands(member: Player) -> tuple[str, str, str]:
    """Sponsor, placement and position, as the member sees them."""

    shown = data(member.client.get("profile/"))
    return shown["sponsor_user"], shown["placement_user"], shown["position"]


def test_a_move_is_shown_first_and_changes_nothing_until_it_is_confirmed(
    run_member: Run, cast: Cast, nothing_changes: Any
) -> None:
    ben, cleo, dan = cast.ben, cast.cleo, cast.dan
    asked = ("move", ben.username, "--under", cleo.username, "--side", "R")
    with nothing_changes():
        said = run_member(*asked)
    assert "2 members move" in said
    assert f"below {cleo.username}, R" in said
    assert "Nothing was changed" in said
    assert "Moved." in run_member(*asked, "--yes")
    assert stands(ben) == (cast.anna.username, cleo.username, "R")
    assert stands(dan) == (ben.username, ben.username, "L")
    assert broken() == []


def test_a_sponsor_is_changed_with_the_place_and_both_are_dated(
    run_member: Run, cast: Cast
) -> None:
    ben, erik = cast.ben, cast.erik
    where = ("--sponsor", erik.username, "--under", erik.username, "--side", "L")
    run_member("move", ben.username, *where, "--yes")
    assert stands(ben) == (erik.username, erik.username, "L")
    assert SponsorFact.objects.filter(member_id=ben.id).latest("pk").sponsor_id == erik.id
    assert PlacementFact.objects.filter(member_id=ben.id).latest("pk").parent_id == erik.id
    entry = AuditEntry.objects.get(event="member.moved", member_id=ben.id)
    assert entry.facts["members"] == 2
    assert entry.facts["changes"]["sponsor"] == {
        "before": cast.anna.username,
        "after": erik.username,
    }
    assert broken() == []


@pytest.mark.parametrize(
    ("who", "where", "sentence"),
    [
        ("anna", ("--sponsor", "dan"), "sponsor is in the member's own team"),
        ("anna", ("--under", "dan", "--side", "L"), "place is in the member's own team"),
        ("cleo", ("--under", "anna", "--side", "L"), "position is taken"),
        ("dan", ("--under", "erik", "--side", "L"), "sponsor must be above"),
        ("dan", ("--sponsor", "cleo"), "sponsor must be above"),
        ("dan", ("--under", "ben"), "Enter a position"),
        ("dan", ("--under", "ben", "--side", "L"), "is already there"),
        ("dan", ("--side", "L"), "Also enter the member"),
        ("dan", ("--under", "ben", "--side", "R", "--from", "2001-01-01"), "joined"),
        ("dan", ("--under", "ben", "--side", "R", "--from", "2999-01-01"), "later than today"),
    ],
)
def test_what_would_break_a_tree_is_refused_and_changes_nothing(
    who: str, where: tuple[str, ...], sentence: str,
    run_member: Run, cast: Cast, nothing_changes: Any,
) -> None:  # fmt: skip
    named = [getattr(cast, word).username if hasattr(cast, word) else word for word in where]
    with nothing_changes(), pytest.raises(CommandError, match=sentence):
        run_member("move", getattr(cast, who).username, *named, "--yes")


def test_nobody_below_is_left_outside_the_team_of_their_sponsor(
    run_member: Run, cast: Cast, nothing_changes: Any
) -> None:
    """fay stands below ben, and anna sponsored her: ben cannot go to erik without her."""
    fay, erik = unique("fay"), cast.erik.username
    enrol(cast.anna.username, fay, cast.ben.username, "R")
    where = ("--sponsor", erik, "--under", erik, "--side", "L", "--yes")
    with nothing_changes(), pytest.raises(CommandError, match=f"{fay} would stand outside"):
        run_member("move", cast.ben.username, *where)


def test_days_that_belong_to_a_run_are_refused(cast: Cast) -> None:
    wish = moving.MoveRequest(cast.dan.id, parent_id=cast.ben.id, side=2)
    with pytest.raises(FieldsWrong, match="belong to commission runs"):
        moving.prepare(wish, frozen=company.today())
    assert moving.prepare(wish, frozen=company.today() - timedelta(days=1)).members == 1
