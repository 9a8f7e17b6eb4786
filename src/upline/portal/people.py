"""How a member of one's team is shown, on each page that shows one."""

from typing import NamedTuple

from upline.company import current as company
from upline.design.faces import Face, face
from upline.language import gettext
from upline.screens import shown
from upline.screens.teams import TeamMember


class TeamMemberShown(NamedTuple):
    """What `<c-person>` shows. `note` says what is unusual, '' for nothing; `about` rank and level;
    `figures` names and values; `email` and `mobile` are '' where they are not shown."""

    face: Face
    username: str
    about: str
    note: str
    joined: str
    figures: list[tuple[str, str]]
    sponsor: str
    email: str
    mobile: str

    @property
    def dial(self) -> str:
        """The mobile phone as a link dials it."""
        return "".join(sign for sign in self.mobile if sign in "+0123456789")


def person(of: TeamMember, viewer_id: int) -> TeamMemberShown:
    """A member as somebody above them sees them."""
    return TeamMemberShown(
        face(of.id, of.firstname, of.lastname, of.picture),
        of.username,
        _about(of),
        _note(of),
        shown.day(company.current().day_of(of.joined)),
        _figures(of),
        _sponsor(of, viewer_id),
        of.email,
        of.mobile,
    )


def _about(of: TeamMember) -> str:
    rank = of.rank_name or gettext("No rank yet")
    if of.level is None:
        return rank
    return gettext("{rank} · level {level}", rank=rank, level=of.level)


def _note(of: TeamMember) -> str:
    return gettext("Not active") if of.is_active is False else ""


def _figures(of: TeamMember) -> list[tuple[str, str]]:
    last = shown.day(of.last_order) if of.last_order else gettext("none yet")
    figures = [(gettext("Last order"), last)]
    if of.own_points is None or of.team_points is None:
        return figures
    return [
        (gettext("Own points"), shown.short_points(of.own_points)),
        (gettext("Team points"), shown.short_points(of.team_points)),
        *figures,
    ]


def _sponsor(of: TeamMember, viewer_id: int) -> str:
    if of.sponsor_id == viewer_id:
        return gettext("Sponsored by you")
    return gettext("Sponsored by {username}", username=of.sponsor) if of.sponsor else ""
