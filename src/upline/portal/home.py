"""Home: what you have earned so far, and what comes next."""

from datetime import timedelta
from typing import NamedTuple

from django.http import HttpResponse

from upline.base import clock
from upline.base.amounts import Money
from upline.design.faces import Face, face
from upline.language import gettext, lazy, writing
from upline.markets import current as markets
from upline.payouts.models import Payout, PayoutStatus
from upline.plans.bonuses.next_pair import Missing
from upline.portal.visiting import Visit, for_members
from upline.screens import home, shown
from upline.screens.earnings_so_far import RunningLegs
from upline.screens.home import Home, LegsNow, Network, Newcomer

_FIRST_STEPS = timedelta(days=30)
_HALF = 99
"""How long the bar of a leg can be, in hundredths of the whole."""


class FirstStep(NamedTuple):
    """One of the first steps of somebody new."""

    said: str
    is_done: bool


class LegsShown(NamedTuple):
    """What `<c-legs>` shows, a title, and the sentence below it. The longer bar fills its half."""

    title: str
    left: str
    right: str
    left_share: int
    right_share: int
    sentence: str

    @property
    def left_from(self) -> int:
        """Where the left bar begins: it ends in the middle."""
        return _HALF - self.left_share


class RankShown(NamedTuple):
    """The next rank: how far, in percent, and the condition that is nearest to being met."""

    name: str
    percent: int
    first: str


class NewcomerShown(NamedTuple):
    face: Face
    since: str


class PayoutShown(NamedTuple):
    """A payout on its way, and the steps of it."""

    said: str
    to: str
    steps: list[tuple[str, str]]


@for_members
def show(visit: Visit) -> HttpResponse:
    """`/home/`."""
    found = home.home_of(visit.caller)
    me = found.me
    earned = sum(each.total for each in found.network.so_far) if found.network else 0
    return visit.page(
        "portal/home.html",
        title=gettext("Home"),
        greeting=gettext("Hello {name}", name=me.firstname),
        earned=markets.parts(Money(earned, found.currency)) if earned else None,
        earned_sentence=_earned_sentence(found, earned),
        next_sentence=_next_sentence(found.network),
        steps=_first_steps(found),
        legs=_all_legs(found.network.legs) if found.network else [],
        rank=_next_rank(found.network),
        newcomers=[_newcomer(each) for each in found.network.newcomers] if found.network else [],
        payouts=[_payout(each) for each in found.payouts],
        wallet=markets.parts(Money(found.wallet, found.currency)),
        shopping=shown.money(found.shopping, found.currency) if found.shopping else "",
    )


_PERIODS = {
    "day": lazy("{amount} today"),
    "week": lazy("{amount} this week"),
    "month": lazy("{amount} this month"),
}


def _earned_sentence(found: Home, earned: int) -> str:
    if found.network is None or not found.network.so_far:
        return ""
    at = shown.moment(max(each.at for each in found.network.so_far))
    if not earned:
        return gettext("You have not earned anything yet in this period (as of {at}).", at=at)
    parts = [
        str(_PERIODS[each.every]).format(amount=shown.money(each.total, found.currency))
        for each in found.network.so_far
        if each.total
    ]
    return gettext(
        "You have earned {amounts} so far (as of {at}).", amounts=writing.listed(parts), at=at
    )


def _next_sentence(network: Network | None) -> str:
    """What to do first: become active, else complete the next pair."""
    if network is None:
        return ""
    if network.activity and not network.activity.today.active:
        return network.activity.today.sentence
    for each in network.legs:
        if each.missing:
            return _pair_sentence(each.missing)
    return ""


def _pair_sentence(missing: Missing) -> str:
    left, right = _points(missing.left), _points(missing.right)
    if missing.left and missing.right:
        return gettext(
            "{left} more points on the left and {right} on the right complete the next pair.",
            left=left,
            right=right,
        )
    if missing.left:
        return gettext("{left} more points on the left complete the next pair.", left=left)
    return gettext("{right} more points on the right complete the next pair.", right=right)


def _first_steps(found: Home) -> list[FirstStep]:
    """For a member's first 30 days, until all are done."""
    if clock.now() - found.me.joined_at > _FIRST_STEPS:
        return []
    steps = [
        FirstStep(gettext("Confirm your e-mail address"), found.me.has_confirmed),
        FirstStep(gettext("Tell us your bank account, so that we can pay you"), found.me.has_bank),
    ]
    if found.network:
        is_active = found.network.activity is not None and found.network.activity.today.active
        steps.append(FirstStep(gettext("Become active with your first order"), is_active))
        steps.append(FirstStep(gettext("Invite your first member"), bool(found.network.newcomers)))
    return steps if not all(step.is_done for step in steps) else []


def _all_legs(legs: list[LegsNow]) -> list[LegsShown]:
    """Who has one position is not told its number."""
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

    return LegsShown(
        title,
        _counted(legs, legs.left),
        _counted(legs, legs.right),
        _HALF * legs.left // longest,
        _HALF * legs.right // longest,
        _pair_sentence(of.missing) if of.missing else "",
    )


def _counted(legs: RunningLegs, amount: int) -> str:
    """What stands in a leg: points, or money of the plan."""
    return shown.money(amount, legs.currency) if legs.currency else _points(amount)


def _points(hundredths: int) -> str:
    """Points for people: `100`, or `97.82`."""
    whole, part = divmod(hundredths, 100)
    return shown.points(hundredths) if part else writing.whole(whole)


def _next_rank(network: Network | None) -> RankShown | None:
    if network is None or network.next_rank is None:
        return None
    open_ones = [each for each in network.next_rank.conditions if each.missing]
    if not open_ones:
        return None
    nearest = max(open_ones, key=lambda each: each.reached / each.wanted)
    wanted = sum(100 for _ in network.next_rank.conditions)
    reached = sum(
        min(100, 100 * each.reached // each.wanted) if each.wanted else 100
        for each in network.next_rank.conditions
    )
    return RankShown(network.next_rank.rank, 100 * reached // wanted, nearest.sentence)


def _newcomer(of: Newcomer) -> NewcomerShown:
    since = gettext("Joined on {day}", day=shown.day(of.since.date()))
    return NewcomerShown(face(of.member_id, of.firstname, of.lastname, of.picture), since)


_WAY = (PayoutStatus.REQUESTED, PayoutStatus.APPROVED, PayoutStatus.IN_BATCH, PayoutStatus.PAID)


def _payout(of: Payout) -> PayoutShown:
    words = (gettext("Requested"), gettext("Approved"), gettext("Sent"), gettext("Paid"))
    at = _WAY.index(PayoutStatus(of.status))
    states = ["reached" if number < at else "now" if number == at else "" for number in range(4)]
    return PayoutShown(
        gettext("Payout of {amount}", amount=shown.amount(of)),
        gettext("To your account ending in {ending}", ending=of.last_four),
        list(zip(words, states, strict=True)),
    )
