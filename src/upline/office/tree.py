"""The page that shows a member's branch of the placement tree, or of sponsors."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from upline.company import current as company
from upline.company.models import PlanKind
from upline.flows.permissions import Right
from upline.genealogy.models import Position, PositionStatus
from upline.genealogy.queries import SIDE_LETTERS, positions_named
from upline.language import gettext
from upline.members.models import Member, MemberKind, Standing
from upline.office.desk import Desk
from upline.screens import shown
from upline.screens.branch import Twig, branch

_NAME = "admin:members_member_tree"


@dataclass(frozen=True)
class Line:
    """A position as the page shows it: `position` is its name, linked in `member`, whose name is
    `person`. `facts` beside it; `more` is where its own branch is, '' unless others stand below
    that are not shown here."""

    position: str
    member: SafeString | str
    person: str
    facts: list[str]
    statuses: list[SafeString]
    below: list["Line"]
    more: str


def address_of(member_id: int, position_id: int | None = None, *, by_sponsor: bool = False) -> str:
    """Where the branch below a member's position is shown, the first one by default."""
    asked = {"position": str(position_id)} if position_id not in (None, member_id) else {}
    asked |= {"by": "sponsor"} if by_sponsor else {}
    address = reverse(_NAME, args=[member_id])
    return f"{address}?{urlencode(asked)}" if asked else address


class TreeDesk(Desk):
    """A desk of members with the page of their branch."""

    def get_urls(self) -> list[URLPattern]:
        view = self._guarded(require_safe(self.tree_view))
        return [*super().get_urls(), path("<int:pk>/tree/", view, name=self._name("tree"))]

    def tree_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """`?position=` is one of the member's further positions; `?by=sponsor` the sponsor tree."""
        member = self._find(request, pk)
        by_sponsor = request.GET.get("by") == "sponsor"
        held = list(Position.objects.filter(member_id=pk).order_by("number"))
        wanted = request.GET.get("position") or str(pk)
        position = next((each for each in held if str(each.pk) == wanted), None)
        if member.kind != MemberKind.MEMBER or position is None:
            raise Http404
        if by_sponsor and position.number > 1:
            raise Http404
        found = branch(position.pk, by_sponsor=by_sponsor)
        with_points = request.user.has_perm(Right.VIEW_RUNS)
        legs = with_points and not by_sponsor and found.legs_at is not None
        return self.page(
            request,
            "office/tree.html",
            title=_title(found.top, by_sponsor=by_sponsor),
            thing_title=self.heading(member),
            thing_address=self.address("change", pk),
            line=_line(found.top, by_sponsor=by_sponsor, points=with_points, legs=legs),
            notes=_notes(found.since, found.legs_at if legs else None, points=with_points),
            is_whole=found.is_whole,
            ways=_ways(member, position, held, by_sponsor=by_sponsor),
        )


def _title(top: Twig, *, by_sponsor: bool) -> str:
    if by_sponsor:
        return gettext("Sponsored by {name}", name=top.node.name)
    return gettext("Placed below {name}", name=top.node.name)


def _notes(since: Any, legs_at: Any, *, points: bool) -> list[str]:
    notes = []
    if points:
        notes.append(gettext("Own points: of orders from {day}.", day=shown.day(since)))
    if legs_at is not None:
        notes.append(
            gettext("Points in legs: as of {moment}, brought over and entered.",
                    moment=shown.moment(legs_at))
        )  # fmt: skip
    return notes


def _ways(
    member: Member, position: Position, held: list[Position], *, by_sponsor: bool
) -> list[tuple[str, str]]:
    """Where to go from here: up, the other tree, the member's other positions."""
    ways = []
    up = position.sponsor_id if by_sponsor else position.parent_id
    if up is not None:
        above = positions_named([up])[up]
        label = gettext("Up to {name}", name=above.name)
        ways.append((label, address_of(above.member_id, above.id, by_sponsor=by_sponsor)))
    if by_sponsor:
        ways.append((gettext("By placement"), address_of(member.pk)))
    else:
        ways.append((gettext("By sponsor"), address_of(member.pk, by_sponsor=True)))
    if not by_sponsor:
        names = ((each, f"{member.user}/{each.number}") for each in held if each != position)
        ways += [(gettext("Position {name}", name=name), address_of(member.pk, each.pk))
                 for each, name in names]  # fmt: skip
    return ways


def _line(twig: Twig, *, by_sponsor: bool, points: bool, legs: bool) -> Line:
    node = twig.node
    facts = [_side(node.side)] if node.side and not by_sponsor else []
    if points:
        facts.append(gettext("own {points}", points=shown.points(node.own_points)))
    if legs:
        left, right = shown.points(twig.left), shown.points(twig.right)
        facts.append(gettext("left leg {left}, right leg {right}", left=left, right=right))
    statuses = []
    if node.standing != Standing.ACTIVE:
        statuses.append(shown.status(node.standing))
    if node.status == PositionStatus.CLOSED:
        statuses.append(shown.status(node.status))
    goes_on = node.below and not twig.below
    return Line(
        node.name,
        shown.member(node.member_id, node.name),
        f"{node.firstname} {node.lastname}".strip(),
        facts,
        statuses,
        [_line(each, by_sponsor=by_sponsor, points=points, legs=legs) for each in twig.below],
        address_of(node.member_id, node.position_id, by_sponsor=by_sponsor) if goes_on else "",
    )


def _side(side: int) -> str:
    is_binary = company.current().plan_kind == PlanKind.BINARY
    return str(shown.side(SIDE_LETTERS[side] if is_binary else str(side)))
