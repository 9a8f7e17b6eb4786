"""What is taken back for refunds: the core against the oracle, and what must hold of it."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace
from random import Random

from plans.companies import FIGURE
from plans.oracle.clawback import Books, Remaining, TakenBack
from plans.oracle.company import Answer, Member
from plans.random_refunds import Story, a_story, by_the_cent
from plans.reaching import each, switches_of
from plans.refunding import (
    Chain,
    Fact,
    OracleChain,
    Turn,
    as_refunded,
    by_hand,
    changes_of,
    order,
    told_changes,
    told_lines,
)
from upline.plans.bonus import Bonus, Cap, Items, Legs, Levels, Needs, Over, Pairs, Rates
from upline.plans.clawback import take_back
from upline.plans.counting import Basis
from upline.plans.periods import Every, period_of
from upline.plans.plan import Plan
from upline.plans.result import Result

COMPANIES = 200
OFTEN = 10
"""How often what is interesting must have been met."""
MUST_BE_MET = (
    "pairs undone",
    "several orders undo a run's pairs",
    "the last pair undone",
    "a cap hid what was undone",
    "returned, paired again",
    "returned, paired again, refunded",
    "carried over, paired later, refunded",
    "refunded what still waits",
    "refunded what was flushed",
    "what waits has no heir",
    "a line is lessened",
    "a line is lessened again",
    "a line is taken back altogether",
    "two classes of buyers",
    "levels, flat",
    "levels, percent",
    "a first order",
    "stairstep",
    "matching of matching",
    *(f"matched at level {level}" for level in (1, 2, 3)),
    *each("undone over_cap", Over),
    *each("undone unqualified", [Over.CARRIED, Over.FLUSHED]),
    *each("undone legs", Legs),
    *each("undone rates.flat", [True, False]),
    *each("undone ratio_on_first_pair_only", [True, False]),
    *each("undone caps.in_pairs", [True, False]),
    *each("undone volume.basis", [*Basis, FIGURE]),
    *("undone volume.customers=some", "undone volume_limit>0", "undone carry_limit>0"),
    *("undone 1:1", "undone 2:1", "undone 1:2", "undone by the cent"),
    *("ceiling -", "service charge -", "tax -", "tax +", "the year falls to the threshold"),
    "a total below zero",
)


def test_core_and_oracle_take_back_the_same() -> None:
    met: Counter[str] = Counter()
    for number in range(COMPANIES):
        agree(a_story(Random(f"refunds {number}")), met)
    seldom = {name: met[name] for name in MUST_BE_MET if met[name] < OFTEN}
    assert not seldom, f"met too seldom: {seldom}"


def test_core_and_oracle_take_back_the_same_at_the_rates_of_each_run() -> None:
    met: Counter[str] = Counter()
    for number in range(COMPANIES // 4):
        agree(a_story(Random(f"refunds abroad {number}"), abroad=True), met)
    wanted = ("a line is lessened", "levels, percent", "stairstep", "pairs undone")
    assert all(met[name] for name in wanted), met


def agree(story: Story, met: Counter[str]) -> None:
    """Both take back the same of the same lines, let the same wait, and run on alike."""
    core, oracle = Chain(story.ids), OracleChain(len(story.ids), met)
    for turn in story.turns:
        result, back = core.go_on(turn)
        answer, told = oracle.go_on(turn)
        assert changes_of(core, back) == told_changes(oracle, story.ids, told)
        assert core.waits == oracle.waits
        assert outcome(core, result) == told_outcome(story, core.present, answer, turn)
        note_changes(met, oracle.books, told)
        met["a total below zero"] += any(total < 0 for total in answer.totals)


def outcome(core: Chain, result: Result) -> list[object]:
    columns = (result.totals, result.purchase, result.carry.held)
    facts = [core.stored[-1].fact(row) for row in range(len(core.stored[-1].rows))]
    return [*(column.tolist() for column in columns), sorted(facts)]


def told_outcome(story: Story, present: list[int], answer: Answer, turn: Turn) -> list[object]:
    columns = (answer.totals, answer.purchase, answer.kept.held)
    facts = told_lines(answer, story.ids, turn)
    return [*([column[member] for member in present] for column in columns), sorted(facts)]


def note_changes(met: Counter[str], books: Books, told: TakenBack) -> None:
    for change in told.changes:
        run, line = books.runs[change.run], change.line
        bonus, before = run.bonus(line.bonus), line.now - change.amount
        assert bonus is not None
        met["a line is lessened"] += line.now > 0
        met["a line is lessened again"] += before < line.amount
        met["a line is taken back altogether"] += line.now == 0
        met.update(words_of(bonus, run.plan, line.level))
        if line.key is not None:
            met["two classes of buyers"] += [key[0] for key in run.keys].count(line.key[0]) > 1


def words_of(bonus: Bonus, plan: Plan, level: int) -> list[str]:
    if isinstance(bonus, Pairs):
        words = [f"undone {switch}" for switch in set(switches_of(bonus))]
        by_cents = ["undone by the cent"] if bonus.unit == 1 else []
        return [*words, f"undone {bonus.first}:{bonus.second}", *by_cents]
    if not isinstance(bonus, Levels):
        return ["stairstep"]
    if bonus.items is Items.EARNINGS:
        tiers = [b.name for b in plan.bonuses if isinstance(b, Levels) and b.of]
        again = ["matching of matching"] if set(tiers) & set(bonus.of) else []
        return [f"matched at level {level}", *again]
    first = ["a first order"] if bonus.items is Items.FIRST_ORDERS else []
    return [f"levels, {'flat' if bonus.rates.flat else 'percent'}", *first]


def lines_remaining(chain: Chain) -> list[tuple[Fact, int]]:
    """What is left of each line that a bonus paid for orders, or matched on such."""
    return [
        (stored.fact(number), stored.rows[number][6] + int(stored.back[number]))
        for stored in chain.stored
        for number in range(len(stored.rows))
        if stored.rows[number][1] >= 0
    ]


def pays_joinings(story: Story) -> bool:
    bonuses = [bonus for turn in story.turns for bonus in turn.plan.bonuses]
    return any(getattr(bonus, "items", None) is Items.JOININGS for bonus in bonuses)


def test_no_more_is_taken_back_of_a_line_than_it_paid() -> None:
    lessened = 0
    for number in range(60):
        story = a_story(Random(f"never too much {number}"))
        chain = Chain(story.ids)
        for turn in story.turns:
            chain.go_on(turn)
            assert all(remaining >= 0 for _, remaining in lines_remaining(chain))
        for stored in chain.stored:
            lines = stored.lines()
            assert (lines.back <= 0).all()
            assert (lines.base + lines.base_back)[lines.bonus >= 0].min(initial=0) >= 0
            lessened += int((lines.back < 0).sum())
    assert lessened > 500


def test_refunding_all_orders_takes_back_all_that_they_paid() -> None:
    """To the cent, whatever was refunded before, and nothing waits any more."""
    lines = 0
    for number in range(60):
        story = a_story(Random(f"all of it {number}"))
        if pays_joinings(story):
            continue
        chain = Chain(story.ids)
        for turn in story.turns:
            chain.go_on(turn)
        sold = {sale.key for turn in story.turns for sale in turn.sales}
        back = take_back(chain.past, as_refunded(dict.fromkeys(sold, (0, 0))))
        for k, claim in back.claims.items():
            chain.stored[k].lessen(claim.number, claim.base, claim.amount)
        assert {remaining for _, remaining in lines_remaining(chain)} <= {0}
        assert not any(undone.waits.any() for undone in back.undone.values())
        lines += len(lines_remaining(chain))
    assert lines > 1_000


def test_two_refunds_of_parts_take_back_the_same_as_one_of_the_whole() -> None:
    """Where the runs between did nothing with the legs. Pairs of a cent, since of larger ones
    what a broken one had taken of other orders would wait already when the second part comes."""
    met: Counter[str] = Counter()
    for number in range(60):
        chance = Random(f"in two parts {number}")
        chain, last = told_by_the_cent(chance)
        paying = {fact[2] for fact, _ in lines_remaining(chain)}
        for sale in chance.sample(last.sales, min(3, len(last.sales))):
            keys = [s.key for s in last.sales if s.key[0] == sale.key[0]]
            half: Remaining = {
                s.key: (s.order.value // 2, s.order.points // 2, s.order.figure // 2)
                for s in last.sales
            }
            whole: Remaining = dict.fromkeys(keys, (0, 0))
            parts = after(chain, last, {key: half[key] for key in keys}, whole)
            at_once = after(chain, last, {}, whole)
            assert lines_remaining(parts) == lines_remaining(at_once)
            assert parts.waits == at_once.waits
            met["paid lines"] += sale.key[0] in paying
            met["legs"] += parts.waits != chain.waits
            met["pairs"] += pairs_remaining(parts) < pairs_remaining(chain)
    assert min(met["paid lines"], met["legs"], met["pairs"]) > OFTEN, met


def told_by_the_cent(chance: Random) -> tuple[Chain, Turn]:
    """All runs of a story with pairs of a cent from each leg; and the last of them."""
    story = a_story(chance)
    chain = Chain(story.ids)
    for turn in story.turns:
        bonuses = tuple(one_to_one(by_the_cent(bonus)) for bonus in turn.plan.bonuses)
        last = replace(turn, plan=replace(turn.plan, bonuses=bonuses))
        chain.go_on(last)
    return chain, last


def one_to_one(bonus: Bonus) -> Bonus:
    return replace(bonus, first=1, second=1) if isinstance(bonus, Pairs) else bonus


def after(chain: Chain, last: Turn, *refunds: Remaining) -> Chain:
    """Runs that follow and work nothing out, each with refunds, and one more."""
    going_on = copy.deepcopy(chain)
    month = period_of(last.period.last_day, Every.MONTH)
    for some in (*refunds, Remaining()):
        going_on.go_on(replace(last, period=month, refunds=some))
    return going_on


def pairs_remaining(chain: Chain) -> int:
    return sum(remaining for fact, remaining in lines_remaining(chain) if "pairs" in str(fact[0]))


CHAIN = [Member(above, above, 0, 0, 0, True) for above in (-1, 0, 1, 2)]
CORA, DORA, EMIL = 3, 4, 5
FIVE = [*CHAIN, Member(CORA, CORA, 0, 0, 0, True), Member(CORA, CORA, 1, 0, 0, True)]
"""Four below each other; on cora's left dora, on her right emil."""
PAIRS = Pairs("pairs", Every.WEEK, Needs(False), rates=Rates(((100_000,),)), unit=10_000)


