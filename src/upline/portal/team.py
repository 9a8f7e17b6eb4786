"""Team: who is below a member, as a list, and one of them on a page."""

import re
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from upline.base import letters
from upline.base.amounts import POINT_DECIMALS, as_text
from upline.base.csv_cells import as_csv
from upline.base.errors import NotFound
from upline.company import current as company
from upline.design import moments
from upline.design.plots import bars
from upline.flows import profiles
from upline.language import gettext, lazy, ngettext, writing
from upline.portal.people import TeamMemberShown, person
from upline.portal.visiting import Visit, in_network
from upline.screens import profile, shown, teams
from upline.screens.teams import COUNTED_MOST, Show, TeamAsked, TeamMember, TeamPage, TeamPart

MOST = 24
DIRECTS_MOST = 12
CSV_MOST = 50_000
SEARCH_MAX = 100
_PARTS = {
    TeamPart.ALL: lazy("Everybody"),
    TeamPart.DIRECT: lazy("Sponsored by you"),
    TeamPart.LEFT: lazy("Left leg"),
    TeamPart.RIGHT: lazy("Right leg"),
    TeamPart.PLACED: lazy("In your matrix"),
}
_SHOWS = {
    Show.EVERYBODY: lazy("All"),
    Show.NEW: lazy("New"),
    Show.INACTIVE: lazy("Inactive"),
    Show.CLOSE_TO_RANK: lazy("Close to a rank"),
    Show.NO_ORDER: lazy("No order this month"),
    Show.OPEN_PLACE: lazy("Open place"),
}
_NOBODY = {
    Show.EVERYBODY: lazy("Your team begins with the first person you invite"),
    Show.NEW: lazy("Nobody joined in the last 30 days"),
    Show.INACTIVE: lazy("Everybody is active"),
    Show.CLOSE_TO_RANK: lazy("Nobody is close to the next rank"),
    Show.NO_ORDER: lazy("Everybody has ordered this month"),
    Show.OPEN_PLACE: lazy("Nobody has an open place below them"),
}
_COLUMNS = (
    "username", "firstname", "lastname", "rank", "level", "joined", "own_points", "team_points",
    "active", "last_order", "sponsor", "email", "mobile",
)  # fmt: skip


class TeamChoice(NamedTuple):
    """A choice with an address of its own."""

    word: str
    address: str
    is_here: bool


def people(request: HttpRequest) -> HttpResponseBase:
    """`/team/`: GET the list, by `?team=`, `?show=`, `?search=` and `?before=`, or with `?as=csv`
    as a file; POST who may see one's own e-mail address and phone."""
    return _choose_contact(request) if request.method == "POST" else _people(request)


@in_network
def _people(visit: Visit) -> HttpResponse:
    asked = _asked(visit)
    viewer = visit.caller.member_id
    if visit.request.GET.get("as") == "csv":
        return _file(teams.listed(viewer, asked, None, CSV_MOST))
    before = _number(visit.request.GET.get("before", ""))
    found = teams.listed(viewer, asked, before, MOST)
    return visit.page(
        "portal/team.html",
        title=gettext("Team"),
        headline=_headline(asked, found, is_first=before is None),
        parts=[
            TeamChoice(str(_PARTS[each]), _address(asked, part=each), each == asked.part)
            for each in teams.parts()
        ],
        chips=[
            TeamChoice(str(_SHOWS[each]), _address(asked, show=each), each == asked.show)
            for each in teams.shows()
        ],
        asked=asked,
        is_narrow=bool(asked.search) or asked.show != Show.EVERYBODY,
        everybody=_address(TeamAsked(asked.part)),
        people=[person(each, viewer) for each in found.members],
        counted_at=moments.element(found.counted_at) if found.counted_at else "",
        more=_address(asked, before=found.members[-1].id) if found.has_more else "",
        file=f"{_address(asked)}{'&' if '?' in _address(asked) else '?'}as=csv",
        is_contact_shown=profile.shows_contact(viewer),
    )


@in_network
def _choose_contact(visit: Visit) -> HttpResponse:
    is_shown = visit.request.POST.get("show") == "yes"
    profiles.show_contact(visit.unit(), visit.caller, is_shown=is_shown)
    return redirect("team")


@in_network
def one(visit: Visit, username: str) -> HttpResponse:
    """`/team/USERNAME/`: somebody below, with whom they have sponsored themselves."""
    viewer = visit.caller.member_id
    try:
        found = teams.seen(viewer, username)
    except NotFound as error:
        raise Http404 from error
    asked = TeamAsked(TeamPart.DIRECT)
    before = _number(visit.request.GET.get("before", ""))
    directs = teams.listed(viewer, asked, before, DIRECTS_MOST, top_id=found.id)
    shown_person = person(found, viewer)
    months = teams.months(found.id)
    return visit.page(
        "portal/team_member.html",
        title=shown_person.face.name,
        headline=_about(found, shown_person),
        person=shown_person,
        bars=bars(
            [
                (writing.month(each.month), each.points, [shown.short_points(each.points)])
                for each in months
            ]
        ),
        heads=[gettext("Month"), gettext("Own points")],
        plot_title=_months_told(found, [each.points for each in months]),
        directs=[person(each, viewer) for each in directs.members],
        directs_told=ngettext(
            "{name} has sponsored {count} person",
            "{name} has sponsored {count} people",
            directs.total,
            name=found.firstname,
            count=_count(directs.total),
        ),
        more=f"?before={directs.members[-1].id}" if directs.has_more else "",
    )


