"""Links into a chosen place of the tree: a sponsor makes one, and whoever joins by it stands there.

The place is sealed into the link and stored nowhere. Nobody but the sponsor who is signed in gets
one made, so nobody else chooses a place in their team; and it does not reserve the place, which is
whose comes first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing

from upline.base import clock
from upline.base.errors import Conflict
from upline.company import current as company
from upline.company.models import PlanKind
from upline.flows import joining
from upline.genealogy import queries as tree
from upline.genealogy.errors import PlacementInvalid
from upline.language import lazy
from upline.members.queries import Caller, find_person

PLACE_DAYS = 7
_SALT = "upline.flows.place_links"
# In a unilevel company nobody chooses a place: it is below the sponsor.
_SIDES_BY_PLAN = {PlanKind.BINARY: tuple(tree.SIDES), PlanKind.MATRIX: ("",), PlanKind.UNILEVEL: ()}


class PlaceGone(Conflict):
    """The link to a place is too old."""

    sentence = lazy("This link to a place in the tree is too old.")


@dataclass(frozen=True)
class OpenPlace:
    """A place in the tree as a signup names it: below whose position (`position_id` says which of
    theirs), and on which side, L or R; '' in a matrix, where it is the first free one below."""

    placement_username: str
    position_id: int
    side: str


@dataclass(frozen=True)
class PlaceLink:
    """A sealed place, good for new members of its sponsor until `ends`."""

    place: OpenPlace
    sealed: str
    ends: datetime


def seal(caller: Caller, placement: str, side: str) -> PlaceLink:
    """A link for new members of the caller into a free place of their own team: below a position
    named as people write it (`anna`, `anna/2`), on side L or R, or '' in a matrix. Raises
    RegistrationClosed, SponsorInvalid, PlacementInvalid, SideTaken. Needs no right: it changes
    nothing, and members enrol others."""
    joining.refuse_when_closed()
    sponsor = joining.find_own_sponsor(caller, caller.username)
    above = tree.find_position(placement)
    sides = _SIDES_BY_PLAN[PlanKind(company.current().plan_kind)]
    if above is None or side not in sides:
        raise PlacementInvalid()
    place = OpenPlace(above.username, above.id, side)
    joining.choose_placement(sponsor, above.username, side, above.id)
    ends = clock.now() + timedelta(days=PLACE_DAYS)
    facts = [sponsor.id, above.id, side, int(ends.timestamp())]
    return PlaceLink(place, signing.dumps(facts, salt=_SALT), ends)


def unseal(sponsor_username: str, sealed: str) -> OpenPlace | None:
    """The place that this sponsor sealed; None where they did not, or it is too old. Whether it is
    still free is for the signup to say. Needs no right: it changes nothing."""
    try:
        sponsor_id, position_id, side, ends = signing.loads(sealed, salt=_SALT)
    except signing.BadSignature:
        return None
    sponsor = find_person(sponsor_username)
    above = tree.positions_named([position_id]).get(position_id)
    is_theirs = sponsor is not None and sponsor.id == sponsor_id
    if not is_theirs or above is None or ends <= clock.now().timestamp():
        return None
    return OpenPlace(above.username, above.id, side)