def test_an_order_takes_back_its_pair_at_every_level_of_matching_and_nothing_else() -> None:
    """10 % of pairs of 100.00; matched at 50, 20 and 10 %; 5 % of each order to the sponsor.

    In the first week dora buys for 300.00 and 100.00 on cora's left, emil for 200.00 and 100.00
    on her right: three pairs, 30.00. Above cora 15.00, 6.00 and 3.00 are matched. Then emil's
    second order is refunded: two pairs stay, 20.00, and of what is matched 10.00, 4.00 and 2.00.
    The third pair had taken 100.00 of dora's orders, which wait again beside the 100.00 that were
    left over: with 150.00 that emil buys in the second week they make another pair.
    """
    matched = Rates(((500_000, 200_000, 100_000),))
    plan = Plan("p", (
        PAIRS,
        Levels("levels", Every.WEEK, rates=Rates(((50_000,),))),
        Levels("matching", Every.WEEK, rates=matched, items=Items.EARNINGS, of=("pairs",)),
    ))  # fmt: skip
    orders = [order(11, DORA, 0, 30_000), order(12, DORA, 0, 10_000), order(13, EMIL, 0, 20_000),
              order(14, EMIL, 0, 10_000), order(15, EMIL, 1, 15_000)]  # fmt: skip
    told = by_hand(plan, FIVE, orders, {1: {(14, 2): (0, 0)}})
    of_order, root, anna, bert, cora = [14], 1, 2, 3, 4
    assert told.taken == [[], [
        (0, "levels", cora, 14, 1, 50_000, 10_000, 500, -500, -10_000, of_order),
        (0, "matching", root, cora, 3, 100_000, 3_000, 300, -100, -1_000, of_order),
        (0, "matching", anna, cora, 2, 200_000, 3_000, 600, -200, -1_000, of_order),
        (0, "matching", bert, cora, 1, 500_000, 3_000, 1_500, -500, -1_000, of_order),
        (0, "pairs", cora, 0, 0, 100_000, 30_000, 3_000, -1_000, -10_000, of_order),
    ]]  # fmt: skip
    second = told.results[1].legs["pairs"]
    assert [int(sums[CORA]) for sums in (second.left.brought, second.right.brought)] == [20_000, 0]
    assert told.totals == [
        [300, 600, 1_500, 3_000 + 3_500, 0, 0],
        [-100 + 100, -200 + 200, -500 + 500, -1_000 - 500 + 1_000 + 750, 0, 0],
    ]


