"""What a plan states for a market in place of converted amounts, by hand and told by its lines."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from plans.agreement import lines_of
from plans.currencies import as_arrays
from plans.oracle.company import Company, Market, Member, Order
from upline.explanations.facts import RunFacts
from upline.explanations.names import for_people, names_for
from upline.explanations.why import why
from upline.plan_documents import parse
from upline.plans.periods import Every, day_of, period_of
from upline.plans.plan import Plan
from upline.plans.result import Result
from upline.plans.run import run

DAY = day_of(date(2026, 1, 10))
PERIOD = period_of(DAY, Every.MONTH)
EURO, FRANC, YEN = 0, 1, 2
MARKETS = [
    Market(1_000_000),
    Market(941_200, None, 2, "CHF", "CH"),
    Market(163_250_000, 150_000_000, 0, "JPY", "JP"),
]
HEAD = 'name = "Abroad"\ncurrency = "EUR"\npackages = ["Basic", "Pro"]\n'


def company(members: list[tuple[int, int, int, int]], sales: list[tuple[int, int, int]]) -> Company:
    """Members by sponsor, side, package and market; orders by member, market and value."""
    return Company(
        [
            Member(sponsor, sponsor, side, DAY, package, True, market)
            for sponsor, side, package, market in members
        ],
        [Order(who, DAY, value, value, 2, True, market=market) for who, market, value in sales],
        [],
        MARKETS,
    )


def told(plan: Plan, of: Company) -> list[tuple[str, int, int, str]]:
    """Of each line the bonus, the member, the amount and the sentence."""
    members, orders, exchange = as_arrays(plan, of)
    result = run(plan, members, orders, PERIOD, exchange=exchange)
    letters = pa.array([chr(ord("a") + number) for number in range(len(of.members))])
    numbers = pa.array([f"o{number}" for number in range(len(of.orders))], pa.string())
    names = names_for(letters, numbers, for_people)
    facts = RunFacts(plan, members, orders, result, names, exchange=exchange, currency="EUR")
    sentences = [text for lines in result.lines for text in why(lines, facts).to_pylist()]
    return [
        (line[0], line[1], line[6], sentence)
        for line, sentence in zip(_in_turn(result), sentences, strict=True)
    ]


def _in_turn(result: Result) -> list[tuple[str, int, int, int, int, int, int]]:
    return list(lines_of(result))


def test_a_flat_amount_is_what_the_receivers_market_states() -> None:
    plan = parse(
        HEAD + '[[bonuses]]\nname = "welcome"\nkind = "referral"\non = "joining"\n'
        'amount = "40.00"\n'
        '[markets.CH]\ncurrency = "CHF"\nbonuses = {welcome = {amount = "40.00"}}\n',
        "plan.toml",
    )  # fmt: skip
    family = company([(-1, 0, 0, YEN), (0, 0, 0, FRANC), (1, 0, 0, EURO), (2, 0, 0, FRANC)], [])
    assert sorted(told(plan, family)) == [
        ("welcome", 0, 6_530, "Level 1: 6,530 JPY because b joined; 1 EUR = 163.25 JPY"),
        ("welcome", 1, 4_000, "Level 1: 40.00 CHF because c joined; CH states 40.00 CHF in place "
         "of 40.00 EUR converted"),
        ("welcome", 2, 4_000, "Level 1: 40.00 EUR because d joined"),
    ]  # fmt: skip


def test_a_table_by_class_has_a_row_for_each() -> None:
    """Level 2 pays a Pro only, and by the lower package of receiver and buyer."""
    plan = parse(
        HEAD + '[[bonuses]]\nname = "levels"\nkind = "levels"\nby = "lower package"\n'
        'amounts = {Basic = ["1.00"], Pro = ["2.00", "3.00"]}\n'
        '[markets.CH]\ncurrency = "CHF"\n'
        'bonuses = {levels = {amounts = {Basic = ["1.10"], Pro = ["2.20", "3.30"]}}}\n',
        "plan.toml",
    )  # fmt: skip
    line = company(
        [(-1, 0, 1, FRANC), (0, 0, 1, FRANC), (1, 0, 1, EURO), (2, 0, 0, EURO)],
        [(2, EURO, 1_000), (3, EURO, 1_000)],
    )
    found = told(plan, line)
    assert sorted(each[:3] for each in found) == [
        ("levels", 0, 330), ("levels", 1, 220), ("levels", 2, 100),
    ]  # fmt: skip
    (top,) = (each[3] for each in found if each[1] == 0)
    assert top.endswith("; CH states 3.30 CHF in place of 3.00 EUR converted")


def test_pairs_and_their_cap_are_the_markets() -> None:
    text = HEAD + (
        '[[bonuses]]\nname = "pairs"\nkind = "binary"\nunit = 10\npair_amount = "5.00"\n'
        'caps = [{per = "month", amount = "12.00"}]\n'
        '[markets.CH]\ncurrency = "CHF"\n'
        'bonuses = {pairs = {pair_amount = "5.10", caps = {month = "13.00"}}}\n'
    )
    legs = company(
        [(-1, 0, 0, FRANC), (0, 0, 0, EURO), (0, 1, 0, EURO)],
        [(1, EURO, 4_000), (2, EURO, 4_000)],
    )
    (line,) = told(parse(text, "plan.toml"), legs)
    assert line[:3] == ("pairs", 0, 1_300)
    assert line[3].endswith(
        "5.10 CHF per pair = 20.40 CHF, capped at 13.00 CHF; CH states 13.00 CHF in place of "
        "12.00 EUR converted; CH states 5.10 CHF in place of 5.00 EUR converted"
    )


def test_full_levels_boards_awards_and_pools_cap_are_the_markets() -> None:
    text = HEAD + (
        '[ranks]\n[[ranks.steps]]\nname = "Silver"\nactive = false\n'
        '[[bonuses]]\nname = "full"\nkind = "matrix"\nwidth = 1\ndepth = 1\n'
        'full_levels = ["1.00"]\n'
        '[[bonuses]]\nname = "award"\nkind = "rank_advancement"\namounts = {Silver = "50.00"}\n'
        '[[bonuses]]\nname = "pool"\nkind = "pool"\npercent = 100\ncap = "3.00"\n'
        '[[bonuses]]\nname = "board"\nkind = "board"\nwidth = 2\ndepth = 1\namount = "9.00"\n'
        'entry = "joining"\n'
        '[markets.JP]\ncurrency = "JPY"\ndecimals = 0\n[markets.JP.bonuses]\n'
        "full = {full_levels = [150]}\naward = {amounts = {Silver = 8000}}\n"
        "pool = {cap = 400}\nboard = {amount = 1500}\n"
    )
    trio = company([(-1, 0, 0, YEN), (0, 0, 0, EURO), (0, 1, 0, EURO)], [(1, EURO, 100_000)])
    of_top = {name: (amount, why_) for name, who, amount, why_ in told(parse(text, "p"), trio)
              if who == 0}  # fmt: skip
    assert {name: amount for name, (amount, _) in of_top.items()} == {
        "full": 150, "award": 8_000, "pool": 400, "board": 1_500,
    }  # fmt: skip
    in_place = {"full": "150", "award": "8,000", "pool": "400", "board": "1,500"}
    for name, amount in in_place.items():
        assert f"; JP states {amount} JPY in place of " in of_top[name][1], of_top[name]


def test_charge_tax_minimum_and_remainder_are_the_markets() -> None:
    """100.00 each. Yen: 5 % charge, no tax, nothing held. Francs: 8 % charge, 3 % tax above 50.00,
    of which 4.00 stay. Euros: 10 % charge, 5 % tax above 500.00."""
    text = HEAD + (
        '[settlement]\nservice_charge = 10\nminimum_payout = "20.00"\nremainder = "5.00"\n'
        'taxes = [{from = 2026-01-01, percent = 5, threshold = "500.00"}]\n'
        '[[bonuses]]\nname = "margin"\nkind = "retail_margin"\ncustomers = "all"\npercent = 100\n'
        '[markets.CH]\ncurrency = "CHF"\n[markets.CH.settlement]\nservice_charge = 8\n'
        'minimum_payout = "15.00"\nremainder = "4.00"\n'
        'taxes = [{from = 2026-01-01, percent = 3, threshold = "50.00"}]\n'
        '[markets.JP]\ncurrency = "JPY"\ndecimals = 0\n[markets.JP.settlement]\n'
        "service_charge = 5\nminimum_payout = 0\nremainder = 0\ntaxes = []\n"
    )
    three = company(
        [(-1, 0, 0, EURO), (0, 0, 0, FRANC), (0, 1, 0, YEN)],
        [(0, EURO, 10_000), (1, FRANC, 10_000), (2, YEN, 10_000)],
    )
    found = told(parse(text, "plan.toml"), three)
    taken = {(name, who): amount for name, who, amount, _ in found if name != "margin"}
    assert taken == {
        ("service charge", 0): -1_000, ("service charge", 1): -800, ("service charge", 2): -500,
        ("tax", 1): -300, ("carried over", 0): -500, ("carried over", 1): -400,
    }  # fmt: skip
    of_swiss = {name: sentence for name, who, _, sentence in found if who == 1}
    assert of_swiss["service charge"] == "Service charge: 8 % of 100.00 CHF, as stated for CH"
    assert of_swiss["tax"].endswith("earnings this year: 100.00 CHF, as stated for CH")
    assert of_swiss["carried over"].endswith("; CH states 4.00 CHF in place of 5.00 EUR converted")
    assert "stated" not in "".join(sentence for _, who, _, sentence in found if who == 0)


def test_a_plan_in_which_only_a_market_has_taxes_keeps_the_years_earnings() -> None:
    text = HEAD + (
        '[[bonuses]]\nname = "margin"\nkind = "retail_margin"\ncustomers = "all"\npercent = 100\n'
        '[markets.CH]\ncurrency = "CHF"\n'
        "settlement = {taxes = [{from = 2026-01-01, percent = 3}]}\n"
    )
    pair = company([(-1, 0, 0, EURO), (0, 0, 0, FRANC)], [(0, EURO, 500), (1, FRANC, 1_000)])
    plan = parse(text, "plan.toml")
    members, orders, exchange = as_arrays(plan, pair)
    result = run(plan, members, orders, PERIOD, exchange=exchange)
    assert result.totals.tolist() == [500, 970]
    assert result.carry.tax is not None
    assert result.carry.tax.gross.tolist() == [500, 1_000]
