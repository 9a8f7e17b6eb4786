"""A move counts from a day that no commission run has frozen: an opened run never sees it."""

import json

from commissions.conftest import Company

PROLOGUE = """
from datetime import timedelta
from commissions import moving
from upline.base import sql
from upline.genealogy.models import PlacementFact, SponsorFact
NEXT = LAST + timedelta(days=1)
"""


def test_a_move_within_days_that_a_run_has_frozen_is_refused(planned: Company) -> None:
    said = planned.program(
        PROLOGUE
        + """
(run,) = opened()
before = computed(run)
facts = PlacementFact.objects.count(), SponsorFact.objects.count()
refusals = [refused(lambda: moving.move("dan", "cleo", "L", day, "cleo")) for day in (FIRST, LAST)]
unchanged = facts == (PlacementFact.objects.count(), SponsorFact.objects.count())
print(json.dumps([refusals, unchanged, before == computed(run)]))
"""
    )
    refusals, unchanged, same = json.loads(said)
    assert all("belong to commission runs" in each for each in refusals)
    assert unchanged
    assert same


def test_a_move_on_the_first_day_that_is_not_frozen_counts_for_the_next_run_alone(
    planned: Company,
) -> None:
    said = planned.program(
        PROLOGUE
        + """
sell("dan", LAST, 10_000, 0)
(run,) = opened()
before = computed(run)
made = moving.move("dan", "cleo", "L", NEXT, sponsor="cleo")
same = before == computed(run)
this = moving.upline("dan", NEXT), moving.upline("dan", NEXT + timedelta(days=1))
print(json.dumps([made, same, this]))
"""
    )
    since, same, (then, later) = json.loads(said)
    assert same
    assert then == ["ben", "ben"], "as it stood when the run's last day ended"
    assert later == ["cleo", "cleo"]
    assert since == 0, "days from the first day that is not frozen"


def test_a_run_that_is_opened_during_a_move_waits_for_it(planned: Company) -> None:
    seen, dated = json.loads(planned.program(PROLOGUE + "moving.race(LAST)"))
    assert seen == dated == "cleo"


def test_the_race_notices_a_move_that_does_not_hold_the_books(planned: Company) -> None:
    said = planned.program(PROLOGUE + "moving.without_lock()\nmoving.race(LAST)")
    assert json.loads(said) == ["ben", "cleo"]
