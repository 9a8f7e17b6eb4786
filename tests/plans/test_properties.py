"""What holds for every plan and every company: rows, runs, totals, and the bounds of a plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import numpy as np

from plans import random_plans as make
from plans.agreement import lines_of, told_by_core
from plans.companies import as_members, as_orders
from plans.oracle.company import Company, Order
from plans.oracle.standing import part_of_order
from plans.running import Met, a_company, all_runs, any_plan, for_all, runs_of
from upline.plans.arranging import arrangement, moved
from upline.plans.bonus import Levels, Needs, Pool, Rates, Share, Stairstep
from upline.plans.company import Members, Orders
from upline.plans.counting import Basis, Counted, Customer
from upline.plans.periods import Every, Period
from upline.plans.plan import HUNDRED_PERCENT, Plan, Settlement
from upline.plans.result import Result
from upline.plans.run import run


def test_the_order_of_rows_changes_nothing() -> None:
    def holds(chance: Random, every: Every, met: Met) -> None:
        company, plan = a_company(chance, every), any_plan(chance, every)
        rows = list(range(len(company.members)))
        answers = []
        for _ in range(3):
            members, ids = arranged(rows, company)
            results = all_runs(plan, members, orders_for(company, ids), every)
            answers.append([by_id(result, ids) for result in results])
            met["lines"] += any(len(lines) for result in results for lines in result.lines)
            met["parents who joined with their recruits"] += ids != sorted(ids)
            chance.shuffle(rows)
        assert answers[0] == answers[1] == answers[2]

    for_all(holds, "lines", "parents who joined with their recruits")


def arranged(rows: list[int], company: Company) -> tuple[Members, list[int]]:
    """Members whose rows come in any order, put in theirs; tells also whose each place is.

    A row knows its member's id, which is the place in the company.
    """
    place = {member: row for row, member in enumerate(rows)}
    place[-1] = -1
    given = as_members(Company([company.members[member] for member in rows], []))
    sponsor = np.array([place[int(above)] for above in given.sponsor], np.int32)
    placement = np.array([place[int(above)] for above in given.placement], np.int32)
    by_seniority = np.array(
        sorted(range(len(rows)), key=lambda row: (company.members[rows[row]].joined, rows[row])),
        np.int32,
    )
    order = arrangement(sponsor, placement, by_seniority)
    members = Members(
        sponsor=moved(sponsor, order),
        placement=moved(placement, order),
        side=given.side[order],
        joined=given.joined[order],
        package=given.package[order],
        active=None if given.active is None else given.active[order],
        known=None if given.known is None else given.known[order],
    )
    return members, [rows[row] for row in order]


def orders_for(company: Company, ids: list[int]) -> Orders:
    place = {member: i for i, member in enumerate(ids)}
    return as_orders(
        Company([], [replace(order, member=place[order.member]) for order in company.orders])
    )


def by_id(result: Result, ids: list[int]) -> list[object]:
    """All that is paid, held and ranked, by the members' ids."""
    columns = (result.totals, result.purchase, result.rank, result.title, result.carry.held)
    told = sorted((ids[i], *(int(c[i]) for c in columns)) for i in range(len(ids)))
    lines = sorted((name, ids[who], *rest[1:]) for name, who, *rest in lines_of(result))
    return [told, lines]


def test_orders_of_one_day_may_come_in_any_order() -> None:
    def holds(chance: Random, every: Every, met: Met) -> None:
        company = a_company(chance, every)
        makers = (make.levels, make.stairstep, make.binary, make.pool)
        bonuses = tuple(maker(chance, maker.__name__, every) for maker in makers)
        plan = make.random_plan(chance, bonuses, make.hard_ranks(chance, every))
        shuffled = sorted(company.orders, key=lambda order: (order.day, chance.random()))
        in_turn = runs_of(plan, company, every)
        otherwise = runs_of(plan, Company(company.members, shuffled), every)
        met["another order"] += shuffled != company.orders
        for one, other in zip(in_turn, otherwise, strict=True):
            assert one.totals.tolist() == other.totals.tolist()
            assert one.rank.tolist() == other.rank.tolist()
            met["payout"] += one.paid() > 0

    for_all(holds, "another order", "payout")


