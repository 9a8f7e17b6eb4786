"""`network/team/…`: the caller's team as a list."""

from typing import Annotated, ClassVar

from pydantic import Field

from upline.api.describe import team_shapes as shapes
from upline.api.http.contract import ApiRequest, form
from upline.api.http.credentials import IN_NETWORK
from upline.api.http.envelope import Answered, answer, points
from upline.api.http.kinds import Choice, Text
from upline.api.http.pages import Page
from upline.api.http.registry import call
from upline.api.views import moment
from upline.base import letters
from upline.base.errors import NotFound
from upline.flows.permissions import Right
from upline.pictures import queries as pictures
from upline.screens import teams
from upline.screens.teams import COUNTED_MOST, Show, TeamAsked, TeamMember, TeamPart


class TeamFilters(Page):
    only_declared: ClassVar[bool] = True
    search: Annotated[str, Text(100, may_be_empty=True)] = Field(
        "", description="Words that begin words of a name or username"
    )
    team: Annotated[str, Choice(tuple(TeamPart), may_be_empty=True, any_case=True)] = Field(
        "",
        description="all (everybody in your line of sponsors, the default), direct (whom you "
        "sponsored); left or right, by placement, in a binary company; placed in a matrix company",
    )
    show: Annotated[str, Choice(tuple(Show), may_be_empty=True, any_case=True)] = Field(
        "",
        description="new: joined in the last 30 days; inactive; close_to_rank: at least 80 % of "
        "the way to the next rank; no_order: none this month; open_place: one is free right below",
    )

    def asked(self) -> TeamAsked:
        """What of the team is meant."""
        part, show = TeamPart(self.team or TeamPart.ALL), Show(self.show or Show.EVERYBODY)
        return TeamAsked(part, show, letters.searchable(self.search))


@call(
    "GET network/team/",
    "team",
    "Your team as a list, those who joined last in front",
    scope=Right.READ_NETWORK,
    auth=IN_NETWORK,
    takes=TeamFilters,
    gives=shapes.Team,
)
def list_team(request: ApiRequest) -> Answered[shapes.Team]:
    sent = form(request, TeamFilters)
    found = teams.listed(request.auth.member_id, sent.asked(), sent.before, sent.limit)
    return answer(
        shapes.Team(
            members=[member_view(each) for each in found.members],
            count=min(found.total, COUNTED_MOST),
            is_count_exact=found.total <= COUNTED_MOST,
            counted_at=moment(found.counted_at),
            next_cursor=str(found.members[-1].id) if found.has_more else None,
        )
    )


@call(
    "GET network/team/{username}/",
    "team_member",
    "A member of your team, with their points by month",
    scope=Right.READ_NETWORK,
    auth=IN_NETWORK,
    refuses=(NotFound,),
    gives=shapes.TeamMemberDetails,
)
def team_member(request: ApiRequest, username: str) -> Answered[shapes.TeamMemberDetails]:
    found = teams.seen(request.auth.member_id, username)
    months = [
        shapes.MonthOfPoints(month=f"{each.month:%Y-%m}", own_pv=points(each.points))
        for each in teams.months(found.id)
    ]
    return answer(shapes.TeamMemberDetails(**member_view(found), months=months))


def member_view(of: TeamMember) -> shapes.TeamMemberShape:
    """A member as those above see them."""
    return {
        "username": of.username,
        "firstname": of.firstname,
        "lastname": of.lastname,
        "image": pictures.url(of.picture),
        "rank_name": of.rank_name,
        "joined": moment(of.joined),
        "level": of.level,
        "own_pv": None if of.own_points is None else points(of.own_points),
        "team_pv": None if of.team_points is None else points(of.team_points),
        "is_active": of.is_active,
        "last_order": of.last_order.isoformat() if of.last_order else "",
        "sponsor": of.sponsor,
        "email": of.email,
        "mobile": of.mobile,
    }