def test_pairs_that_a_cap_left_unpaid_go_first() -> None:
    """Three pairs, of which the cap pays one: each refund of 100.00 undoes a pair, and only the
    third one costs something."""
    pairs = replace(PAIRS, caps=(Cap(Every.WEEK, (1,), in_pairs=True),))
    orders = [order(11, DORA, 0, 30_000), order(12, EMIL, 0, 30_000)]
    refunds: dict[int, Remaining] = {
        1: {(12, 2): (20_000, 0)},
        2: {(12, 2): (10_000, 0)},
        3: {(12, 2): (0, 0)},
    }
    told = by_hand(Plan("p", (pairs,)), FIVE, orders, refunds, weeks=4)
    line = (0, "pairs", 4, 0, 0, 100_000, 10_000, 1_000, -1_000, -10_000, [12])
    assert told.taken == [[], [], [], [line]]
    brought = [result.legs["pairs"].left.brought[CORA] for result in told.results]
    assert brought == [0, 10_000, 20_000, 30_000]


def test_of_an_order_its_last_points_go_first() -> None:
    """Dora's 300.00 fed a pair in the first week and one in the second, and 100.00 wait. What is
    refunded takes first what waits, then the second week's pair, then the first one's."""
    orders = [order(11, DORA, 0, 30_000), order(12, EMIL, 0, 10_000), order(13, EMIL, 1, 10_000)]
    refunds: dict[int, Remaining] = {
        2: {(11, 2): (20_000, 0)},
        3: {(11, 2): (19_999, 0)},
        4: {(11, 2): (9_999, 0)},
    }
    told = by_hand(Plan("p", (PAIRS,)), FIVE, orders, refunds, weeks=5)
    lines = [(4, 0, 0, 100_000, 10_000, 1_000, -1_000, -10_000, [11])]
    assert told.taken == [
        [], [], [], [(1, "pairs", *line) for line in lines], [(0, "pairs", *line) for line in lines]
    ]  # fmt: skip
    last = told.results[4].legs["pairs"]
    assert [int(side.brought[CORA]) for side in (last.left, last.right)] == [9_999, 20_000]


