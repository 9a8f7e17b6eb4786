"""`network/…`: the caller's own team."""

from typing import Annotated, ClassVar

from pydantic import Field

from upline.api.describe import shapes
from upline.api.http.contract import ApiRequest, form, perform
from upline.api.http.credentials import IN_NETWORK
from upline.api.http.envelope import Answered, answer
from upline.api.http.kinds import Choice, OptionalId, Text, Username, Whole
from upline.api.http.reading import Form
from upline.api.http.registry import call
from upline.api.views import node_view, own_position_view, waiting_view
from upline.base.errors import Conflict, NotFound
from upline.flows import placing
from upline.flows.permissions import Right
from upline.flows.placing import PlaceChoice
from upline.genealogy import queries
from upline.genealogy.errors import PlacementInvalid, SideTaken
from upline.screens import team


class Branch(Form):
    only_declared: ClassVar[bool] = True
    username: Annotated[str, Text(150, may_be_empty=True)] = Field(
        "", description="The member whose branch to return; you by default"
    )
    depth: Annotated[int, Whole(0, 50)] = 3
    position_id: OptionalId = Field(
        None, description="The position to begin with, if not the member's first one"
    )


@call(
    "GET network/tree/",
    "tree",
    "A branch of your team",
    scope=Right.READ_NETWORK,
    auth=IN_NETWORK,
    takes=Branch,
    refuses=(NotFound,),
    gives=shapes.TreeNodes,
)
def tree(request: ApiRequest) -> Answered[shapes.TreeNodes]:
    sent = form(request, Branch)
    nodes, is_complete = team.branch(request.auth, sent.username, sent.depth, sent.position_id)
    return answer(
        shapes.TreeNodes(nodes=[node_view(node) for node in nodes], is_complete=is_complete)
    )


@call(
    "GET network/positions/",
    "positions",
    "Your positions in the tree",
    scope=Right.READ_NETWORK,
    auth=IN_NETWORK,
    gives=shapes.OwnPositions,
)
def positions(request: ApiRequest) -> Answered[shapes.OwnPositions]:
    held = queries.held_by(request.auth.member_id)
    return answer(shapes.OwnPositions(positions=[own_position_view(each) for each in held]))


@call(
    "GET network/waiting/",
    "waiting_members",
    "Members you sponsor who wait for a place",
    scope=Right.READ_NETWORK,
    auth=IN_NETWORK,
    gives=shapes.WaitingMembers,
)
def waiting(request: ApiRequest) -> Answered[shapes.WaitingMembers]:
    found = queries.waiting_below(request.auth.member_id)
    return answer(shapes.WaitingMembers(waiting=[waiting_view(each) for each in found]))


class ChosenPlace(Form):
    placement_username: Username
    position: Annotated[str, Choice(("L", "R"), any_case=True)]
    placement_position_id: OptionalId = Field(
        None, description="Which position of placement_username, if not the first one"
    )


@call(
    "PUT network/waiting/{username}/",
    "place_member",
    "Give a member you sponsor a place",
    scope=Right.SIGN_MEMBERS_UP,
    auth=IN_NETWORK,
    takes=ChosenPlace,
    refuses=(NotFound, PlacementInvalid, SideTaken, Conflict),
    representation=shapes.OwnPosition,
)
def place_member(request: ApiRequest, username: str) -> Answered[shapes.OwnPosition]:
    sent = form(request, ChosenPlace)
    side = queries.SIDES[sent.position]
    choice = PlaceChoice(sent.placement_username, sent.placement_position_id, side)
    return perform(
        request,
        lambda unit: placing.place_own(unit, request.auth, username, choice),
        lambda member_id: own_position_view(queries.held_by(member_id)[0]),
    )
