"""A member with three positions in a company's runs: pairs are paid, carried, told and taken back
at each of them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from commissions.conftest import Company
from commissions.founding import FIRST, FOUNDED
from commissions.interims import interim
from commissions.world import acting, computed, noon, opened, paid, refund, sell, totals, use_plan
from support.cast import enrol
from support.owner import as_owner
from support.wares import put_on_sale
from upline.base.actors import Shell
from upline.base.errors import FieldsWrong
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.catalog.errors import ProductNotAvailable
from upline.commissions import queries
from upline.commissions.explaining import activity, pair_orders
from upline.commissions.explaining import lines as explained
from upline.commissions.storing import archive
from upline.flows import configuring, opening, order_decisions, order_entry, refunding
from upline.genealogy.queries import positions_of
from upline.members.models import Member
from upline.orders.models import Order
from upline.screens import earnings_so_far

DAILY = """
name = "Pairs at each position"
currency = "EUR"
packages = ["Starter", "Business"]

[active]
personal_points = 200

[[bonuses]]
name = "pairs"
kind = "binary"
every = "day"
pays_on = "points"
percent = 20
"""
RANKS = """
name = "Ranks"
currency = "EUR"
packages = ["Starter", "Business"]

[ranks]
[[ranks.steps]]
name = "Bronze"
team_points = 10
[[ranks.steps]]
name = "Silver"
team_points = 20
[[ranks.steps]]
name = "Gold"
team_points = 30