def test_a_run_changes_nothing_that_it_is_given() -> None:
    def holds(chance: Random, every: Every, met: Met) -> None:
        company, plan = a_company(chance, every), any_plan(chance, every)
        members, orders = as_members(company), as_orders(company)
        before, last = all_runs(plan, members, orders, every)[-2:]
        kept = told_by_core(before)
        again = run(plan, members, orders, last.period, before.carry)
        assert told_by_core(again) == told_by_core(last)
        assert told_by_core(before) == kept
        for now, then in ((members, as_members(company)), (orders, as_orders(company))):
            for name in set(now.__slots__) - {"figures"}:
                assert np.array_equal(getattr(now, name), getattr(then, name))
        for name, figure in as_orders(company).figures.items():
            assert np.array_equal(orders.figures[name], figure)
        met["lines"] += last.number_of_lines() > 0

    for_all(holds, "lines")


def test_totals_are_the_sums_of_the_lines_and_titles_never_fall() -> None:
    def holds(chance: Random, every: Every, met: Met) -> None:
        company, plan = a_company(chance, every), any_plan(chance, every)
        title = np.zeros(len(company.members), np.int8)
        for result in runs_of(plan, company, every):
            sums = [0] * len(company.members)
            for line in lines_of(result):
                assert line[6] != 0
                sums[line[1]] += line[6]
            assert result.totals.tolist() == sums
            assert (result.totals >= 0).all()
            assert (result.purchase <= result.totals).all()
            assert (result.title >= title).all()
            assert (result.title >= result.rank).all()
            met["payout"] += result.paid() > 0
            met["titles above ranks"] += bool((result.title > result.rank).any())
            title = result.title

    for_all(holds, "payout", "titles above ranks")


def test_a_pool_pays_out_exactly_its_fund() -> None:
    def holds(chance: Random, every: Every, met: Met) -> None:
        bonus = replace(make.pool(chance, "pool", every), needs=Needs(False), cap=-1)
        if bonus.share is Share.RANK:
            bonus = replace(bonus, shares=(1, 3, 1, 7))
        plan = make.random_plan(chance, (bonus,), make.easy_ranks(chance, every))
        company = a_company(chance, every)
        for result in runs_of(plan, company, every):
            by_points = bonus.share not in (Share.EQUAL, Share.RANK)
            has_weights = not by_points or has_points(company, result, bonus.measured_in)
            fund = fund_of(plan, bonus, company, result.period) if has_weights else 0
            assert result.paid() == fund
            met["a fund that does not divide"] += len(set(result.totals.tolist())) > 2

    for_all(holds, "a fund that does not divide")


def test_a_pool_is_never_overdrawn() -> None:
    def holds(chance: Random, every: Every, met: Met) -> None:
        bonus = replace(make.pool(chance, "pool", every), cap=chance.choice([1, 501, 2_001]))
        plan = make.random_plan(chance, (bonus,), make.easy_ranks(chance, every))
        company = a_company(chance, every)
        for result in runs_of(plan, company, every):
            fund = fund_of(plan, bonus, company, result.period)
            assert result.paid() <= fund
            assert (result.totals <= bonus.cap).all()
            met["less than the fund"] += 0 < result.paid() < fund

    for_all(holds, "less than the fund")


def fund_of(plan: Plan, bonus: Pool, company: Company, period: Period) -> int:
    is_points = bonus.volume.basis is not Basis.VALUE
    turnover = sum(
        part_of_order(order, bonus.volume.basis)
        for order in company.orders
        if period.first_day <= order.day <= period.last_day
        and Customer(order.customer) in bonus.volume.customers
    )
    value, parts = (plan.point_value, 100) if is_points else (1, 1)
    return turnover * value * bonus.rate // (parts * HUNDRED_PERCENT)


