"""`network/…`: the caller's own team."""

from typing import Annotated, ClassVar

from django.http import HttpResponse
from pydantic import Field

from upline.api.describe import shapes
from upline.api.http.contract import ApiRequest, form
from upline.api.http.credentials import IN_NETWORK
from upline.api.http.envelope import answer
from upline.api.http.kinds import Text, Whole
from upline.api.http.reading import Form
from upline.api.http.registry import call
from upline.api.views import node_view
from upline.base.errors import NotFound
from upline.screens import team


class Branch(Form):
    only_declared: ClassVar[bool] = True
    username: Annotated[str, Text(150, may_be_empty=True)] = Field(
        "", description="The member whose branch to return; you by default"
    )
    depth: Annotated[int, Whole(0, 50)] = 3


@call(
    "GET network/tree/",
    "tree",
    "A branch of your team",
    auth=IN_NETWORK,
    takes=Branch,
    refuses=(NotFound,),
    gives=shapes.Tree,
)
def tree(request: ApiRequest) -> HttpResponse:
    sent = form(request, Branch)
    nodes, is_complete = team.branch(request.auth, sent.username, sent.depth)
    return answer(shapes.Tree(nodes=[node_view(node) for node in nodes], is_complete=is_complete))