[[bonuses]]
name = "levels"
kind = "levels"
percents = [10]
"""
DAY = [FIRST + timedelta(days=n) for n in range(4)]


class Holder:
    """hans, with the names that the tests give to his positions."""

    def __init__(self, names: dict[int, str]) -> None:
        self.names = names
        self.hans = next(iter(names))

    def carried(self, run: int) -> dict[str, list[int]]:
        """What waits at the left and at the right of each of the three, in whole points."""
        table = archive.tables(run, ["carried legs"])["carried legs"]
        at = {each: k for k, each in enumerate(table["position"].tolist())}
        return {
            name: [int(table[f"{side} pairs"][at[each]]) // 100 for side in ("left", "right")]
            for each, name in self.names.items()
        }

    def told(self, run: int) -> list[list[Any]]:
        """Hans's lines: the position, the amount and the sentence."""
        return [
            [self.names[line.position_id], line.amount, line.sentence]
            for line in explained.lines_of(queries.run(run), self.hans, self.hans)
            if line.position_id
        ]

    def fed(self, run: int, position: int) -> list[list[Any]]:
        """The sellers whose orders fed a position's pairs, by leg, with whole points."""
        return [
            [one.leg, one.order and one.order.username, one.counted // 100]
            for one in pair_orders.fed(queries.run(run), "pairs", position, 0)
        ]


class Positions(Holder):
    """hans with his three positions, and what a run came to at each of them."""

    def __init__(self) -> None:
        use_plan(FIRST, DAILY)
        configuring.change_settings(UnitOfWork(Shell()), positions_max=3)
        with noon(FOUNDED):
            self.hans = enrol("acme", "hans", "acme", "R")
            for side in (1, 2):
                wish = opening.PositionRequest(self.hans, "hans", side)
                opening.open_position(acting("olga"), wish, "three business centres")
            self.first, self.second, self.third = [place.id for place in positions_of(self.hans)]
            for name, position, leg in (
                ("lea", self.second, "L"), ("tom", self.second, "R"), ("rita", self.third, "L"),
            ):  # fmt: skip
                enrol("hans", name, "hans", leg, position)
        super().__init__({self.first: "first", self.second: "second", self.third: "third"})


def run_of(day: date, step: Callable[[int], object]) -> int:
    with noon(day + timedelta(days=1)):
        (run,) = opened()
        step(run)
    return run


def first_day() -> tuple[Positions, int]:
    found = Positions()
    for name, points in (("hans", 200), ("lea", 1_000), ("rita", 800)):
        sell(name, DAY[0], points * 100, points * 100)
    return found, run_of(DAY[0], paid)


def three_days() -> tuple[Positions, int, int]:
    """Tom buys on the second day, and sends it back on the third. The runs of these two."""
    found, _ = first_day()
    toms = sell("tom", DAY[1], 50_000, 50_000)
    sell("rita", DAY[1], 30_000, 30_000)
    at_third = sell("hans", DAY[1], 10_000, 10_000)
    statement = "UPDATE orders_order SET position_id = %s WHERE number = %s"
    as_owner(statement, found.third, at_third)
    two = run_of(DAY[1], paid)
    refund(toms, DAY[2])
    return found, two, run_of(DAY[2], paid)


def pay_the_first_day() -> Any:
    found, one = first_day()
    return [found.told(one), found.carried(one), totals(one), found.fed(one, found.first)]


def pay_and_take_back() -> Any:
    found, two, three = three_days()
    return [
        found.told(two), found.carried(two), found.fed(two, found.second),
        found.told(three), found.carried(three), list(invariants.check()),
    ]  # fmt: skip


def compute_the_last_day_twice() -> Any:
    three_days()
    with noon(DAY[3] + timedelta(days=1)):
        (last,) = opened()
        return [computed(last), computed(last)]


def close_and_reopen() -> Any:
    """The second position is bought. Its order is refunded on the second day, and it is opened
    again on the third. What each of the three runs told, and what waited after it."""
    use_plan(FIRST, DAILY)
    shell = UnitOfWork(Shell())
    configuring.change_settings(shell, positions_max=3)
    put_on_sale("C-centre", 10_000, kind="cart", name="Centre", opens_position=True)
    with noon(FOUNDED):
        hans = enrol("acme", "hans", "acme", "R")
        number = order_entry.enter(shell, hans, {"C-centre": 1}, "hans", 1)
        order_decisions.record_payment(shell, number, 10_000, "paid")
        second = positions_of(hans)[1].id
        enrol("hans", "lea", "hans", "L", second)
        enrol("hans", "tom", "hans", "R", second)
        enrol("hans", "rita", "hans", "R")
    found = Holder({hans: "first", second: "second"})
    sell("hans", DAY[0], 60_000, 60_000)
    seen = []
    for day in DAY[:3]:
        if day == DAY[1]:
            refund(number, day)
        if day == DAY[2]:
            with noon(day):
                opening.reopen_position(acting("olga"), hans, "hans/2", "a mistake")
        sell("lea", day, 50_000, 50_000)
        sell("tom", day, 30_000, 30_000)
        sell("rita", day, 10_000, 10_000)
        run = run_of(day, paid)
        told = [line[:2] for line in found.told(run)]
        seen.append([sorted(told), found.carried(run), totals(run)])
    return [*seen, list(invariants.check())]


def refund_the_membership() -> Any:
    """hans's membership is refunded on the second day: what the two runs paid, and what he is
    told of the second."""
    use_plan(FIRST, DAILY)
    with noon(FOUNDED):
        hans = enrol("acme", "hans", "acme", "R")
        enrol("hans", "lea", "hans", "L")
        enrol("hans", "rita", "hans", "R")
    order = Order.objects.get(member_id=hans, kind="membership")
    with noon(FOUNDED):
        order_decisions.record_payment(
            UnitOfWork(Shell()), order.number, order.total_amount, "paid"
        )
    runs = []
    for day in DAY[:2]:
        if day == DAY[1]:
            line = order.lines.get(package__isnull=False)
            with noon(day):
                refunding.refund_order(UnitOfWork(Shell()), order.number, {line.pk: 1}, "withdrawn")
        for name in ("hans", "lea", "rita"):
            sell(name, day, 20_000, 20_000)
        runs.append(run_of(day, paid))
    seen = activity.in_run(queries.run(runs[1]), hans)
    assert seen is not None
    return [[totals(run) for run in runs], seen.reason, seen.sentence, list(invariants.check())]


def look_at_the_running_day() -> Any:
    found = Positions()
    for name, points in (("hans", 200), ("lea", 1_000), ("rita", 800)):
        sell(name, DAY[0], points * 100, points * 100)
    with noon(DAY[0]):
        interim()
        (day,) = earnings_so_far.so_far(found.hans)
    legs = [
        [found.names[each.position_id], each.left // 100, each.right // 100] for each in day.legs
    ]
    return [day.total, legs]


def refused_for(member_id: int, rank: str) -> str:
    """Why a member of this rank can buy no position; '' where they can."""
    Member.objects.filter(pk=member_id).update(rank_name=rank)
    try:
        order_entry.enter(UnitOfWork(Shell()), member_id, {"C-centre": 1})
    except ProductNotAvailable as refusal:
        return str(refusal.fields["product_id"])
    return ""


def sell_by_rank() -> Any:
    """What is wrong with a rank that the plan does not have; why members of no rank, and of each
    of three, can buy no position where Silver is needed."""
    use_plan(FIRST, RANKS)
    shell, wrong = UnitOfWork(Shell()), {}
    put_on_sale("C-centre", 10_000, kind="cart", name="Centre", opens_position=True)
    with noon(FOUNDED):
        hans = enrol("acme", "hans", "acme", "R")
    with noon(FIRST):
        try:
            configuring.change_settings(shell, positions_max=9, positions_rank="Brass")
        except FieldsWrong as refusal:
            wrong = {name: str(sentence) for name, sentence in refusal.fields.items()}
        configuring.change_settings(shell, positions_max=9, positions_rank="Silver")
        return [wrong, [refused_for(hans, rank) for rank in ("", "Bronze", "Silver", "Gold")]]


def test_the_published_rule_of_three_positions_in_a_run(company: Company) -> None:
    """Own orders of 200 points count once. 1,000 points enter the second position's left leg, 800
    the third's: the first is paid 20 % of 800 = 160.00 and keeps 200 on the left, the second
    carries 1,000 and the third 800."""
    told, carried, paid_out, fed = company.does(pay_the_first_day)
    sentence = (
        "Binary at position 1: left leg 1,000.00 points, right leg 800.00 points; "
        "20 % of the weaker leg (800.00 points at 1.00 each)"
    )
    assert told == [["first", 16_000, sentence]]
    assert carried == {"first": [200, 0], "second": [1_000, 0], "third": [800, 0]}
    assert paid_out == {"hans": 16_000}
    assert fed == [["left", "lea", 800], ["right", "rita", 800]]


def test_earnings_so_far_show_the_legs_of_each_position(company: Company) -> None:
    total, legs = company.does(look_at_the_running_day)
    assert total == 16_000
    assert legs == [["first", 1_000, 800], ["second", 1_000, 0], ["third", 800, 0]]


def test_pairs_are_taken_back_of_the_position_that_they_were_paid_at(company: Company) -> None:
    """On the second day tom's 500 enter the second position's right leg, and rita's 300 and 100 of
    hans's own, which name the third position, the first one's right leg: 20 % of 500 and of 400.
    Then tom's order is refunded: all of the second one's pairs go, and of the first one's those
    200 that tom fed. What these had taken beside waits again."""
    told, carried, fed, taken, waits, broken = company.does(pay_and_take_back)
    assert [line[:2] for line in told] == [["first", 8_000], ["second", 10_000]]
    assert told[1][2].startswith("Binary at position 2: left leg 1,000.00 points")
    assert carried == {"first": [300, 0], "second": [500, 0], "third": [1_100, 0]}
    assert fed == [["left", "lea", 500], ["right", "tom", 500]]
    assert sorted(line[:2] for line in taken) == [["first", -4_000], ["second", -10_000]]
    assert waits == {"first": [0, 200], "second": [1_000, 0], "third": [1_100, 0]}
    assert broken == []


def test_a_refunded_position_is_not_paid_from_that_day_and_its_volume_counts_above(
    company: Company,
) -> None:
    """Each day 500 points enter the second position's left leg, 300 its right leg, 100 the first
    one's right leg. 20 % of 300 on the first day; nothing on the second, when it is closed; of all
    that waits on the third. The first position is paid 20 % of 100 on each of them."""
    one, two, three, broken = company.does(close_and_reopen)
    assert one[:2] == [
        [["first", 2_000], ["second", 6_000]], {"first": [700, 0], "second": [200, 0]}
    ]  # fmt: skip
    assert two[:2] == [[["first", 2_000]], {"first": [1_400, 0], "second": [700, 300]}]
    assert three[:2] == [
        [["first", 2_000], ["second", 12_000]], {"first": [2_100, 0], "second": [600, 0]}
    ]  # fmt: skip
    assert [each[2]["hans"] for each in (one, two, three)] == [8_000, 2_000, 14_000]
    assert broken == []


def test_who_gives_the_membership_back_is_not_active_from_that_day(company: Company) -> None:
    paid_out, reason, sentence, broken = company.does(refund_the_membership)
    assert paid_out[0]["hans"] == 4_000
    assert "hans" not in paid_out[1]
    assert reason == "refunded"
    assert sentence == "Not active, because the order of the membership was refunded."
    assert broken == []


def test_a_run_of_several_positions_is_worked_out_to_the_same_bytes_again(company: Company) -> None:
    first, again = company.does(compute_the_last_day_twice)
    assert first == again


def test_a_position_is_sold_to_the_rank_that_the_settings_name_and_to_higher_ones(
    company: Company,
) -> None:
    wrong, bought = company.does(sell_by_rank)
    assert wrong == {"positions_rank": "The plan in force has no rank Brass."}
    lacks = "To buy a position, a member needs the rank Silver."
    assert bought == [lacks, lacks, "", ""]
