"""What a member sees first: earnings, legs, the next rank, who is new, and what is on its way."""

# What reads plans costs a process time and memory: it is imported by those who ask.
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from upline.base import clock, sql
from upline.commissions import queries
from upline.company import current as company
from upline.genealogy import queries as tree
from upline.members.models import MemberKind
from upline.orders.models import Order
from upline.payouts import queries as payouts
from upline.payouts.models import OPEN, Payout, PayoutStatus
from upline.screens import earnings, earnings_so_far, team_levels
from upline.screens.earnings_so_far import EarningsSoFar, RunningLegs
from upline.screens.team_levels import TeamLevel
from upline.wallet import queries as wallet
from upline.wallet.models import AccountKind

if TYPE_CHECKING:
    from upline.commissions.explaining.activity import Now
    from upline.commissions.periods import InForce
    from upline.explanations.ladder import Rung
    from upline.members.queries import Caller
    from upline.plans.bonuses.next_pair import Missing

NEWCOMERS_MOST, ORDERS_MOST = 12, 3
TOLD_FOR = timedelta(days=14)
"""So long Home says that a payout came back or was declined."""
_UNPAID = (PayoutStatus.RETURNED, PayoutStatus.FAILED, PayoutStatus.DECLINED)

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
# A member's stands in the tree, a customer's is the latest fact.
_SPONSOR = """
SELECT member.user_id AS member_id, person.username, member.firstname, member.lastname,
       picture.name AS picture
FROM members_member member JOIN members_user person ON person.id = member.user_id
LEFT JOIN pictures_picture picture ON picture.id = member.picture_id
WHERE member.user_id = coalesce(
    (SELECT sponsor_id FROM genealogy_position WHERE id = %(member)s),
    (SELECT sponsor_id FROM genealogy_sponsorfact WHERE member_id = %(member)s
     ORDER BY since DESC, id DESC LIMIT 1))
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


class Sponsor(NamedTuple):
    """Who brought somebody to the company."""

    member_id: int
    username: str
    firstname: str
    lastname: str
    picture: str | None


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
    each position, else the levels below; whether they are active, their rank ('' for none) and the
    next one, whom they sponsored last, and the day after which the next commissions are calculated
    (None: no plan is in force)."""

    so_far: list[EarningsSoFar]
    legs: list[LegsNow]
    levels: list[TeamLevel]
    activity: Now | None
    rank: str
    next_rank: Rung | None
    newcomers: list[Newcomer]
    period_ends: date | None


@dataclass(frozen=True)
class Home:
    """`wallet`, `shopping` (the shopping balance) and `payouts` (those on their way) in minor units
    of `currency`; `unpaid`: the last payout that came back or was declined lately. A customer has
    no network, but the latest orders."""

    currency: str
    wallet: int
    shopping: int
    payouts: list[Payout]
    unpaid: Payout | None
    orders: list[Order]
    sponsor: Sponsor | None
    network: Network | None


def home_of(caller: Caller) -> Home:
    """Everything on a member's first page, as of now."""
    member_id, currency = caller.member_id, caller.currency
    balances = wallet.balances(member_id, currency)
    is_member = caller.kind == MemberKind.MEMBER
    under_way = list(payouts.own(member_id).filter(status__in=(*OPEN, *_UNPAID))[:20])
    return Home(
        currency,
        balances.get(AccountKind.WALLET, 0),
        balances.get(AccountKind.PURCHASE, 0),
        [each for each in under_way if each.status in OPEN],
        _unpaid(under_way),
        [] if is_member else list(Order.objects.filter(member_id=member_id)[:ORDERS_MOST]),
        sql.one(Sponsor, _SPONSOR, {"member": member_id}),
        _network(member_id) if is_member else None,
    )


def myself(member_id: int) -> Myself:
    """A member or customer, as their own pages name them."""
    found = sql.one(Myself, _PERSON, [member_id])
    assert found is not None, "whoever is signed in is a member or a customer"
    return found


def _unpaid(under_way: list[Payout]) -> Payout | None:
    """The last one, where it did not reach the member and that was lately."""
    last = under_way[0] if under_way else None
    if last is None or last.status not in _UNPAID:
        return None
    ended = last.returned_at or last.closed_at
    return last if ended and clock.now() - ended < TOLD_FOR else None


def newcomers_of(member_id: int) -> list[Newcomer]:
    """Whom a member has sponsored last, the newest first."""
    return sql.rows(Newcomer, _NEWCOMERS, {"member": member_id, "most": NEWCOMERS_MOST})


def _network(member_id: int) -> Network:
    from upline.commissions.explaining import activity

    version = queries.in_force()
    so_far = earnings_so_far.so_far(member_id)
    ranks = earnings.ranks_of(member_id)
    above = ranks.ranked.above if ranks.ranked else []
    return Network(
        so_far,
        _legs(member_id, so_far, version),
        team_levels.levels_of(member_id, version.plan) if version else [],
        activity.under(version, member_id) if version else None,
        ranks.rank,
        above[0] if above else None,
        newcomers_of(member_id),
        _period_ends(version),
    )


def _period_ends(version: InForce | None) -> date | None:
    from upline.commissions.periods import running_of
    from upline.plans.periods import date_of

    running = running_of(version, company.today()) if version else []
    return date_of(running[0].period.last_day) if running else None


def _legs(member_id: int, so_far: list[EarningsSoFar], version: InForce | None) -> list[LegsNow]:
    """The legs of each binary bonus and position, with what the plan in force asks of a pair."""
    from upline.plans.bonus import Pairs
    from upline.plans.bonuses.next_pair import missing

    bonuses = version.plan.bonuses if version else ()
    pairs = {each.name: each for each in bonuses if isinstance(each, Pairs) and each.unit > 1}
    found = [legs for period in so_far for legs in period.legs]
    numbers = {each.id: each.number for each in tree.positions_of(member_id)} if found else {}
    return [
        LegsNow(
            numbers[legs.position_id],
            legs,
            missing(pairs[legs.bonus], legs.left, legs.right) if legs.bonus in pairs else None,
        )
        for legs in found
    ]
