"""The tree: who stands below a member, as a list that the drawing is made of."""

import re
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from upline.base.errors import NotFound, Refusal
from upline.company import current as company
from upline.company.models import PlanKind
from upline.flows import place_links
from upline.genealogy.errors import PlacementInvalid
from upline.genealogy.queries import NamedPosition
from upline.language import gettext, lazy, ngettext, writing
from upline.portal.tree_nodes import NodeShown, address_of, nodes
from upline.portal.visiting import Visit, in_network
from upline.screens import branch as branches
from upline.screens import own_tree, shown
from upline.screens.branch import TeamBranch
from upline.screens.own_tree import NamedInTeam

_D3 = ("dispatch-3.0.1", "timer-3.0.1", "ease-3.0.1", "color-3.1.0", "interpolate-3.0.1",
       "selection-3.0.0", "transition-3.0.1", "drag-3.0.0", "zoom-3.0.0",
       "hierarchy-3.1.2")  # fmt: skip
"""What the drawing is made with, each after those that it needs."""
SCRIPTS = [f"vendor/d3-{each}/d3-{each.split('-')[0]}.min.js" for each in _D3]
LEVELS = 2
_CRUMBS = 3
WIDE = 25
_LEVELS_MOST = 3
_TEXT_MOST = 100


class TreeAsked(NamedTuple):
    """What of the trees somebody looks at: the branch below a position of their own team."""

    position: NamedPosition
    by_sponsor: bool
    is_me: bool

    def branch(self, levels: int, after: int) -> TeamBranch:
        """So many levels of it; after one of those directly below, where `after` is its key."""
        return branches.branch(
            self.position.id, by_sponsor=self.by_sponsor, levels=levels, wide=WIDE, after=after
        )

    def nodes(self, levels: int, after: int) -> tuple[NodeShown, TeamBranch]:
        """The same as it is shown. Free places are shown on the first page, where the company takes
        new members."""
        found = self.branch(levels, after)
        with_places = company.office().registration_open and not after
        top = nodes(
            found, by_sponsor=self.by_sponsor, levels=levels, wide=WIDE, with_places=with_places
        )
        return top, found


class TreeLink(NamedTuple):
    """A link to another part of the trees."""

    said: str
    address: str
    is_here: bool = False


@in_network
def show(visit: Visit, by_sponsor: bool = False) -> HttpResponse:
    """`/tree/`, by placement, and `/tree/sponsored/`. `?at=` is whose branch, `?after=` a page of
    those directly below, `?q=` who is looked for."""
    said, found = _search(visit)
    if len(found) == 1:
        return redirect(address_of(found[0].username or "", by_sponsor=by_sponsor))
    asked = _asked(visit, by_sponsor)
    top, branch = asked.nodes(LEVELS, _number(visit, "after"))
    tree = "sponsored" if by_sponsor else "placed"
    return visit.page(
        "portal/tree.html",
        title=gettext("Tree"),
        headline=_headline(asked, top),
        said=said,
        found=[
            TreeLink(each.person, address_of(each.username or "", by_sponsor=by_sponsor))
            for each in found
        ],
        top=top,
        more=address_of(top.name, by_sponsor=by_sponsor, after=str(top.after)) if top.after else "",
        trees=_trees(asked),
        crumbs=_crumbs(visit, asked),
        positions=_positions(visit, asked),
        sponsor=_sponsor(visit) if asked.is_me else "",
        notes=_notes(branch, with_legs=top.legs is not None),
        branch_address=reverse("tree-branch", args=[tree]),
        way_address=reverse("tree-way", args=[tree]),
        scripts=SCRIPTS,
        is_sided=company.current().plan_kind == PlanKind.BINARY and not by_sponsor,
    )