def _asked(visit: Visit) -> TeamAsked:
    """What the address asks for; what it has misspelt is as if it were not there."""
    sent = visit.request.GET
    part = next((each for each in teams.parts() if each == sent.get("team")), TeamPart.ALL)
    show = next((each for each in teams.shows() if each == sent.get("show")), Show.EVERYBODY)
    return TeamAsked(part, show, letters.searchable(sent.get("search", "")[:SEARCH_MAX]))


def _address(
    asked: TeamAsked,
    *,
    part: TeamPart | None = None,
    show: Show | None = None,
    before: int | None = None,
) -> str:
    """The same list with another choice."""
    part, show = part or asked.part, show or asked.show
    chosen = {
        "team": "" if part == TeamPart.ALL else part,
        "show": "" if show == Show.EVERYBODY else show,
        "search": asked.search,
        "before": before or "",
    }
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"?{query}" if query else "."


def _number(text: str) -> int | None:
    """A number in the address; None where it is missing, or is none that we gave."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _count(total: int) -> str:
    return f"{writing.whole(COUNTED_MOST)}+" if total > COUNTED_MOST else writing.whole(total)


def _headline(asked: TeamAsked, found: TeamPage, *, is_first: bool) -> str:
    """What the reader came to know: how many there are."""
    if not is_first:
        return gettext("Earlier joined")
    total, count = found.total, _count(found.total)
    if not total:
        nobody = gettext("Nobody is called “{search}”", search=asked.search)
        return nobody if asked.search else str(_NOBODY[asked.show])
    if asked.search:
        return ngettext(
            "{count} person is called “{search}”",
            "{count} people are called “{search}”",
            total,
            count=count,
            search=asked.search,
        )
    if asked.show == Show.NEW:
        return ngettext(
            "{count} person joined in the last 30 days",
            "{count} people joined in the last 30 days",
            total,
            count=count,
        )
    if asked.show == Show.INACTIVE:
        return ngettext(
            "{count} person is not active", "{count} people are not active", total, count=count
        )
    if asked.show == Show.CLOSE_TO_RANK:
        return ngettext(
            "{count} person is close to the next rank",
            "{count} people are close to the next rank",
            total,
            count=count,
        )
    if asked.show == Show.NO_ORDER:
        return ngettext(
            "{count} person has not ordered this month",
            "{count} people have not ordered this month",
            total,
            count=count,
        )
    if asked.show == Show.OPEN_PLACE:
        return ngettext(
            "{count} person has an open place below them",
            "{count} people have an open place below them",
            total,
            count=count,
        )
    return _whole(asked.part, total, count)


def _whole(part: TeamPart, total: int, count: str) -> str:
    if part == TeamPart.DIRECT:
        return ngettext(
            "You have sponsored {count} person", "You have sponsored {count} people", total,
            count=count,
        )  # fmt: skip
    return ngettext(
        "{count} person in your team", "{count} people in your team", total, count=count
    )


def _about(of: TeamMember, as_shown: TeamMemberShown) -> str:
    if of.own_points is None or of.team_points is None:
        return gettext("{name} joined on {day}", name=of.firstname, day=as_shown.joined)
    return gettext(
        "{name} has {own} points of their own this period, and {team} with the team",
        name=of.firstname,
        own=shown.short_points(of.own_points),
        team=shown.short_points(of.team_points),
    )


def _months_told(of: TeamMember, points: list[int]) -> str:
    """The title of the plot is what it shows."""
    ordered = sum(1 for each in points if each > 0)
    return ngettext(
        "{name} ordered in {count} of the last 12 months",
        "{name} ordered in {count} of the last 12 months",
        ordered,
        name=of.firstname,
        count=writing.whole(ordered),
    )


def _file(found: TeamPage) -> HttpResponse:
    """The list as CSV, always in English, with the first 50,000."""
    rows = [_COLUMNS, *(_row(each) for each in found.members)]
    name = f"team-{company.today():%Y-%m-%d}.csv"
    response = HttpResponse(as_csv(rows, excel=True), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _row(of: TeamMember) -> tuple[str, ...]:
    active = {True: "yes", False: "no", None: ""}[of.is_active]
    return (
        of.username, of.firstname, of.lastname, of.rank_name, str(of.level),
        company.current().day_of(of.joined).isoformat(), _points(of.own_points),
        _points(of.team_points), active, of.last_order.isoformat() if of.last_order else "",
        of.sponsor, of.email, of.mobile,
    )  # fmt: skip


def _points(hundredths: int | None) -> str:
    return "" if hundredths is None else as_text(hundredths, POINT_DECIMALS)
