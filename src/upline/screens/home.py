"""What a member sees first: earnings, legs, the next rank, who is new, and what is on its way."""

# What reads plans costs a process time and memory: it is imported by those who ask.
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from upline.base import sql
from upline.commissions import queries
from upline.genealogy import queries as tree
from upline.members.models import MemberKind
from upline.payouts import queries as payouts
from upline.payouts.models import OPEN, Payout
from upline.screens import earnings, earnings_so_far
from upline.screens.earnings_so_far import EarningsSoFar, RunningLegs
from upline.wallet import queries as wallet
from upline.wallet.models import AccountKind

if TYPE_CHECKING:
    from upline.commissions.explaining.activity import Now
    from upline.explanations.ladder import Rung
    from upline.members.queries import Caller
    from upline.plans.bonuses.next_pair import Missing

NEWCOMERS_MOST = 6

_PERSON = """
SELECT member.firstname, member.lastname, picture.name AS picture, member.bank_sealed IS NOT NULL
       AS has_bank, person.email = member.email AS has_confirmed, member.joined_at,
       person.username, person.language, person.appearance
FROM members_member member JOIN members_user person ON person.id = member.user_id
LEFT JOIN pictures_picture picture ON picture.id = member.picture_id
WHERE member.user_id = %s
"""
_NEWCOMERS = """
SELECT node.member_id, member.firstname, member.lastname, picture.name AS picture,
       member.member_since AS since
FROM genealogy_position node
JOIN members_member member ON member.user_id = node.member_id
LEFT JOIN pictures_picture picture ON picture.id = member.picture_id
WHERE node.sponsor_id = %(member)s AND node.id = node.member_id
ORDER BY node.id DESC LIMIT %(most)s
"""


class Myself(NamedTuple):
    """Who looks: their name, their picture, what they have told the company so far, and in which
    colours they want pages."""

    firstname: str
    lastname: str
    picture: str | None
    has_bank: bool
    has_confirmed: bool
    joined_at: datetime
    username: str
    language: str
    appearance: str


class Newcomer(NamedTuple):
    """Somebody whom the member has sponsored, by the day on which they became a member."""

    member_id: int
    firstname: str
    lastname: str
    picture: str | None
    since: datetime


@dataclass(frozen=True)
class LegsNow:
    """What stands in the legs of a member's position of this number, and what is missing for the
    next pair; None where the bonus pays for whatever is matched."""

    position_number: int
    legs: RunningLegs
    missing: Missing | None


@dataclass(frozen=True)
class Network:
    """What comes of a member's place in the network, as of now: each running period, the legs of
    each position, whether they are active, their rank ('' for none) and the next one, and whom they
    sponsored last."""

    so_far: list[EarningsSoFar]
    legs: list[LegsNow]
    activity: Now | None
    rank: str
    next_rank: Rung | None
    newcomers: list[Newcomer]


@dataclass(frozen=True)
class Home:
    """`wallet`, `shopping` (the shopping balance) and `payouts` (those on their way) in minor units
    of `currency`. A customer has no network."""

    me: Myself
    currency: str
    wallet: int
    shopping: int
    payouts: list[Payout]
    network: Network | None


def home_of(caller: Caller) -> Home:
    """Everything on a member's first page, as of now."""
    member_id, currency = caller.member_id, caller.currency
    balances = wallet.balances(member_id, currency)
    return Home(
        myself(member_id),
        currency,
        balances.get(AccountKind.WALLET, 0),
        balances.get(AccountKind.PURCHASE, 0),
        list(payouts.own(member_id).filter(status__in=OPEN)),
        _network(member_id) if caller.kind == MemberKind.MEMBER else None,
    )


def myself(member_id: int) -> Myself:
    """A member or customer, as their own pages name them."""
    found = sql.one(Myself, _PERSON, [member_id])
    assert found is not None, "whoever is signed in is a member or a customer"
    return found


def _network(member_id: int) -> Network:
    from upline.commissions.explaining import activity

    so_far = earnings_so_far.so_far(member_id)
    ranks = earnings.ranks_of(member_id)
    above = ranks.ranked.above if ranks.ranked else []
    newcomers = {"member": member_id, "most": NEWCOMERS_MOST}
    return Network(
        so_far,
        _legs(member_id, so_far),
        activity.now(member_id),
        ranks.rank,
        above[0] if above else None,
        sql.rows(Newcomer, _NEWCOMERS, newcomers),
    )


def _legs(member_id: int, so_far: list[EarningsSoFar]) -> list[LegsNow]:
    """The legs of each binary bonus and position, with what the plan in force asks of a pair."""
    from upline.plans.bonuses.next_pair import missing
    from upline.plans.plan import Pairs

    version = queries.in_force()
    bonuses = version.plan.bonuses if version else ()
    pairs = {each.name: each for each in bonuses if isinstance(each, Pairs) and each.unit > 1}
    numbers = {each.id: each.number for each in tree.positions_of(member_id)}
    return [
        LegsNow(
            numbers[legs.position_id],
            legs,
            missing(pairs[legs.bonus], legs.left, legs.right) if legs.bonus in pairs else None,
        )
        for period in so_far
        for legs in period.legs
    ]
