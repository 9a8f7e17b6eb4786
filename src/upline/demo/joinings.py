"""Who joins when, through whom, and where they stand."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from upline.catalog.models import PackageKind
from upline.demo import catalogue, pictures, showing
from upline.demo.people import DemoPerson, Register
from upline.demo.showing import ANYBODY, MARC, Part
from upline.demo.tree import LEGS, DemoTree

ROOT = "tillwater"
MEMBERS = 300
DAYS = 365
FIRST_CIRCLE, FIRST_SWISS = 9, 3
# The day on which the company begins to sell in Switzerland.
ABROAD_FROM = 20
TIME_ZONE = ZoneInfo("Europe/Berlin")

# How members differ: share of all, orders in a month, weight as sponsors.
_TEMPERAMENTS = {
    "dormant": (15, 0.0, 0.0),
    "quiet": (42, 0.14, 0.3),
    "steady": (28, 0.4, 1.5),
    "busy": (12, 0.8, 5.0),
    "leader": (3, 1.5, 14.0),
}
# From joining _OPENS_FROM on, each _OPENS_EVERY-th one gives a member a further position.
_OPENS_EVERY, _OPENS_FROM, _HOLDERS = 15, 60, 12
_AMONG_SWISS, _FROM_SWISS = 12.0, 0.4
# Whom demo.json names stays active, so that there is something to see of their commissions.
_OF_A_SEAT = 1.2


@dataclass(frozen=True)
class Opening:
    """A further position of a recruit: its name in the tree, and where it is opened."""

    at: datetime
    name: str
    placement: str
    leg: str


@dataclass
class Recruit:
    """A member of the story. Blocked from `blocked_at` until `unblocked_at`, if at all. `waits` for
    a place in the tree, if `part` says so; `portrait` names a picture."""

    person: DemoPerson
    joined_at: datetime
    temperament: str
    portrait: str
    part: Part = ANYBODY
    sponsor: str = ""
    caller: str = ""
    placement: str = ""
    leg: str = ""
    package: str = ""
    payment_method: str = ""
    strong_leg: str = "L"
    recruits: int = 0
    further: list["Opening"] = field(default_factory=list)
    blocked_at: datetime | None = None
    unblocked_at: datetime | None = None
    is_seat: bool = False
    is_across: bool = False  # who enrols them is in the other market, and cannot pay for them

    @property
    def username(self) -> str:
        return self.person.username

    @property
    def is_shown(self) -> bool:
        """Whether visitors become this person with one click."""
        return self.part.person is not None

    @property
    def has_place(self) -> bool:
        """Whether the person stands in the tree."""
        return not self.part.waits

    @property
    def is_named(self) -> bool:
        """Whether visitors sign in as this person at all."""
        return self.is_seat or self.is_shown

    @property
    def orders_in_a_month(self) -> float:
        usual = _TEMPERAMENTS[self.temperament][1]
        return max(usual, _OF_A_SEAT) if self.is_named else usual

    def may_act(self, at: datetime) -> bool:
        if self.blocked_at is None or at < self.blocked_at:
            return True
        return self.unblocked_at is not None and at > self.unblocked_at


class Calendar:
    """The year's moments, by day: 0 is its first."""

    def __init__(self, last_day: date) -> None:
        self.first_day = last_day - timedelta(days=DAYS - 1)
        self.last_moment = self.moment(DAYS - 1, time(23, 59, 30))

    def moment(self, day: int, at: time) -> datetime:
        return datetime.combine(self.first_day + timedelta(days=day), at, TIME_ZONE)

    def waking(self, day: int, choose: Random) -> datetime:
        """Some moment between seven and eleven in the evening."""
        second = choose.randrange(7 * 3600, 23 * 3600)
        return self.moment(day, time(second // 3600, second // 60 % 60, second % 60))


def plan(
    calendar: Calendar, choose: Random, may_be_blocked: Callable[[datetime], datetime | None]
) -> tuple[list[Recruit], DemoTree]:
    """All who join, in the order of their joining, each with a place in the tree.
    `may_be_blocked` gives the first moment, from another one on, at which a member may be
    blocked."""
    register, tree = Register(choose, showing.USERNAMES), DemoTree(ROOT)
    recruits: list[Recruit] = []
    moments = _moments(calendar, choose)
    parts = showing.parts(moments, calendar.last_moment)
    for number, moment in enumerate(moments):
        part = parts.get(number, ANYBODY)
        is_abroad_open = moment >= calendar.moment(ABROAD_FROM + 1, time())
        person = part.person or register.invent(may_be_swiss=is_abroad_open and part == ANYBODY)
        recruit = _recruit(person, moment, part, recruits, choose)
        _perhaps_open(recruits, moment, tree)
        recruit.strong_leg = choose.choice(LEGS)
        _find_sponsor(recruit, recruits, tree, choose)
        _find_place(recruit, recruits, tree, choose)
        _choose_package(recruit, recruits, choose)
        _perhaps_block(recruit, calendar, choose, may_be_blocked)
        recruits.append(recruit)
    return recruits, tree


def _recruit(
    person: DemoPerson, moment: datetime, part: Part, others: list[Recruit], choose: Random
) -> Recruit:
    """Each gets the next portrait of their gender."""
    swiss = sum(each.person.is_swiss for each in others)
    is_first = len(others) < FIRST_CIRCLE or (person.is_swiss and swiss < FIRST_SWISS)
    alike = sum(each.person.gender == person.gender for each in others)
    portrait = pictures.portrait_of(person.gender, alike)
    if part.person:
        portrait = part.person.username
    temperament = part.temperament or _temperament(choose, is_first=is_first)
    return Recruit(person, moment, temperament, portrait, part)


def _perhaps_open(recruits: list[Recruit], moment: datetime, tree: DemoTree) -> None:
    """A dozen who sponsor much get a second position, and then some of them a third, each below
    the first one's weaker leg."""
    number = len(recruits)
    if number < _OPENS_FROM or number % _OPENS_EVERY:
        return
    able = [
        each
        for each in recruits
        if each.temperament in {"busy", "leader"} and _may_sponsor(each, moment)
    ]
    holders = [each for each in able if each.further]
    others = [each for each in able if not each.further]
    asked = others if others and len(holders) < _HOLDERS else holders
    asked.sort(key=lambda each: (len(each.further), -each.recruits, each.joined_at))
    holder = asked[0]
    weak = "R" if holder.strong_leg == "L" else "L"
    placement, leg = tree.first_free(holder.username, weak)
    name = f"{holder.username}/{len(holder.further) + 2}"
    holder.further.append(Opening(moment - timedelta(seconds=30), name, placement, leg))
    tree.put(name, placement, leg)


def _moments(calendar: Calendar, choose: Random) -> list[datetime]:
    """Slow at first, faster later; quiet on Sundays and in August, two loud weeks."""
    loud = {choose.randrange(60, 180), choose.randrange(220, 340)}

    def weight(day: int) -> float:
        on = calendar.first_day + timedelta(days=day)
        growth = 0.4 + 1.6 * day / DAYS
        weekday = (1, 1.1, 1.1, 1, 0.9, 0.7, 0.4)[on.weekday()]
        august = 0.55 if on.month == 8 else 1
        return growth * weekday * august * (2.2 if any(0 <= day - each < 7 for each in loud) else 1)

    weights = [weight(day) for day in range(DAYS)]
    days = choose.choices(range(10, DAYS), weights[10:], k=MEMBERS - FIRST_CIRCLE)
    first = [choose.randrange(1, 12) for _ in range(FIRST_CIRCLE)]
    return sorted(calendar.waking(day, choose) for day in [*first, *days])


def _temperament(choose: Random, *, is_first: bool) -> str:
    """Who begins in a market sells and sponsors much."""
    if is_first:
        return choose.choice(("leader", "busy"))
    shares = [share for share, _, _ in _TEMPERAMENTS.values()]
    return choose.choices(list(_TEMPERAMENTS), shares)[0]


def _find_sponsor(recruit: Recruit, others: list[Recruit], tree: DemoTree, choose: Random) -> None:
    """Few sponsor many; who has sponsored sponsors again, and the newly joined are eager."""
    if recruit.part.leg or recruit.part.waits:
        recruit.sponsor = recruit.caller = recruit.part.sponsor or ROOT
        return
    able = [each for each in others if _may_sponsor(each, recruit.joined_at)]
    inside = [each for each in able if tree.is_in_team(MARC.username, each.username)]
    is_inside = bool(inside) and _marc_lacks(len(others), tree)
    able = inside if is_inside else [each for each in able if each not in inside]
    weights = [_eagerness(each, recruit.joined_at) * _nearness(each, recruit) for each in able]
    company = 40.0 if len(others) < FIRST_CIRCLE else 3.0
    names = [each.username for each in able] + ([] if is_inside else [ROOT])
    weights += [] if is_inside else [company]
    recruit.sponsor = recruit.caller = choose.choices(names, weights)[0]
    above = [
        each
        for each in able
        if each.temperament != "dormant" and tree.is_in_team(each.username, recruit.sponsor)
    ]
    if above and choose.random() < 0.08:
        recruit.caller = choose.choice(above).username
    for each in able:
        each.recruits += each.username == recruit.sponsor


def _marc_lacks(joined: int, tree: DemoTree) -> bool:
    """Whether whoever joins now, after so many others, is to stand below Marc: his team grows with
    the company."""
    share = joined / (MEMBERS - 1 - showing.WAITING)
    return tree.people_below(MARC.username) < round(showing.TEAM_SHARE * MEMBERS * share)


def _may_sponsor(each: Recruit, at: datetime) -> bool:
    return each.has_place and each.joined_at < at - timedelta(days=1) and each.may_act(at)


def _nearness(each: Recruit, recruit: Recruit) -> float:
    """The Swiss mostly know each other."""
    if not each.person.is_swiss:
        return 1.0
    return _AMONG_SWISS if recruit.person.is_swiss else _FROM_SWISS


def _eagerness(each: Recruit, at: datetime) -> float:
    months = (at - each.joined_at).days / 30
    return _TEMPERAMENTS[each.temperament][2] * (1 + 0.25 * each.recruits) * math.pow(0.88, months)


def _find_place(recruit: Recruit, others: list[Recruit], tree: DemoTree, choose: Random) -> None:
    """Spill-over to the outer end, or a position that the sponsor has picked."""
    if recruit.part.waits:
        return
    if recruit.part.leg:
        recruit.placement, recruit.leg = tree.first_free(recruit.sponsor, recruit.part.leg)
        tree.put(recruit.username, recruit.placement, recruit.leg)
        return
    strong = {each.username: each.strong_leg for each in others}.get(recruit.sponsor, "L")
    weak = "R" if strong == "L" else "L"
    if recruit.sponsor == ROOT:
        weak = strong  # the company's other leg is Marc's
    if recruit.sponsor == MARC.username:
        # Whoever leads many sees to it that both legs grow.
        strong = weak = min(LEGS, key=lambda leg: tree.people_in(MARC.username, leg))
    ways: list[tuple[int, Callable[[], tuple[str, str, str]]]] = [
        (34, lambda: ("", strong, "")),
        (6, lambda: ("", "L", "unsaid")),
        (36, lambda: (*tree.first_free(recruit.sponsor, weak), "")),
        (24, lambda: (*tree.first_free(recruit.sponsor, strong), "")),
    ]
    placement, leg, unsaid = choose.choices([way for _, way in ways], [share for share, _ in ways])[
        0
    ]()
    tree.put(recruit.username, placement or tree.outer_end(recruit.sponsor, leg), leg)
    recruit.placement, recruit.leg = placement, "" if unsaid else leg


def _choose_package(recruit: Recruit, others: list[Recruit], choose: Random) -> None:
    if recruit.part.package:
        recruit.package, recruit.payment_method = recruit.part.package, "ewallet"
        return
    codes, shares = catalogue.popular(PackageKind.MEMBERSHIP)
    if recruit.temperament in {"leader", "busy"}:
        shares = [1, 2, 2]
    recruit.package = choose.choices(codes, shares)[0]
    free = {"dormant": 60, "quiet": 30, "steady": 12, "busy": 4, "leader": 0}[recruit.temperament]
    recruit.payment_method = choose.choices(
        ["free_join", "ewallet", "epin"], [free, 65 - free / 2, 35 - free / 2]
    )[0]
    swiss = {each.username for each in others if each.person.is_swiss}
    recruit.is_across = recruit.person.is_swiss != (recruit.caller in swiss)
    if recruit.is_across:
        recruit.payment_method = "free_join"


def _perhaps_block(
    recruit: Recruit,
    calendar: Calendar,
    choose: Random,
    may_be_blocked: Callable[[datetime], datetime | None],
) -> None:
    if recruit.part != ANYBODY or recruit.temperament in {"busy", "leader"}:
        return
    if choose.random() > 0.05:
        return
    days = choose.randrange(25, 140)
    blocked_at = may_be_blocked(recruit.joined_at + timedelta(days=days, minutes=17))
    if blocked_at and blocked_at < calendar.last_moment:
        recruit.blocked_at = blocked_at
        unblocked_at = blocked_at + timedelta(days=choose.randrange(4, 20), minutes=5)
        if choose.random() < 0.35 and unblocked_at < calendar.last_moment:
            recruit.unblocked_at = unblocked_at
