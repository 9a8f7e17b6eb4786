"""What `data` looks like in answers about a team, and about a member's own link."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict  # pydantic reads it before Python 3.12

from upline.api.describe.shapes import Number


class TeamMemberShape(TypedDict):
    """A member as those above see them."""

    username: str
    firstname: str
    lastname: str
    image: Annotated[str, Field(description="An absolute address; '' if there is no picture")]
    rank_name: str
    joined: str
    level: Annotated[
        int | None, Field(description="How far below you; null where one member is asked for")
    ]
    own_pv: Annotated[
        Number | None,
        Field(description="Own points of the running period; null before the first interim run"),
    ]
    team_pv: Annotated[
        Number | None, Field(description="The same with everybody below, as the plan counts it")
    ]
    is_active: Annotated[
        bool | None, Field(description="null if it was not worked out since the member joined")
    ]
    last_order: Annotated[str, Field(description="The day of the last order; '' for none")]
    sponsor: Annotated[str, Field(description="'' if the sponsor is not in your team")]
    email: Annotated[str, Field(description="'' unless the member shows it")]
    mobile: Annotated[str, Field(description="'' unless the member shows it")]


class MonthOfPoints(TypedDict):
    month: Annotated[str, Field(description="yyyy-mm")]
    own_pv: Number


class TeamMemberDetails(TeamMemberShape):
    months: Annotated[
        list[MonthOfPoints], Field(description="The last twelve months, the oldest first")
    ]


class Team(TypedDict):
    members: list[TeamMemberShape]
    count: Annotated[int, Field(description="On all pages together, 10,000 at most")]
    is_count_exact: Annotated[bool, Field(description="false: there are more than `count`")]
    counted_at: Annotated[
        str, Field(description="When points were last worked out; '' if they were not")
    ]
    next_cursor: str | None