def test_which_leg_was_the_stronger_one_is_told_by_what_could_be_matched() -> None:
    """A pair takes 200.00 of the stronger leg. Of dora's 500.00 the limit lets 300.00 count, and
    emil's 100.00 and 300.00 are more: two pairs, of his 400.00 and of 200.00 of hers. Without
    200.00 of his one stays, and 100.00 of hers wait again beside the 100.00 left over."""
    pairs = replace(PAIRS, first=2, volume_limit=30_000)
    orders = [order(11, EMIL, 0, 10_000), order(12, DORA, 1, 50_000), order(13, EMIL, 1, 30_000)]
    told = by_hand(Plan("p", (pairs,)), FIVE, orders, {2: {(13, 2): (10_000, 0)}}, weeks=3)
    line = (1, "pairs", 4, 0, 0, 100_000, 20_000, 2_000, -1_000, -10_000, [13])
    assert told.taken == [[], [], [line]]
    last = told.results[2].legs["pairs"]
    assert [int(side.brought[CORA]) for side in (last.left, last.right)] == [20_000, 0]


def test_a_run_between_that_pays_no_pairs_changes_nothing() -> None:
    """Pairs by the week, levels by the day: what the legs went through in the weeks is told alike
    whatever runs lie between."""
    levels = Levels("levels", Every.DAY, rates=Rates(((50_000,),)))
    plan = Plan("p", (PAIRS, levels))
    orders = [order(11, DORA, 0, 30_000), order(12, EMIL, 0, 10_000), order(13, EMIL, 1, 20_000)]
    chain = Chain(list(range(1, 7)))
    remaining: Remaining = {(12, 2): (0, 0)}
    monday = orders[0].order.day
    days = [period_of(monday + day, Every.DAY) for day in range(16)]
    weeks = [period_of(monday + day, Every.WEEK) for day in (0, 7)]
    for period in sorted([*days, *weeks], key=lambda p: (p.last_day, p.every is Every.WEEK)):
        chain.go_on(Turn(plan, period, FIVE, [s for s in orders if s.order.day <= period.last_day]))
    back = take_back(chain.past, as_refunded(remaining))
    assert [fact[:2] for fact in changes_of(chain, back)] == [(0, "levels"), (7, "pairs")]
    undone = back.undone["pairs"]
    assert undone.waits[:, list(undone.positions).index(4)].tolist() == [10_000, 0]


