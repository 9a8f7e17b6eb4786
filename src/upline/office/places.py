"""The block of a person's page that says who sponsors them and where they stand in the trees."""

from typing import Any

from django.utils.html import format_html_join

from upline.members.models import Member, MemberKind
from upline.office.buttons import FactsBlock
from upline.screens import shown
from upline.screens.trees import in_trees, sponsor_of


def place_block(member: Member) -> FactsBlock:
    """A member's place; of a customer the sponsor, whose volume their orders are."""
    if member.kind != MemberKind.MEMBER:
        rows = [("Sponsor", _linked(sponsor_of(member.pk))), ("Place", "none: a customer")]
        return FactsBlock("Customer of", rows)
    trees = in_trees(member.pk)
    below = format_html_join(
        ", ", "{}", ((shown.member(each.id, each.username),) for each in trees.below)
    )
    return FactsBlock(
        "Place in the tree",
        [
            ("Sponsor", _linked(trees.sponsor)),
            ("Placed below", _linked(trees.parent)),
            ("Side", shown.side(trees.side)),
            ("Depth", trees.depth),
            ("Directly below", below or shown.NOTHING),
            ("Sponsored", trees.sponsored),
            ("Customers", trees.customers),
        ],
    )


def _linked(person: Any | None) -> Any:
    return shown.member(person.id, person.username) if person else shown.NOTHING