def has_points(company: Company, result: Result, measured_in: Counted) -> bool:
    first, last = result.period.first_day, result.period.last_day
    return any(
        part_of_order(order, measured_in) > 0 and first <= order.day <= last
        for order in company.orders
    )


def paid_by_order(result: Result) -> Counter[int]:
    paid: Counter[int] = Counter()
    for _, _, source, _, _, _, amount in lines_of(result):
        paid[source] += amount
    return paid


def most_of_order(plan: Plan, bonus: Levels | Stairstep, order: Order, rate: int) -> int:
    if isinstance(bonus, Levels) and bonus.rates.flat:
        return rate
    base = part_of_order(order, bonus.volume.basis)
    if bonus.volume.basis is Basis.VALUE:
        return base * rate // HUNDRED_PERCENT
    return base * plan.point_value * rate // (100 * HUNDRED_PERCENT)


def test_levels_never_pay_more_than_the_best_rates() -> None:
    def holds(chance: Random, every: Every, met: Met) -> None:
        bonus = make.levels(chance, "levels", every)
        plan = make.random_plan(chance, (bonus,), make.easy_ranks(chance, every))
        company = a_company(chance, every)
        best = sum(max(column) for column in zip(*bonus.rates.table, strict=True))
        for result in runs_of(plan, company, every):
            for source, paid in paid_by_order(result).items():
                most = most_of_order(plan, bonus, company.orders[source], best)
                assert paid <= most
                met["all that can be paid"] += paid == most

    for_all(holds, "all that can be paid")


def test_a_stairstep_never_pays_more_than_its_top_percent() -> None:
    def holds(chance: Random, every: Every, met: Met) -> None:
        bonus = make.stairstep(chance, "stairstep", every)
        plan = make.random_plan(chance, (bonus,), make.easy_ranks(chance, every))
        company = a_company(chance, every)
        rates = [bracket.rate for bracket in bonus.brackets]
        rates += [row[0] for row in bonus.rates.table] if bonus.rates else []
        for result in runs_of(plan, company, every):
            for source, paid in paid_by_order(result).items():
                most = most_of_order(plan, bonus, company.orders[source], max(rates))
                assert paid <= most
                met["all that can be paid"] += paid == most

    for_all(holds, "all that can be paid")


def test_a_ceiling_is_never_exceeded() -> None:
    def holds(chance: Random, every: Every, met: Met) -> None:
        ceiling = chance.choice([0, 1, 15_000, 200_000])
        settlement = Settlement(ceiling=ceiling)
        plan = replace(any_plan(chance, every), settlement=settlement)
        for result in runs_of(plan, a_company(chance, every), every):
            assert result.paid() <= result.turnover * ceiling // HUNDRED_PERCENT
            met["scaled down"] += any(lines.bonus == "ceiling" for lines in result.lines)
            met["payout"] += result.paid() > 0

    for_all(holds, "scaled down", "payout")


def test_each_order_pays_as_many_levels_as_stand_above() -> None:
    """Where nobody needs anything and nobody is passed over."""

    def holds(chance: Random, every: Every, met: Met) -> None:
        company = a_company(chance, every)
        rates = Rates(((10_000, 10_000, 10_000),))
        plan = make.random_plan(chance, (Levels("levels", every, Needs(False), rates=rates),))
        paid: Counter[int] = Counter()
        days: set[int] = set()
        for result in runs_of(plan, company, every):
            paid.update(line[2] for line in lines_of(result))
            days.update(range(result.period.first_day, result.period.last_day + 1))
        for number, order in enumerate(company.orders):
            depth, member = 0, company.members[order.member].sponsor
            while member >= 0:
                depth, member = depth + 1, company.members[member].sponsor
            counts = order.value >= 100 and order.day in days
            assert paid[number] == (min(depth, 3) if counts else 0)
            met["three levels"] += paid[number] == 3

    for_all(holds, "three levels")