def test_a_flat_amount_goes_with_the_whole_order_and_not_with_a_part() -> None:
    """Whatever the order is worth, be it points alone or nothing."""
    rates = Rates(((700,),), flat=True)
    plan = Plan("p", (Levels("levels", Every.WEEK, rates=rates),))
    orders = [order(11, DORA, 0, 10_000), order(12, DORA, 0, 0, 5_000), order(13, DORA, 0, 0)]
    part: Remaining = {(11, 2): (1, 0), (12, 2): (0, 1)}
    whole: Remaining = dict.fromkeys([(11, 2), (12, 2)], (0, 0))
    told = by_hand(plan, FIVE, orders, {1: part, 2: whole}, 3)
    assert [[fact[3] for fact in taken] for taken in told.taken] == [[], [], [11, 12]]
    back = take_back(told.chain.past, as_refunded({(13, 2): (0, 0)}))
    assert [fact[3] for fact in changes_of(told.chain, back)] == [13]


def test_what_one_class_of_buyers_gives_back_is_not_taken_for_another() -> None:
    """An order of a member and of a retail customer: the customer's part is refunded."""
    plan = Plan("p", (
        Levels("percent", Every.WEEK, rates=Rates(((100_000,),))),
        Levels("flat", Every.WEEK, rates=Rates(((700,),), flat=True)),
    ))  # fmt: skip
    own = order(11, DORA, 0, 10_000)
    retail = replace(own, key=(11, 0), order=replace(own.order, value=4_000, customer=0))
    remaining: Remaining = {(11, 0): (0, 0), (11, 2): (10_000, 10_000)}
    told = by_hand(plan, FIVE, [retail, own], {1: remaining})
    assert told.taken[1] == [
        (0, "flat", 4, 11, 1, 0, 4_000, 700, -700, -4_000, [11]),
        (0, "percent", 4, 11, 1, 100_000, 4_000, 400, -400, -4_000, [11]),
    ]


def test_an_unpaid_pair_is_undone_without_a_line() -> None:
    """Nothing may be paid, and still the pairs are made: what they had taken waits again."""
    pairs = replace(PAIRS, caps=(Cap(Every.WEEK, (0,)),))
    orders = [order(11, DORA, 0, 10_000), order(12, EMIL, 0, 10_000)]
    told = by_hand(Plan("p", (pairs,)), FIVE, orders, {1: {(12, 2): (0, 0)}})
    assert told.taken == [[], []]
    assert told.results[1].legs["pairs"].left.brought[CORA] == 10_000
