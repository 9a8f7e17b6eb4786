"""When the office takes each commission run from open to closed, and when it deals with payouts.

Each run whose period ended before the last whole month of the year did is closed by the year's
end. The run of that month is the first that stays open, so that visitors can try it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from upline.demo import events as happens
from upline.demo.events import StoryEvent
from upline.demo.joinings import DAYS, ROOT, Calendar
from upline.plans.periods import Every, Period, date_of, day_of, ending_within, in_turn

_OPENED, _COMPUTED = time(0, 10), time(0, 20)
_WORKER_WAITS = timedelta(minutes=10)
# A person's steps after the computation: how many working days after the one before, and when.
_UNHURRIED = (("review", 0, time(10, 5)), ("approve", 1, time(9, 30)), ("pay", 1, time(11)),
              ("close", 2, time(16)))  # fmt: skip
_FRIDAY = 4
_FIRST_PAYOUTS, _PAYOUTS_EVERY = 74, 14
_LAST_PAYOUTS = DAYS - 9
_DECLINES, _FAILS = 3, 5


@dataclass(frozen=True)
class Payday:
    """One run's moments; `steps` is empty for a run that stays open."""

    every: str
    last_day: date
    opened: datetime
    steps: dict[str, datetime] = field(default_factory=dict)


class Paydays:
    """All runs of the year, in their chain's order."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.first = day_of(calendar.first_day)
        self.runs = list(self._runs())

    def _runs(self) -> Iterator[Payday]:
        last = self.first + DAYS - 1
        months, weeks = (
            list(ending_within(self.first, last, every)) for every in (Every.MONTH, Every.WEEK)
        )
        approved = self.calendar.moment(0, time())
        for period in sorted([*weeks, *months], key=in_turn):
            opened = self._morning_after(period, _OPENED)
            steps = {}
            if in_turn(period) < in_turn(months[-1]):
                steps = self._steps(period, approved)
                approved = steps["approve"]
            yield Payday(str(period.every), date_of(period.last_day), opened, steps)

    def _morning_after(self, period: Period, at: time) -> datetime:
        return self.calendar.moment(period.last_day + 1 - self.first, at)

    def _steps(self, period: Period, approved: datetime) -> dict[str, datetime]:
        """One after the other, each by daylight; on the morning after the period where the year
        ends too soon for that."""
        computed = max(self._morning_after(period, _COMPUTED), approved + _WORKER_WAITS)
        steps = {"compute": computed}
        at = computed
        for step, days, hour in _UNHURRIED:
            at = steps[step] = self._working(at, days, hour)
        if at < self.calendar.last_moment:
            return steps
        return {step: computed + number * _WORKER_WAITS / 2 for number, step in enumerate(steps)}

    def _working(self, since: datetime, days: int, hour: time) -> datetime:
        """This hour so many days later, or the first one after it that is no weekend."""
        day = (since.date() - self.calendar.first_day).days + days
        while self.calendar.moment(day, hour) < since or self._is_weekend(day):
            day += 1
        return self.calendar.moment(day, hour)

    def _is_weekend(self, day: int) -> bool:
        return (self.calendar.first_day + timedelta(days=day)).weekday() > _FRIDAY

    def events(self) -> Iterator[StoryEvent]:
        """The worker opens what is due and computes; the owner reviews, pays and closes; the
        approver approves."""
        for opened in sorted({run.opened for run in self.runs}):
            yield happens.RunsAreOpened(opened, ROOT)
        for run in self.runs:
            for step, at in run.steps.items():
                yield happens.RunGoesOn(at, ROOT, step, run.every, run.last_day)
        yield from self._payouts()

    def _payouts(self) -> Iterator[StoryEvent]:
        for number, day in enumerate(range(_FIRST_PAYOUTS, _LAST_PAYOUTS, _PAYOUTS_EVERY), 1):
            looked_at = self._working(self.calendar.moment(day, time()), 0, time(14, 20))
            batched = looked_at + timedelta(hours=1)
            settled = self._working(batched, 1, time(9, 15))
            yield happens.PayoutsAreLookedAt(looked_at, ROOT, number % _DECLINES == 0)
            yield happens.PayoutsAreBatched(batched, ROOT)
            yield happens.BatchIsSettled(settled, ROOT, number % _FAILS == 0)

    def closed_before(self, at: datetime) -> int:
        """How many runs are closed by then."""
        return sum(bool(run.steps) and run.steps["close"] < at for run in self.runs)

    def outside_of(self, at: datetime) -> datetime | None:
        """This moment, or the first one after it that lies between no period's end and its
        payment, None where the year has none: who is blocked then is withheld from no run."""
        for run in self.runs:
            ended = datetime.combine(run.last_day + timedelta(days=1), time(), at.tzinfo)
            if ended <= at and not run.steps:
                return None
            if ended <= at <= run.steps.get("pay", ended):
                at = run.steps["pay"] + timedelta(minutes=40)
        return at
