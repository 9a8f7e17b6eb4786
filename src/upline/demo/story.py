"""The demo company's year, planned from a seed: nothing here touches a database.

The same seed and the same last day give the same story, down to the second."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from upline.demo import events as happens
from upline.demo import joinings, patrons, waiting
from upline.demo.events import StoryEvent
from upline.demo.joinings import Calendar, Recruit
from upline.demo.lives import Life
from upline.demo.paydays import Paydays
from upline.demo.tree import DemoTree

SEED = 20_240
SEATS = 5
# What a euro is worth in millionths of a franc, from so many days after the market opened on.
_FRANCS = {0: 941_200, 165: 929_500, 260: 934_800}


@dataclass(frozen=True)
class Story:
    """`seats` are the members whom demo.json names: none is in another one's team."""

    calendar: Calendar
    events: list[StoryEvent]
    seats: list[str]


def write(last_day: date, seed: int = SEED) -> Story:
    """A year that ends with `last_day`, its events in their order."""
    choose, calendar = Random(seed), Calendar(last_day)  # noqa: S311 - a story, not a secret
    paydays = Paydays(calendar)
    recruits, tree = joinings.plan(calendar, choose, paydays.outside_of)
    seats = _choose_seats(recruits, tree)
    for recruit in recruits:
        recruit.is_seat = recruit in seats
    lives = [Life(recruit, calendar, choose) for recruit in recruits]
    lived = [event for life in lives for event in life.events()]
    events = [
        *waiting.events(lives, calendar),
        *lived,
        *_epin_batches(recruits, calendar, choose),
        *patrons.events(recruits, calendar, Random(seed + 1)),  # noqa: S311 - as above
        *paydays.events(),
        *_second_market(calendar),
        *_days(recruits, paydays),
    ]
    events.sort(key=lambda event: event.at)
    return Story(calendar, events, [seat.username for seat in seats])


def _choose_seats(recruits: list[Recruit], tree: DemoTree) -> list[Recruit]:
    """Active members with teams worth looking at, each outside of the others' teams."""
    sizes = {each.username: tree.team_size(each.username) for each in recruits if each.has_place}
    able = [
        each
        for each in recruits
        if each.temperament in {"steady", "busy", "leader"}
        and not each.is_shown
        and each.payment_method != "free_join"
        and not each.person.is_swiss
        and each.blocked_at is None
    ]

    def dullness(each: Recruit) -> tuple[bool, int]:
        size = sizes[each.username]
        return not 3 <= size <= 60, -size

    seats: list[Recruit] = []
    for each in sorted(able, key=dullness):
        if len(seats) < SEATS and not any(_are_related(each, seat, tree) for seat in seats):
            seats.append(each)
    assert len(seats) == SEATS, "there are always members with nobody below"
    return seats


def _are_related(one: Recruit, other: Recruit, tree: DemoTree) -> bool:
    names = one.username, other.username
    return tree.is_in_team(*names) or tree.is_in_team(*reversed(names))


def _epin_batches(
    recruits: list[Recruit], calendar: Calendar, choose: Random
) -> Iterator[StoryEvent]:
    """Each month two who sponsor much buy e-pins from the office; now and then one is lost."""
    sponsors = [
        each for each in recruits if each.temperament in {"busy", "leader"} and not each.is_seat
    ]
    for day in range(45, joinings.DAYS, 30):
        at = calendar.moment(day, time(9, 40))
        known = [each for each in sponsors if each.joined_at < at]
        for number, owner in enumerate(choose.sample(known, min(2, len(known)))):
            issued_at = at + timedelta(minutes=7 * number)
            amount, days = choose.choice((5000, 10_000, 12_500)), choose.choice((30, 60, 400))
            yield happens.GetsEPins(
                issued_at, owner.username, amount, choose.randint(3, 6), days, "Paid in cash"
            )
            if number == 0 and day % 90 == 75:
                yield happens.EPinIsBlocked(issued_at + timedelta(hours=3), owner.username)


def _second_market(calendar: Calendar) -> Iterator[StoryEvent]:
    """It opens, and its exchange rate changes twice in the year."""
    day = joinings.ABROAD_FROM
    yield happens.MarketOpens(calendar.moment(day, time(10)), joinings.ROOT)
    for days, per_unit in _FRANCS.items():
        at = calendar.moment(day + days, time(10, 30))
        yield happens.RateBegins(at, joinings.ROOT, per_unit)


def _days(recruits: list[Recruit], paydays: Paydays) -> Iterator[StoryEvent]:
    for day in range(joinings.DAYS):
        at = paydays.calendar.moment(day, time(23, 59, 30))
        joined = sum(recruit.joined_at < at for recruit in recruits)
        closed = paydays.closed_before(at)
        yield happens.DayEnds(at, joinings.ROOT, day, joined, closed, day == joinings.DAYS - 1)
