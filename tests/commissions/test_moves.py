"""A move counts from a day that no commission run has frozen: an opened run never sees it."""

from datetime import timedelta
from functools import partial
from typing import Any

from commissions import moving
from commissions.conftest import Company
from commissions.founding import FIRST, LAST
from commissions.world import computed, opened, refused, sell
from upline.genealogy.models import PlacementFact, SponsorFact

NEXT = LAST + timedelta(days=1)


def move_on_frozen_days() -> Any:
    (run,) = opened()
    before = computed(run)
    facts = PlacementFact.objects.count(), SponsorFact.objects.count()
    refusals = [
        refused(partial(moving.move, "dan", "cleo", "L", day, "cleo")) for day in (FIRST, LAST)
    ]
    unchanged = facts == (PlacementFact.objects.count(), SponsorFact.objects.count())
    return [refusals, unchanged, before == computed(run)]


def test_a_move_within_days_that_a_run_has_frozen_is_refused(planned: Company) -> None:
    said = planned.does(move_on_frozen_days)
    refusals, unchanged, same = said
    assert all("belong to commission runs" in each for each in refusals)
    assert unchanged
    assert same


def move_on_the_next_day() -> Any:
    sell("dan", LAST, 10_000, 0)
    (run,) = opened()
    before = computed(run)
    made = moving.move("dan", "cleo", "L", NEXT, sponsor="cleo")
    same = before == computed(run)
    this = moving.upline("dan", NEXT), moving.upline("dan", NEXT + timedelta(days=1))
    return [made, same, this]


def test_a_move_on_the_first_day_that_is_not_frozen_counts_for_the_next_run_alone(
    planned: Company,
) -> None:
    said = planned.does(move_on_the_next_day)
    since, same, (then, later) = said
    assert same
    assert then == ["ben", "ben"], "as it stood when the run's last day ended"
    assert later == ["cleo", "cleo"]
    assert since == 0, "days from the first day that is not frozen"


def test_a_run_that_is_opened_during_a_move_waits_for_it(planned: Company) -> None:
    seen, dated = planned.does(moving.race, LAST)
    assert seen == dated == "cleo"


def test_the_race_notices_a_move_that_does_not_hold_the_books(planned: Company) -> None:
    said = planned.does(moving.race_without_lock, LAST)
    assert said == ["ben", "cleo"]
