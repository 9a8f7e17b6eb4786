"""The demo company's customers: people who only buy, registered below a member."""

from collections.abc import Iterator
from datetime import time, timedelta
from random import Random

from upline.catalog.models import PackageKind
from upline.demo import catalogue, showing
from upline.demo import events as happens
from upline.demo.events import StoryEvent
from upline.demo.joinings import DAYS, Calendar, Recruit
from upline.demo.people import DemoPerson, Register
from upline.members.models import MemberKind

PATRONS = 40
_FIRST_DAY, _LAST_DAY = 30, DAYS - 20
_KINDS = (MemberKind.RETAIL, MemberKind.RETAIL, MemberKind.PREFERRED)
_WAYS = {"wallet": 70, "paid_in": 20, "later": 10}
_REASON = "Did not like the colour"
_OF_LEA = (
    (("P-210", 1), ("T-110", 1)), (("C-310", 1), ("T-130", 2)), (("H-410", 2),),
    (("C-320", 1), ("T-110", 1)), (("P-240", 3), ("T-140", 1)),
)  # fmt: skip


def events(recruits: list[Recruit], calendar: Calendar, choose: Random) -> Iterator[StoryEvent]:
    """All that customers do, in no order yet. `choose` is theirs alone: members live on as they
    would without them."""
    taken = {recruit.username for recruit in recruits}
    register = Register(choose, {*taken, *showing.USERNAMES})
    yield from _lea(calendar)
    for _ in range(PATRONS):
        yield from _life(register.invent(), recruits, calendar, choose)


def _lea(calendar: Calendar) -> Iterator[StoryEvent]:
    """A customer of Marc's, whom visitors become: she buys something each month. Her last order
    waits for her bank transfer, and something is in her cart."""
    person, who = showing.LEA, showing.LEA.username
    day = max(DAYS - 150, DAYS // 2)
    at = calendar.moment(day, time(18, 40))
    yield happens.RegistersCustomer(at, who, person, showing.MARC.username, MemberKind.RETAIL)
    yield happens.AddsAddress(at + timedelta(minutes=6), who, person, person.name, person.street)
    yield happens.ShowsPicture(at + timedelta(minutes=9), who, who)
    for number, wares in enumerate(_OF_LEA):
        bought_at = calendar.moment(day + 2 + 27 * number, time(20, 15))
        if bought_at < calendar.last_moment - timedelta(days=7):
            yield happens.Buys(bought_at, who, f"{who}/{number}", wares, "wallet")
    at = calendar.moment(DAYS - 3, time(19, 5))
    yield happens.Buys(at, who, f"{who}/transfer", (("H-430", 1), ("P-210", 2)), "transfer")
    yield happens.FillsCart(at + timedelta(days=2), who, (("T-140", 1), ("T-110", 1), ("H-440", 1)))


def _life(
    person: DemoPerson, recruits: list[Recruit], calendar: Calendar, choose: Random
) -> Iterator[StoryEvent]:
    day = choose.randrange(_FIRST_DAY, _LAST_DAY)
    at = calendar.waking(day, choose)
    able = [each for each in recruits if each.temperament != "dormant" and not each.blocked_at]
    sponsor = choose.choice([each for each in able if each.joined_at < at])
    kind = choose.choice(_KINDS)
    yield happens.RegistersCustomer(at, person.username, person, sponsor.username, kind)
    yield happens.AddsAddress(
        at + timedelta(minutes=10), person.username, person, person.name, person.street
    )
    yield from _purchases(person.username, day, calendar, choose)


def _purchases(who: str, day: int, calendar: Calendar, choose: Random) -> Iterator[StoryEvent]:
    number = 0
    while (day := day + choose.randrange(3, 70)) < DAYS - 1:
        number += 1
        key, at = f"{who}/{number}", calendar.waking(day, choose)
        way = choose.choices(list(_WAYS), list(_WAYS.values()))[0]
        yield happens.Buys(at, who, key, _wares(choose), way)
        if way == "later":
            yield happens.OrderIsApproved(at + timedelta(hours=1), who, key)
        elif choose.random() < 0.08:
            back = at + timedelta(days=choose.randrange(2, 30))
            if back < calendar.last_moment:
                yield happens.OrderIsRefunded(back, who, key, True, _REASON)


def _wares(choose: Random) -> tuple[tuple[str, int], ...]:
    codes, shares = catalogue.popular(PackageKind.CART)
    chosen = {choose.choices(codes, shares)[0] for _ in range(choose.choice((1, 1, 2)))}
    return tuple((code, choose.choice((1, 1, 2))) for code in sorted(chosen))
