"""The figures of lines in a company of several currencies: each says which one it is in, and the
amount of its line follows from them by the rates."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import floor

import pyarrow as pa
import pytest

from plans.currencies import as_arrays
from plans.oracle.company import Company, Market, Member, Order
from upline.explanations.facts import RunFacts
from upline.explanations.names import for_people, names_for
from upline.explanations.numbers import Figure, figures_of
from upline.plans.bonus import Cap, Items, Levels, Pairs, Pool, Rates, Stairstep
from upline.plans.counting import Basis, Volume
from upline.plans.periods import Every, day_of, period_of
from upline.plans.plan import Plan, Settlement
from upline.plans.run import run
from upline.plans.terms import Charge

DAY = day_of(date(2026, 1, 10))
EURO, FRANC, YEN = "EUR", "CHF", "JPY"
MARKETS = [
    Market(1_000_000),
    Market(941_200, None, 2, FRANC),
    Market(163_250_000, 150_000_000, 0, YEN),
]
MARKET = {EURO: 0, FRANC: 1, YEN: 2}
IN_PLAN = {EURO: Fraction(1), FRANC: Fraction(9_412, 10_000), YEN: Fraction(163_250, 1_000)}
"""What one unit of plan currency is worth."""
OF_LEVELS = Rates(((100_000, 50_000),))
PLAN = Plan(
    "abroad",
    (
        Levels("levels", rates=OF_LEVELS),
        Levels("by points", rates=OF_LEVELS, volume=Volume(Basis.POINTS)),
        Levels("matching", items=Items.EARNINGS, of=("levels",), rates=Rates(((500_000,),))),
        Levels("flat", rates=Rates(((1_001,),), flat=True)),
        Stairstep("steps", rates=Rates(((80_000,),))),
        Pairs("pairs", rates=Rates(((100_000,),)), caps=(Cap(Every.MONTH, (900,)),)),
        Pool("pool", rate=20_000, cap=900),
    ),
    settlement=Settlement(charges=(Charge(0, 100_000),), minimum=4_000, ceiling=400_000),
)  # fmt: skip


Told = dict[str, list[tuple[str, int, dict[str, Figure]]]]
"""The figures of each line, by bonus and by whom it pays."""


@pytest.fixture(scope="module")
def told() -> dict[str, list[tuple[str, int, dict[str, Figure]]]]:
    """Of each bonus the lines: the currency that each pays, its amount and its figures."""
    lives = [YEN, FRANC, EURO, YEN]
    members = [
        Member(-1, -1, 0, DAY - 30, 0, True, MARKET[lives[0]]),
        Member(0, 0, 0, DAY - 30, 0, True, MARKET[lives[1]]),
        Member(1, 1, 0, DAY - 30, 0, True, MARKET[lives[2]]),
        Member(1, 1, 1, DAY - 30, 0, True, MARKET[lives[3]]),
    ]
    orders = [
        Order(2, DAY, 10_001, 5_000, 2, True, market=MARKET[EURO]),
        Order(3, DAY, 12_345, 7_000, 2, True, market=MARKET[YEN]),
    ]
    arrays = as_arrays(PLAN, Company(members, orders, [], MARKETS))
    people, bought, exchange = arrays
    result = run(PLAN, people, bought, period_of(DAY, Every.MONTH), exchange=exchange)
    names = names_for(pa.array(list("abcd")), pa.array(["o1", "o2"]), for_people)
    facts = RunFacts(PLAN, people, bought, result, names, exchange=exchange, currency=EURO)
    found: Told = {}
    for lines in result.lines:
        rows = zip(lines.member, lines.amount, figures_of(lines, facts), strict=True)
        found.setdefault(lines.bonus, []).extend(
            (lives[who], int(amount), {each.name: each for each in figures})
            for who, amount, figures in rows
        )
    return found


def exact(figure: Figure) -> Fraction:
    return Fraction(figure.value, 10**figure.decimals)


@pytest.mark.parametrize("bonus", ["levels", "matching", "steps", "by points"])
def test_an_amount_follows_from_its_figures_by_the_rates(told: Told, bonus: str) -> None:
    assert YEN in {each[0] for each in told[bonus]}
    for paid_in, amount, figures in told[bonus]:
        of, percent = figures["of"], exact(figures["percent"]) / 100
        worth, before = exact(of), of.currency
        if bonus == "by points":
            worth, before = worth * exact(figures["point_value"]), figures["point_value"].currency
        decimals = 0 if paid_in == YEN else 2
        in_theirs = worth / IN_PLAN[before] * IN_PLAN[paid_in] * percent
        assert amount == floor(in_theirs * 10**decimals), (paid_in, figures)


def test_what_an_order_counted_is_in_its_sellers_currency(told: Told) -> None:
    found = {(figures["of"].value, figures["of"].decimals, figures["of"].currency)
             for _, _, figures in told["levels"]}  # fmt: skip
    assert found == {(10_001, 2, EURO), (12_345, 0, YEN)}


def test_a_point_is_worth_what_the_receivers_market_says(told: Told) -> None:
    found = {paid_in: figures["point_value"] for paid_in, _, figures in told["by points"]}
    assert (exact(found[YEN]), found[YEN].currency) == (Fraction(150), YEN)
    assert (exact(found[FRANC]), found[FRANC].currency) == (Fraction(1), EURO)


@pytest.mark.parametrize(
    ("bonus", "own", "plans"),
    [
        ("flat", ["each"], []),
        ("pairs", ["cap_of_the_month", "used_of_the_month"], ["left", "right", "of"]),
        ("pool", ["cap"], ["fund", "turnover"]),
        ("ceiling", ["of"], ["limit_for_all", "earned_by_all"]),
        ("service charge", ["of"], []),
        ("carried over", ["earned", "held_before", "held_after"], []),
    ],
)
def test_what_is_stated_for_a_member_is_in_theirs_and_what_all_share_in_the_plans(
    told: Told, bonus: str, own: list[str], plans: list[str]
) -> None:
    for paid_in, _, figures in told[bonus]:
        decimals = 0 if paid_in == YEN else 2
        for name in own:
            assert (figures[name].currency, figures[name].decimals) == (paid_in, decimals), name
        for name in plans:
            assert (figures[name].currency, figures[name].decimals) == (EURO, 2), name
        money = {name for name, each in figures.items() if each.currency}
        assert money == {*own, *plans}


def test_an_amount_that_the_plan_states_is_told_as_it_is_paid(told: Told) -> None:
    for paid_in, amount, figures in told["flat"]:
        assert figures["each"].value == amount
        assert amount == {EURO: 1_001, FRANC: 942, YEN: 1_634}[paid_in]
