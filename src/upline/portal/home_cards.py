"""The cards of Home: each as what its part of the page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

from upline.base.amounts import Money
from upline.design import moments
from upline.design.faces import Face, face
from upline.explanations.activity import MemberActivity, Reason
from upline.language import gettext, ngettext, writing
from upline.markets import current as markets
from upline.orders.models import Order, OrderStatus
from upline.payouts.models import Payout, PayoutStatus
from upline.plans.bonuses.next_pair import Missing
from upline.screens import shown
from upline.screens.earnings_so_far import RunningLegs
from upline.screens.home import LegsNow, Network, Newcomer, Sponsor
from upline.screens.team_levels import TeamLevel

if TYPE_CHECKING:
    from upline.explanations.ladder import Condition

_HALF = 99
"""How long the bar of a leg can be, in hundredths of the whole."""
HUNDRED = 100


class LegsShown(NamedTuple):
    """What `<c-legs>` shows, a title, and the sentence below it. The longer bar fills its half; the
    part of a bar that is new is lighter."""

    title: str
    left: str
    right: str
    left_carry: str
    right_carry: str
    left_share: int
    right_share: int
    left_old: int
    right_old: int
    to_go: str

    @property
    def left_from(self) -> int:
        """Where the left bar begins: it ends in the middle."""
        return _HALF - self.left_share

    @property
    def left_old_from(self) -> int:
        """Where the part of it begins that was brought over."""
        return _HALF - self.left_old


class LevelShown(NamedTuple):
    """A level below: its name, who stands there, and what they bought; `share` of the largest."""

    name: str
    people: str
    points: str
    share: int


class ConditionShown(NamedTuple):
    said: str
    is_done: bool


class RankShown(NamedTuple):
    """The next rank: how far, in percent, what is missing first, and the whole checklist, with what
    is nearest to being met in front."""

    name: str
    percent: int
    first: str
    conditions: list[ConditionShown]


class NewcomerShown(NamedTuple):
    """Somebody new, with a first name that fits below a face."""

    face: Face
    firstname: str
    since: SafeString


class OrderShown(NamedTuple):
    number: str
    status: str
    at: SafeString
    amount: str


class SponsorShown(NamedTuple):
    face: Face
    username: str


def pair_sentence(missing: Missing) -> str:
    """What the next pair needs."""
    left, right = points(missing.left), points(missing.right)
    if missing.left and missing.right:
        return gettext(
            "{left} more points on the left and {right} on the right complete the next pair.",
            left=left,
            right=right,
        )
    if missing.left:
        return gettext("{left} more points on the left complete the next pair.", left=left)
    return gettext("{right} more points on the right complete the next pair.", right=right)


def inactive(activity: MemberActivity) -> str:
    """Why a member is not active, and what helps."""
    if activity.reason is Reason.POINTS and not activity.figure:
        return gettext(
            "You are not active: an order of {missing} more points changes that.",
            missing=points(activity.missing),
        )
    return activity.sentence


def all_legs(legs: list[LegsNow]) -> list[LegsShown]:
    """The legs of each position. Who has one position is not told its number."""
    is_one = len({each.position_number for each in legs}) == 1
    your_legs = gettext("Your legs")
    return [
        _legs(
            each,
            your_legs
            if is_one
            else gettext("Legs of position {number}", number=each.position_number),
        )
        for each in legs
    ]


def _legs(of: LegsNow, title: str) -> LegsShown:
    legs, longest = of.legs, max(of.legs.left, of.legs.right, 1)
    volumes = (legs.left, legs.right, legs.left_brought, legs.right_brought)
    # What is there is seen, however little it is.
    left, right, left_old, right_old = (-(-_HALF * each // longest) for each in volumes)
    return LegsShown(
        title,
        _counted(legs, legs.left),
        _counted(legs, legs.right),
        _carried(legs, legs.left, legs.left_brought),
        _carried(legs, legs.right, legs.right_brought),
        left,
        right,
        min(left_old, left),
        min(right_old, right),
        _to_go(of.missing) if of.missing else "",
    )


def _carried(legs: RunningLegs, volume: int, brought: int) -> str:
    if not brought:
        return ""
    if brought == volume:
        return gettext("all carried over")
    return gettext("{amount} carried over", amount=_counted(legs, brought))


def _to_go(missing: Missing) -> str:
    """`120 points to go on the right`."""
    if missing.left and missing.right:
        return gettext(
            "Next pair: {left} points to go on the left, {right} on the right",
            left=points(missing.left),
            right=points(missing.right),
        )
    if missing.left:
        return gettext("Next pair: {left} points to go on the left", left=points(missing.left))
    return gettext("Next pair: {right} points to go on the right", right=points(missing.right))


def _counted(legs: RunningLegs, amount: int) -> str:
    """What stands in a leg: points, or money of the plan."""
    return shown.money(amount, legs.currency) if legs.currency else points(amount)


def points(hundredths: int) -> str:
    """Points for people: `100`, or `97.82`."""
    number, part = divmod(hundredths, HUNDRED)
    return shown.points(hundredths) if part else writing.whole(number)


def levels(found: list[TeamLevel]) -> list[LevelShown]:
    """Levels as rows; in a matrix with the places that are taken."""
    largest = max((each.points for each in found), default=0) or 1
    return [_level(each, HUNDRED * each.points // largest) for each in found]


def _level(of: TeamLevel, share: int) -> LevelShown:
    name = gettext("Level {number}", number=of.level)
    count = writing.whole(of.people)
    if of.places is not None:
        people = gettext(
            "{taken} of {places} places taken", taken=count, places=writing.whole(of.places)
        )
    elif of.is_whole:
        people = ngettext("{people} person", "{people} people", of.people, people=count)
    else:
        people = gettext("{people} people or more", people=count)
    return LevelShown(name, people, gettext("{points} points", points=points(of.points)), share)


def next_rank(network: Network) -> RankShown | None:
    """The next rank; None where the plan has none above, or nothing is missing any more."""
    rung = network.next_rank
    if rung is None or not any(each.missing for each in rung.conditions):
        return None
    nearest = sorted(rung.conditions, key=lambda each: (not each.missing, -_reached(each)))
    conditions = [ConditionShown(each.to_do, not each.missing) for each in nearest]
    percent = sum(_reached(each) for each in rung.conditions) // len(rung.conditions)
    return RankShown(rung.rank, percent, nearest[0].to_do, conditions)


def _reached(of: Condition) -> int:
    """How much of a condition is met, in percent."""
    return min(HUNDRED, HUNDRED * of.reached // of.wanted) if of.wanted else HUNDRED


def newcomer(of: Newcomer) -> NewcomerShown:
    """Somebody new in the team."""
    their = face(of.member_id, of.firstname, of.lastname, of.picture)
    return NewcomerShown(their, of.firstname, moments.element(of.since.date()))


def sponsor(of: Sponsor) -> SponsorShown:
    """Who helps."""
    return SponsorShown(face(of.member_id, of.firstname, of.lastname, of.picture), of.username)


def unpaid(of: Payout) -> SafeString:
    """A payout that did not reach the member, and why."""
    amount = shown.amount(of)
    if of.status == PayoutStatus.DECLINED:
        said = gettext("Your payout of {amount} was declined: {reason}")
    elif of.reason:
        said = gettext("Your payout of {amount} came back: {reason}. It is in your wallet again.")
    else:
        said = gettext("Your payout of {amount} came back. It is in your wallet again.")
    return format_html(said, amount=amount, reason=of.reason.rstrip("."))


def order(of: Order) -> OrderShown:
    """An order of a customer."""
    status = gettext("paid") if of.status == OrderStatus.COMPLETE else of.get_status_display()
    amount = markets.money(Money(of.total_amount, of.currency))
    return OrderShown(of.number, status, moments.element(of.created_at), amount)


def next_run(network: Network) -> SafeString | str:
    """When the running period ends, after which its commissions are calculated."""
    if network.period_ends is None:
        return ""
    said = gettext("End of this period: {day}. Your commissions are calculated after it.")
    return format_html(said, day=moments.element(network.period_ends))