@in_network
def branch(visit: Visit, tree: str) -> HttpResponse:
    """`/tree/branch/<tree>/`: the same branch, for the drawing. `?levels=` of it, at most 3."""
    asked = _asked(visit, tree == "sponsored")
    levels = min(max(_number(visit, "levels"), 1), _LEVELS_MOST)
    top, _ = asked.nodes(levels, _number(visit, "after"))
    return _data({"nodes": top.fields()})


@in_network
def way(visit: Visit, tree: str) -> HttpResponse:
    """`/tree/way/<tree>/?at=`: the way down to a position, as the numbers of those on it."""
    asked = _asked(visit, tree == "sponsored")
    found = own_tree.way_to(visit.caller, asked.position.id, by_sponsor=asked.by_sponsor)
    return _data({"way": [each.id for each in found]})


@in_network
def find(visit: Visit) -> HttpResponse:
    """`/tree/find/?q=`: the people of the team whose name begins so."""
    _, found = _search(visit)
    return _data({"found": [{"at": each.username, "name": each.person} for each in found]})


@in_network
def place(visit: Visit) -> HttpResponse:
    """`/tree/place/?below=&side=`: a free place, with the link by which somebody joins into it."""
    above, side = (_text(visit, name) for name in ("below", "side"))
    link, problem = None, ""
    try:
        own_tree.find(visit.caller, above)
        link = place_links.seal(visit.caller, above, side)
    except (NotFound, PlacementInvalid) as error:
        raise Http404 from error
    except Refusal as refusal:
        problem = str(refusal.sentence)
    address = f"{reverse('join', args=[visit.caller.username])}?place={link.sealed}" if link else ""
    return visit.page(
        "portal/tree_place.html",
        title=gettext("Free place"),
        headline=_place_said(above, side, is_free=not problem),
        problem=problem,
        address=address,
        shared=f"{settings.BASE_URL}{address}",
        ends=shown.moment(link.ends) if link else "",
        back=address_of(above, by_sponsor=False),
    )


def _text(visit: Visit, name: str) -> str:
    """What the address says of this name, with a mark in place of what no text can have."""
    return visit.request.GET.get(name, "").replace("\0", "\ufffd").strip()[:_TEXT_MOST]


def _search(visit: Visit) -> tuple[str, list[NamedInTeam]]:
    said = _text(visit, "q")
    return said, own_tree.search(visit.caller, said) if said else []


def _asked(visit: Visit, by_sponsor: bool) -> TreeAsked:
    try:
        position = own_tree.find(visit.caller, _text(visit, "at"))
    except NotFound as error:
        raise Http404 from error
    if by_sponsor and position.number > 1:
        raise Http404
    return TreeAsked(position, by_sponsor, position.id == visit.caller.member_id)


def _number(visit: Visit, name: str) -> int:
    """A number in the address; 0 where it is missing, or is none that we gave."""
    found = re.fullmatch(r"[0-9]{1,18}", visit.request.GET.get(name, ""))
    return int(found[0]) if found else 0


