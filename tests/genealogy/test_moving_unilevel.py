"""In a unilevel company a member stands below the sponsor: a new sponsor is the new place."""

from typing import Any

import pytest

from genealogy.test_unilevel_and_matrix import tree_of, verify
from support.client import data
from support.installation import ROOT_MEMBER
from support.other_company import OtherCompany
from upline.base.actors import Shell
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.flows import moving
from upline.genealogy.models import PlacementFact, SponsorFact
from upline.genealogy.moving import MoveRequest
from upline.members.queries import find_member


def one(name: str) -> int | None:
    person = find_member(name, "username") if name else None
    return person.id if person else None


def move_one(who: str, sponsor: str, under: str, side: int | None) -> Any:
    """How many members moved, and whether both facts were dated; or why it was refused."""
    member, above = one(who), one(sponsor)
    assert member is not None
    try:
        wish = MoveRequest(member, above, one(under), side)
        made = moving.move(UnitOfWork(Shell()), wish, "a test")
    except Refusal as refusal:
        return refusal.sentence
    facts = [
        SponsorFact.objects.filter(member_id=member).latest("pk").sponsor_id == above,
        PlacementFact.objects.filter(member_id=member).latest("pk").parent_id == above,
    ]
    return [made.members, facts]


def move(
    company: OtherCompany, who: str, sponsor: str, under: str = "", position: int | None = None
) -> Any:
    return company.does(move_one, who, sponsor, under, position)


@pytest.fixture
def grown(unilevel: OtherCompany) -> OtherCompany:
    """Below the root yara and zoe; below yara yves, and below him yumi."""
    if "yara" not in tree_of(unilevel.root):
        for name, sponsor in (
            ("yara", ROOT_MEMBER), ("zoe", ROOT_MEMBER), ("yves", "yara"), ("yumi", "yves"),
        ):  # fmt: skip
            assert unilevel.sign_up(unilevel.root, name, sponsor).status_code == 201
    return unilevel


def test_a_member_moves_to_another_sponsor_with_the_whole_team(grown: OtherCompany) -> None:
    try:
        assert move(grown, "yves", "zoe") == [2, [True, True]]
        assert tree_of(grown.root)["yves"] == ("zoe", "")
        assert tree_of(grown.root)["yumi"] == ("yves", "")
        shown = data(grown.member("yves").get("profile/"))
        assert (shown["placement_user"], shown["sponsor_user"]) == ("zoe", "zoe")
        verify(grown)
    finally:
        move(grown, "yves", "yara")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (("yves", "", "zoe"), "Enter the sponsor"),
        (("yves", "zoe", "", 1), "Enter the sponsor"),
        (("yves", "yumi"), "in the member's own team"),
        (("yves", "yves"), "in the member's own team"),
        (("yves", "yara"), "is already there"),
        ((ROOT_MEMBER, "yara"), "first member of the company"),
    ],
)
def test_what_a_unilevel_tree_cannot_hold_is_refused_and_changes_nothing(
    grown: OtherCompany, asked: tuple[Any, ...], sentence: str
) -> None:
    before = tree_of(grown.root)
    assert sentence in move(grown, *asked)
    assert tree_of(grown.root) == before
    verify(grown)
