"""A member's team as a list: who is below them, and what of it they may see.

A sponsor sees name, picture, rank, points, the day of joining and of the last order; e-mail address
and phone where the member allows it; never earnings, bank data or the postal address."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from upline.base import clock, sql
from upline.base.errors import NotFound
from upline.commissions.models import Interim
from upline.company import current as company
from upline.company.models import PlanKind
from upline.genealogy import queries as tree
from upline.genealogy.queries import SIDES
from upline.language import gettext
from upline.members.models import MemberKind, Standing
from upline.members.queries import find_person
from upline.screens import team_statements as statements

COUNTED_MOST = 10_000
"""How many are counted; more are "10,000+"."""
NEW_DAYS = 30
NEAR = 80
"""From how many percent of the next rank somebody is close to it."""
MONTHS = 12
_LAST = 2**62


class TeamPart(StrEnum):
    """Which part of a team: all in the line of sponsors, those sponsored directly, or who stands
    below in the placement tree, in a binary by leg."""

    ALL = "all"
    DIRECT = "direct"
    LEFT = "left"
    RIGHT = "right"
    PLACED = "placed"


class Show(StrEnum):
    """Which of them."""

    EVERYBODY = "everybody"
    NEW = "new"
    INACTIVE = "inactive"
    CLOSE_TO_RANK = "close_to_rank"
    NO_ORDER = "no_order"
    OPEN_PLACE = "open_place"


@dataclass(frozen=True)
class TeamAsked:
    """What to list; `search`: words that begin words of a name or username, '' for all."""

    part: TeamPart = TeamPart.ALL
    show: Show = Show.EVERYBODY
    search: str = ""


class TeamMember(NamedTuple):
    """A member as those above see them. `level`: how far below. Points are hundredths of the
    longest running period as the last interim run saw it, None without one; so is `is_active`,
    also for who joined after it. `sponsor` is '' outside the team of whoever looks, `email` and
    `mobile` where the member does not show them. `total`: how many there are on all pages."""

    id: int
    username: str
    firstname: str
    lastname: str
    picture: str | None
    rank_name: str
    joined: datetime
    level: int | None
    own_points: int | None
    team_points: int | None
    is_active: bool | None
    last_order: date | None
    sponsor_id: int | None
    sponsor: str
    email: str
    mobile: str
    total: int


@dataclass(frozen=True)
class TeamPage:
    """Some of a team, those who joined last in front; `total` is cut above 10,000. `counted_at`:
    when points were last worked out, None where they were not."""

    members: list[TeamMember]
    total: int
    has_more: bool
    counted_at: datetime | None


class MonthPoints(NamedTuple):
    """Own points of a month, by its first day, in hundredths."""

    month: date
    points: int


def parts() -> list[TeamPart]:
    """The parts of a team that this company has."""
    placed = {
        PlanKind.BINARY: [TeamPart.LEFT, TeamPart.RIGHT],
        PlanKind.MATRIX: [TeamPart.PLACED],
    }
    return [TeamPart.ALL, TeamPart.DIRECT, *placed.get(company.current().plan_kind, [])]


def shows() -> list[Show]:
    """The filters that this company has: without a plan in force nobody is inactive or near a rank,
    and where sponsor and placement are one there are no places."""
    interim = _interim()
    without = set()
    if interim is None:
        without |= {Show.INACTIVE, Show.CLOSE_TO_RANK}
    elif not interim.ranks:
        without |= {Show.CLOSE_TO_RANK}
    if _width() is None:
        without |= {Show.OPEN_PLACE}
    return [each for each in Show if each not in without]


def listed(
    viewer_id: int, asked: TeamAsked, before: int | None, most: int, *, top_id: int | None = None
) -> TeamPage:
    """So many of the team of `top_id` (their own, if None; else of somebody whom they may see),
    those with a lower id than `before`. Two statements, whatever the size of the team."""
    interim = _interim()
    statement = statements.TEAM.format(
        walk=_WALKS[asked.part], conditions=_conditions(asked), figures=statements.FIGURES
    )
    top = viewer_id if top_id is None else top_id
    found = sql.rows(
        TeamMember,
        statement,
        _facts(viewer_id, interim)
        | {
            "top": top,
            "side": SIDES.get(asked.part[0].upper()),
            "search": asked.search,
            "before": _LAST if before is None else before,
            "most": most + 1,
            "counted": COUNTED_MOST + 1,
        },
    )
    total = found[0].total if found else 0
    return TeamPage(found[:most], total, len(found) > most, interim.at if interim else None)


def seen(viewer_id: int, username: str) -> TeamMember:
    """One member of the team. Raises NotFound for everybody whom this viewer may not see."""
    member_id = find_below(viewer_id, username)
    asked = _facts(viewer_id, _interim()) | {"member": member_id}
    found = sql.one(TeamMember, statements.ONE.format(figures=statements.FIGURES), asked)
    assert found is not None, "members are never deleted"
    return found


def find_below(viewer_id: int, username: str) -> int:
    """Who may be seen by whom: a member sees who stands below in either tree, until the membership
    ends. Raises NotFound, alike for who stands elsewhere and for who does not exist."""
    person = find_person(username)
    if (
        person is None
        or person.kind != MemberKind.MEMBER
        or person.standing == Standing.CLOSED
        or not tree.is_below(viewer_id, person.id)
    ):
        raise NotFound(gettext("No member of your team has this username."))
    return person.id


def months(member_id: int) -> list[MonthPoints]:
    """Own points by month, the last twelve, the oldest first."""
    this = company.today().replace(day=1)
    asked = [_months_before(this, ago) for ago in reversed(range(MONTHS))]
    found = dict(sql.rows(MonthPoints, statements.MONTHS, {"member": member_id, "since": asked[0]}))
    return [MonthPoints(month, found.get(month, 0)) for month in asked]


def _months_before(month: date, ago: int) -> date:
    years, index = divmod(month.year * 12 + month.month - 1 - ago, 12)
    return date(years, index + 1, 1)


def _interim() -> Interim | None:
    """The longest of the running periods, which has the figures of teams."""
    running = Interim.objects.filter(last_day__gte=company.today())
    return max(running, key=lambda each: each.last_day - each.first_day, default=None)


def _width() -> int | None:
    """How many positions stand right below each; None where there is no limit."""
    facts = company.current()
    return 2 if facts.plan_kind == PlanKind.BINARY else facts.matrix_width


def _facts(viewer_id: int, interim: Interim | None) -> dict[str, Any]:
    today = company.today()
    return {
        "viewer": viewer_id,
        "interim": interim.pk if interim else None,
        "counted_at": interim.at if interim else None,
        "new_since": clock.now() - timedelta(days=NEW_DAYS),
        "month": today.replace(day=1),
        "near": NEAR,
        "width": _width(),
    }


_WALKS = {
    TeamPart.ALL: statements.SPONSORED_BELOW,
    TeamPart.DIRECT: statements.SPONSORED,
    TeamPart.LEFT: statements.PLACED_BELOW.format(first="AND side = %(side)s"),
    TeamPart.RIGHT: statements.PLACED_BELOW.format(first="AND side = %(side)s"),
    TeamPart.PLACED: statements.PLACED_BELOW.format(first=""),
}


def _conditions(asked: TeamAsked) -> str:
    search = statements.NAMED if asked.search else ""
    return search + statements.SHOWN[asked.show]