def _data(data: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(data)
    response["Cache-Control"] = "no-store"
    return response


def _headline(asked: TreeAsked, top: NodeShown) -> str:
    if not top.below and not top.hidden:
        return _empty(asked, top)
    if top.legs is not None:
        left, right = top.legs
        if asked.is_me:
            return gettext(
                "You have {left} points on the left and {right} on the right.",
                left=left, right=right,
            )  # fmt: skip
        return gettext(
            "{name} has {left} points on the left and {right} on the right.",
            name=top.face.name, left=left, right=right,
        )  # fmt: skip
    return _counted(asked, top)


def _empty(asked: TreeAsked, top: NodeShown) -> str:
    if not asked.is_me:
        return gettext("Nobody is below {name} yet.", name=top.face.name)
    if top.statuses:
        return gettext("Your place in the tree has not been chosen yet.")
    return gettext("Nobody is below you yet. Your first member will appear here.")


def _counted(asked: TreeAsked, top: NodeShown) -> str:
    count = len(top.below)
    if top.hidden:
        return (
            gettext("Your team is too wide for one page. Search leads to anybody in it.")
            if asked.is_me
            else gettext("The team of {name} is too wide for one page.", name=top.face.name)
        )
    if asked.is_me and asked.by_sponsor:
        return ngettext(
            "You brought {count} member into the company.",
            "You brought {count} members into the company.",
            count, count=writing.whole(count),
        )  # fmt: skip
    if asked.by_sponsor:
        return ngettext(
            "{name} brought {count} member into the company.",
            "{name} brought {count} members into the company.",
            count, name=top.face.name, count=writing.whole(count),
        )  # fmt: skip
    if asked.is_me:
        return ngettext(
            "{count} member is directly below you.",
            "{count} members are directly below you.",
            count, count=writing.whole(count),
        )  # fmt: skip
    return ngettext(
        "{count} member is directly below {name}.",
        "{count} members are directly below {name}.",
        count, name=top.face.name, count=writing.whole(count),
    )  # fmt: skip


def _sponsor(visit: Visit) -> str:
    name = own_tree.sponsor_name(visit.caller)
    return gettext("Your sponsor is {name}.", name=name) if name else ""


def _notes(found: TeamBranch, *, with_legs: bool) -> list[str]:
    notes = [gettext("Own points: of orders from {day}.", day=shown.day(found.since))]
    if with_legs:
        at = shown.moment(found.legs_at)
        notes.append(
            gettext("Points in legs: as of {moment}, brought over and entered.", moment=at)
        )
    return notes


def _trees(asked: TreeAsked) -> list[TreeLink]:
    """Both trees, at the same person. In a unilevel company they are one."""
    if company.current().plan_kind == PlanKind.UNILEVEL:
        return []
    names = ((False, lazy("By placement")), (True, lazy("By sponsor")))
    return [
        TreeLink(str(said), address_of(asked.position.username, by_sponsor=by_sponsor),
            asked.by_sponsor == by_sponsor)
        for by_sponsor, said in names
    ]  # fmt: skip


def _crumbs(visit: Visit, asked: TreeAsked) -> list[TreeLink]:
    """From the member who looks down to whose branch this is; '…' stands for those left out."""
    if asked.is_me:
        return []
    found = own_tree.way_to(visit.caller, asked.position.id, by_sponsor=asked.by_sponsor)
    me = TreeLink(gettext("You"), reverse("tree-sponsored" if asked.by_sponsor else "tree"))
    starts_at_me = found[0].id == visit.caller.member_id
    between = found[1:] if starts_at_me else found
    shortened = between[-_CRUMBS:]
    gap = [TreeLink("…", "")] if not starts_at_me or len(between) > _CRUMBS else []
    links = [TreeLink(each.name, address_of(each.name, by_sponsor=asked.by_sponsor),
                 each.id == asked.position.id) for each in shortened]  # fmt: skip
    return [me, *gap, *links]


def _positions(visit: Visit, asked: TreeAsked) -> list[TreeLink]:
    """All positions of this person in the team, where there are several."""
    if asked.by_sponsor:
        return []
    held = own_tree.positions_in_team(visit.caller, asked.position.member_id)
    if len(held) < 2:
        return []
    return [_position(each, is_here=each.id == asked.position.id) for each in held]


def _position(of: NamedPosition, *, is_here: bool) -> TreeLink:
    said = gettext("Position {number}", number=of.number) if is_here else str(of.number)
    return TreeLink(said, address_of(of.name, by_sponsor=False), is_here)


def _place_said(above: str, side: str, *, is_free: bool) -> str:
    if not is_free:
        return gettext("Nobody can be enrolled below {name} at this place.", name=above)
    if side == "L":
        return gettext("The place on the left below {name} is free.", name=above)
    if side == "R":
        return gettext("The place on the right below {name} is free.", name=above)
    return gettext("The first free place below {name} is yours to fill.", name=above)
