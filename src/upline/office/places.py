"""The block of a person's page that says who sponsors them and where they stand in the trees."""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from upline.genealogy.queries import NamedPosition
from upline.members.models import Member, MemberKind
from upline.office.buttons import FactsBlock
from upline.screens import shown
from upline.screens.trees import FurtherPosition, InTrees, in_trees, sponsor_of


def place_block(member: Member) -> FactsBlock:
    """A member's places; of a customer the sponsor, whose volume their orders are."""
    if member.kind != MemberKind.MEMBER:
        rows = [("Sponsor", _person(sponsor_of(member.pk))), ("Place", "none: a customer")]
        return FactsBlock("Customer of", rows)
    trees = in_trees(member.pk)
    below = format_html_join(", ", "{}", ((_linked(each),) for each in trees.below))
    return FactsBlock(
        "Place in the tree",
        [
            ("Sponsor", _person(trees.sponsor)),
            ("Placed below", _above(trees)),
            ("Side", shown.side(trees.side)),
            ("Depth", trees.depth),
            ("Directly below", below or shown.NOTHING),
            ("Sponsored", trees.sponsored),
            ("Customers", trees.customers),
            *((f"Position {each.position.number}", _further(each)) for each in trees.further),
        ],
    )


def _above(trees: InTrees) -> SafeString | str:
    if trees.place_by:
        return f"waits for a place until {shown.moment(trees.place_by)}"
    return _linked(trees.parent)


def _further(each: FurtherPosition) -> SafeString:
    above, since = _linked(each.parent), shown.moment(each.opened_at)
    return format_html("below {}, {}, since {}", above, shown.side(each.side), since)


def _linked(place: NamedPosition | None) -> SafeString | str:
    return shown.member(place.member_id, place.name) if place else shown.NOTHING


def _person(person: Any | None) -> Any:
    return shown.member(person.id, person.username) if person else shown.NOTHING
