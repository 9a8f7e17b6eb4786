"""The blocks of a person's page that say who sponsors them and where they stand in the trees."""

from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from upline.genealogy.queries import NamedPosition
from upline.language import gettext
from upline.members.models import Member, MemberKind
from upline.office.buttons import FactsBlock, TableBlock
from upline.office.tree import address_of
from upline.orders.models import Order
from upline.screens import shown
from upline.screens.trees import InTrees, in_trees, sponsor_of


def place_block(member: Member) -> FactsBlock:
    """A member's places; of a customer the sponsor, whose volume their orders are."""
    if member.kind != MemberKind.MEMBER:
        rows = [
            (gettext("Sponsor"), _person(sponsor_of(member.pk))),
            (gettext("Place"), gettext("none: a customer")),
        ]
        return FactsBlock(gettext("Customer of"), rows)
    trees = in_trees(member.pk)
    return FactsBlock(
        gettext("Place in the tree"),
        [
            (gettext("Sponsor"), _person(trees.sponsor)),
            (gettext("Placed below"), _above(trees)),
            (gettext("Side"), shown.side(trees.side)),
            (gettext("Depth"), trees.depth),
            (gettext("Status"), trees.status.label),
            (gettext("Directly below"), _all_linked(trees.below)),
            (gettext("Sponsored"), trees.sponsored),
            (gettext("Customers"), trees.customers),
            (gettext("Tree"), shown.anchor(address_of(member.pk), gettext("Show the branch"))),
        ],
    )


def _above(trees: InTrees) -> SafeString | str:
    if trees.place_by:
        return gettext("waits for a place until {moment}", moment=shown.moment(trees.place_by))
    return _linked(trees.parent)


def positions_block(member: Member) -> TableBlock | None:
    """A member's further positions, each with who stands above and below it; None without any."""
    further = in_trees(member.pk).further if member.kind == MemberKind.MEMBER else []
    heads = (
        gettext("Position"),
        gettext("Below"),
        gettext("Side"),
        gettext("Directly below it"),
        gettext("Opened"),
        gettext("Order"),
        gettext("Status"),
    )
    rows = [
        (each.position.name, _linked(each.parent), shown.side(each.side),
         _all_linked(each.below), shown.moment(each.opened_at), _order(each.order),
         each.status.label)
        for each in further
    ]  # fmt: skip
    return TableBlock(gettext("Further positions"), heads, rows) if rows else None


def _order(order: Order | None) -> SafeString | str:
    return (
        shown.link("orders_order", order.pk, order.number) if order else gettext("opened by staff")
    )


def _all_linked(positions: list[NamedPosition]) -> SafeString | str:
    listed = format_html_join(", ", "{}", ((_linked(each),) for each in positions))
    return listed or shown.NOTHING


def _linked(place: NamedPosition | None) -> SafeString | str:
    return shown.member(place.member_id, place.name) if place else shown.NOTHING


def _person(person: Any | None) -> Any:
    return shown.member(person.id, person.username) if person else shown.NOTHING
