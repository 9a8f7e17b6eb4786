"""Interim runs: what members earn in the periods that are running, seen before anybody is paid."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest

from commissions.conftest import Company
from commissions.founding import FIRST, LAST, PLAN, today
from commissions.interims import (
    SHOWN,
    amounts,
    everything_else,
    interim,
    of_run,
    paid_in_turn,
    quietly,
    run_to,
    shown,
    so_far,
    without_lock,
    worker,
)
from commissions.killing import two_at_once
from commissions.test_chain import PAIRS_DAILY
from commissions.world import (
    change,
    computed,
    grow,
    noon,
    opened,
    refused,
    sell,
    silent,
    use_plan,
)
from support.cast import enrol
from support.overlapping import first
from upline.base import clock, sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.commissions import statements
from upline.commissions.models import Interim, Run
from upline.flows import commission_run as flow
from upline.flows import configuring, refunding
from upline.orders.models import Order


def show_and_pay_a_day() -> Any:
    use_plan(FIRST, PAIRS_DAILY)
    day = FIRST.replace(day=10)

    with noon(day):
        before = interim() and amounts("day")
        sell("cleo", day, 1_000, 1_500)
        interim()
        after, anna = amounts("day"), so_far("anna")
    with noon(day + timedelta(days=1)):
        paid_in_turn(opened())
    return [before, after, of_run(run_to(day, "day")), anna["day"], str(day)]


def test_what_an_interim_run_shows_is_what_the_days_own_run_pays_later(planned: Company) -> None:
    """ben's 40 points and cleo's 25 make anna two pairs of 2.00: nobody opened a run before."""
    said = planned.does(show_and_pay_a_day)
    before, after, paid, anna, day = said
    assert before == {"0 anna": 400}
    assert after == {"0 anna": 800} == paid
    assert anna["days"] == [day, day]
    assert anna["amounts"] == {"pairs": 800}
    assert anna["legs"] == {"pairs": [4000, 4000]}


def show_and_pay_a_month() -> Any:
    use_plan(FIRST, PAIRS_DAILY)
    day = FIRST.replace(day=10)

    with noon(day):
        interim()
        anna, dan = so_far("anna"), so_far("dan")
    with noon(LAST + timedelta(days=1)):
        paid_in_turn(opened())
    return [anna, dan, of_run(run_to(LAST, "month")), str(FIRST), str(LAST)]


def test_each_length_of_period_shows_its_own_bonuses_and_the_rank_so_far(
    planned: Company,
) -> None:
    said = planned.does(show_and_pay_a_month)
    anna, dan, paid, first, last = said
    assert sorted(anna) == ["day", "month"]
    assert anna["month"]["days"] == [first, last]
    assert anna["month"]["amounts"] == {"levels": paid["1 anna"]} == {"levels": 1050}
    assert (anna["month"]["total"], anna["month"]["rank"]) == (1050, "Bronze")
    assert anna["month"]["legs"] == {}
    assert (dan["month"]["total"], dan["month"]["rank"]) == (0, "")


def stand_on_a_computed_run() -> Any:
    use_plan(FIRST, PAIRS_DAILY)
    day = FIRST.replace(day=10)

    with noon(day + timedelta(days=1)):
        runs = opened()
    paid_in_turn(runs[:-1])
    computed(runs[-1])
    sell("cleo", day + timedelta(days=2), 1_000, 500)
    with noon(day + timedelta(days=3)):
        opened()
    with noon(day + timedelta(days=4)):
        sell("cleo", day + timedelta(days=4), 1_000, 1_000)
        interim()
        anna = so_far("anna")
    with noon(day + timedelta(days=5)):
        opened()
    later = Run.objects.filter(pk__gte=runs[-1]).order_by("pk")
    paid_in_turn([run.pk for run in later])
    return [anna, runs[-1], of_run(run_to(day + timedelta(days=4), "day"))]


def test_it_stands_on_the_last_computed_run_and_goes_through_what_has_ended_since(
    planned: Company,
) -> None:
    """20 and 5 points were left of the day before; three days nobody computed lie between."""
    said = planned.does(stand_on_a_computed_run)
    anna, base, paid = said
    assert anna["day"]["amounts"] == {"pairs": paid["0 anna"]} == {"pairs": 200}
    assert anna["day"]["legs"] == {"pairs": [1000, 1000]}
    assert anna["day"]["basis"].startswith(f"on top of run {base} to ")
    assert "3 periods that have ended since" in anna["day"]["basis"]


def begin_another_plan() -> Any:
    middle = FIRST.replace(day=15)
    step = '[[ranks.steps]]\nname = "Bronze"'
    copper = '[[ranks.steps]]\nname = "Copper"\nteam_points = 1\n\n'
    use_plan(middle, PLAN.replace(step, copper + step))
    sell("cleo", middle, 100, 1_500)
    with noon(middle):
        interim()
        shown, cleo = amounts("month"), so_far("cleo")["month"]
    paid_in_turn(opened())
    return [shown, of_run(2), cleo, str(middle), str(LAST)]


def test_where_another_plan_began_meanwhile_it_takes_over_what_the_runs_will(
    planned: Company,
) -> None:
    said = planned.does(begin_another_plan)
    shown, paid, cleo, middle, last = said
    assert shown == paid
    assert shown["0 anna"] == 400
    assert (cleo["days"], cleo["rank"]) == ([middle, last], "Copper")
    assert "on top of no run and 1 period that has ended since" in cleo["basis"]


def refund_before_it_is_paid() -> Any:
    use_plan(FIRST, PAIRS_DAILY)
    day = FIRST.replace(day=10)

    number = sell("dan", day, 10_000, 0)
    with noon(day):
        interim()
        before = amounts("month")
        line = Order.objects.get(number=number).lines.get()
        refunding.refund_order(UnitOfWork(Shell()), number, {line.pk: 1}, "x")
        interim()
        after = amounts("month")
    return [before["1 ben"] - after["1 ben"], before["1 anna"] - after["1 anna"]]


def test_an_order_refunded_before_it_was_paid_is_no_longer_shown(planned: Company) -> None:
    said = planned.does(refund_before_it_is_paid)
    assert said == [1000, 500]


def look_for_traces() -> Any:
    (run,) = opened()
    first = computed(run)
    before = everything_else()
    interim()
    differs = [name for name, was in before.items() if everything_else()[name] != was]
    for name in ("anna", "ben"):
        sell(name, today(), 5_000, 1_000)
    interim()
    again = computed(run)
    return [differs, first == again, len(before), len(amounts("month"))]


def test_it_leaves_no_trace_but_what_it_shows(planned: Company) -> None:
    said = planned.does(look_for_traces)
    differs, same, tables, shown = said
    assert differs == []
    assert same
    assert tables > 40
    assert shown > 0
    assert "BROKEN" not in planned.says("verify")


def interim_twice(has_lock: bool) -> Any:
    grow(FIRST, 30)
    if not has_lock:
        without_lock()
    with noon(LAST):
        tried = two_at_once(quietly)
        for _ in range(3):
            for table in SHOWN:
                change(f"DELETE FROM {table}")
            tried += two_at_once(quietly)
        both = shown()
        interim()
    return [tried, both == shown(), len(both) > 1000]


@pytest.mark.parametrize("lock", [True, False], ids=["as it is", "without the lock"])
def test_two_at_once_show_everything_once(planned: Company, lock: bool) -> None:
    said = planned.does(interim_twice, lock)
    assert said == [[0] * 8, True, True]


def come_second() -> Any:
    tried = []

    def hold() -> None:
        sql.value(bool, statements.TRY_INTERIM)

    first(hold, lambda: tried.append(refused(lambda: flow.interim(silent))))
    return [*tried, shown()]


def test_of_two_at_once_the_second_leaves(planned: Company) -> None:
    said = planned.does(come_second)
    tried, left = said
    assert tried == "Someone else is calculating an interim run."
    assert json.loads(left) == [[] for _ in SHOWN]


def sell_meanwhile() -> Any:
    begun, sold, seen = threading.Event(), threading.Event(), []

    def slowly(sentence: str) -> None:
        begun.set()
        seen.append(sold.wait(20))

    other = threading.Thread(target=lambda: flow.interim(slowly))
    other.start()
    begun.wait(30)
    number = sell("ben", today(), 5_000, 900)
    sold.set()
    other.join()
    return [all(seen), len(seen) > 2, Order.objects.get(number=number).status]


def test_orders_do_not_wait_for_an_interim_run(planned: Company) -> None:
    said = planned.does(sell_meanwhile)
    assert said == [True, True, "complete"]


def let_minutes_pass() -> Any:
    start = clock.now()
    seen = []

    def later(minutes: int) -> None:
        with clock.pinned(start + timedelta(minutes=minutes)):
            worker()
        row = Interim.objects.first()
        rows = sql.values(
            str,
            "SELECT username || ' ' || bonus || ' ' || commissions_interimearning.xmin::text"
            " FROM commissions_interimearning JOIN members_user ON members_user.id = member_id",
        )
        at = row and round((row.at - start).total_seconds() / 60)
        seen.append([at, row and row.books, dict(each.rsplit(" ", 1) for each in rows)])

    configuring.change_settings(UnitOfWork(Shell()), interim_minutes=0)
    later(0)
    configuring.change_settings(UnitOfWork(Shell()), interim_minutes=10)
    later(0)
    later(9)
    later(10)
    sell("ben", today(), 5_000, 900)
    later(20)
    enrol("dan", "eva", "dan", "L")
    later(30)
    later(40)
    return seen


def test_the_worker_makes_one_every_so_many_minutes_where_something_has_changed(
    planned: Company,
) -> None:
    said = planned.does(let_minutes_pass)
    off, first, early, unchanged, sold, joined, last = said
    assert off == [None, None, {}]
    assert first[0] == early[0] == 0
    assert (unchanged[0], sold[0], joined[0], last[0]) == (10, 20, 30, 40)
    assert first[1:] == early[1:] == unchanged[1:], "what is shown was not calculated again"
    assert len({first[1], sold[1], joined[1]}) == 3, "it was calculated again"
    touched = {who for who, written in sold[2].items() if first[2].get(who) != written}
    assert touched, "ben sold something"
    assert set(first[2]) - touched, "rows that stay as they are are not written"
    assert joined[2] == sold[2]
    assert last[1:] == joined[1:]


def test_it_is_made_in_the_shell_by_nobody_in_particular(planned: Company) -> None:
    planned.does(opened)
    said = planned.says("run", "interim")
    assert "month  " in said
    assert "so far, on top of no run and 1 period that has ended since" in said
    assert planned.value("SELECT count(*) FROM commissions_interim") == 1


def test_without_a_plan_there_is_nothing_to_work_out(company: Company) -> None:
    assert "No plan is in force" in company.refuses("run", "interim")
    company.does(worker)
    assert company.value("SELECT count(*) FROM commissions_interim") == 0


def replace_the_plan() -> Any:
    with noon(FIRST):
        interim()
    use_plan(FIRST, PAIRS_DAILY)
    with noon(FIRST):
        left = shown()
        interim()
    return [left, sorted(so_far("anna") or [])]


def test_a_plan_that_only_interim_runs_have_used_can_still_be_replaced(planned: Company) -> None:
    said = planned.does(replace_the_plan)
    left, lengths = said
    assert json.loads(left) == [[] for _ in SHOWN]
    assert lengths in ([], ["day", "month"])
