"""A member with three positions in a company's runs: pairs are paid, carried, told and taken back
at each of them."""

import json

from commissions.conftest import Company

STORY = '''
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
from datetime import timedelta
from support.cast import enrol
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.commissions import queries
from upline.commissions.explaining import lines as explained
from upline.commissions.explaining import pair_orders
from upline.commissions.storing import archive
from upline.flows import configuring, opening
from upline.genealogy.queries import positions_of
from upline.orders.models import Order
use_plan(FIRST, DAILY)
DAY = [FIRST + timedelta(days=n) for n in range(4)]
configuring.change_settings(UnitOfWork(Shell()), positions_max=3)
with noon(FOUNDED):
    hans = enrol("acme", "hans", "acme", "R")
    for side in (1, 2):
        wish = opening.PositionRequest(hans, "hans", side)
        opening.open_position(acting("olga"), wish, "three business centres")
    first, second, third = [place.id for place in positions_of(hans)]
    for name, position, side in (("lea", second, "L"), ("tom", second, "R"), ("rita", third, "L")):
        enrol("hans", name, "hans", side, position)
NAMES = {first: "first", second: "second", third: "third"}

def run_of(day, step):
    with noon(day + timedelta(days=1)):
        (run,) = opened()
        step(run)
    return run

def carried(run):
    """What waits at the left and at the right of each of the three positions, in whole points."""
    table = archive.tables(run, ["carried legs"])["carried legs"]
    at = {each: k for k, each in enumerate(table["position"].tolist())}
    return {name: [int(table[f"{side} pairs"][at[each]]) // 100 for side in ("left", "right")]
            for each, name in NAMES.items()}

def told(run):
    """Hans's lines: the position, the amount and the sentence."""
    return [[NAMES[line.position_id], line.amount, line.sentence]
            for line in explained.lines_of(queries.run(run), hans, hans)]

def fed(run, position):
    """The sellers whose orders fed a position's pairs, by leg, with whole points."""
    return [[one.leg, one.order.username, one.counted // 100]
            for one in pair_orders.fed(queries.run(run), "pairs", position, 0)]
'''
OWN = """
for name, points in (("hans", 200), ("lea", 1_000), ("rita", 800)):
    sell(name, DAY[0], points * 100, points * 100)
one = run_of(DAY[0], paid)
"""


def test_the_published_rule_of_three_positions_in_a_run(company: Company) -> None:
    """Own orders of 200 points count once. 1,000 points enter the second position's left leg, 800
    the third's: the first is paid 20 % of 800 = 160.00 and keeps 200 on the left, the second
    carries 1,000 and the third 800."""
    said = company.program(
        f"{STORY}{OWN}print(json.dumps([told(one), carried(one), totals(one), fed(one, first)]))"
    )
    told, carried, totals, fed = json.loads(said)
    sentence = (
        "Binary at position 1: left leg 1,000.00 points, right leg 800.00 points; "
        "20 % of the weaker leg (800.00 points at 1.00 each)"
    )
    assert told == [["first", 16_000, sentence]]
    assert carried == {"first": [200, 0], "second": [1_000, 0], "third": [800, 0]}
    assert totals == {"hans": 16_000}
    assert fed == [["left", "lea", 800], ["right", "rita", 800]]


LATER = """
toms = sell("tom", DAY[1], 50_000, 50_000)
sell("rita", DAY[1], 30_000, 30_000)
at_third = sell("hans", DAY[1], 10_000, 10_000)
Order.objects.filter(number=at_third).update(position_id=third)
two = run_of(DAY[1], paid)
refund(toms, DAY[2])
three = run_of(DAY[2], paid)
"""


def test_pairs_are_taken_back_of_the_position_that_they_were_paid_at(company: Company) -> None:
    """On the second day tom's 500 enter the second position's right leg, and rita's 300 and 100 of
    hans's own, which name the third position, the first one's right leg: 20 % of 500 and of 400.
    Then tom's order is refunded: all of the second one's pairs go, and of the first one's those
    200 that tom fed. What these had taken beside waits again."""
    said = company.program(
        f"{STORY}{OWN}{LATER}print(json.dumps("
        "[told(two), carried(two), fed(two, second), told(three), carried(three),"
        " list(invariants.check())]))"
    )
    paid, carried, fed, taken, waits, broken = json.loads(said)
    assert [line[:2] for line in paid] == [["first", 8_000], ["second", 10_000]]
    assert paid[1][2].startswith("Binary at position 2: left leg 1,000.00 points")
    assert carried == {"first": [300, 0], "second": [500, 0], "third": [1_100, 0]}
    assert fed == [["left", "lea", 500], ["right", "tom", 500]]
    assert sorted(line[:2] for line in taken) == [["first", -4_000], ["second", -10_000]]
    assert waits == {"first": [0, 200], "second": [1_000, 0], "third": [1_100, 0]}
    assert broken == []


def test_a_run_of_several_positions_is_worked_out_to_the_same_bytes_again(company: Company) -> None:
    said = company.program(
        f"{STORY}{OWN}{LATER}"
        "with noon(DAY[3] + timedelta(days=1)):\n"
        "    (last,) = opened()\n"
        "    hashes = [computed(last), computed(last)]\n"
        "print(json.dumps(hashes))"
    )
    first, again = json.loads(said)
    assert first == again
