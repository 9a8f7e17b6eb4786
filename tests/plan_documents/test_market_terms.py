"""What a plan states for markets: amounts in their currencies, and what is refused of them."""

from __future__ import annotations

from datetime import date

import pytest

from plan_documents.documents import said_of
from upline.plan_documents import parse, warnings
from upline.plan_documents.summary import summary
from upline.plans.periods import day_of
from upline.plans.terms import Charge, Spot, Stated, Tax

PLAN = """\
name = "Abroad"
currency = "EUR"
packages = ["Basic", "Pro"]
[ranks]
[[ranks.steps]]
name = "Silver"
team_points = 100
[settlement]
minimum_payout = "20.00"
remainder = "5.00"
[[bonuses]]
name = "welcome"
kind = "referral"
on = "joining"
amount = "40.00"
[[bonuses]]
name = "levels"
kind = "levels"
by = "package"
amounts = {Basic = ["1.00", 0], Pro = ["2.00", "3.00"]}
[[bonuses]]
name = "pairs"
kind = "binary"
every = "day"
unit = 100
pair_amount = "5.00"
caps = [{per = "month", amount = {Silver = "900.00"}}, {per = "day", pairs = 4}]
[[bonuses]]
name = "full"
kind = "matrix"
width = 2
depth = 2
full_levels = ["1.00", "2.00"]
[[bonuses]]
name = "board"
kind = "board"
width = 2
depth = 2
amount = "100.00"
entry = "joining"
[[bonuses]]
name = "award"
kind = "rank_advancement"
amounts = {Silver = "50.00"}
[[bonuses]]
name = "pool"
kind = "pool"
percent = 2
cap = "300.00"
"""
SWISS = """\
[markets.CH]
currency = "CHF"
[markets.CH.bonuses]
welcome = {amount = "38.05"}
levels = {amounts = {Basic = ["1.10"], Pro = ["2.20", "3.30"]}}
pairs = {pair_amount = "4.80", caps = {month = {Silver = "no limit"}}}
full = {full_levels = ["1.05", "2.05"]}
board = {amount = "95.00"}
award = {amounts = {Silver = "45.00"}}
pool = {cap = "290.00"}
[markets.CH.settlement]
minimum_payout = "25.00"
remainder = "4.00"
service_charge = 8
taxes = [{from = 2026-01-01, percent = 3, threshold = "9000.00"}]
"""
JAPAN = """\
[markets.JP]
currency = "JPY"
decimals = 0
[markets.JP.bonuses.welcome]
amount = 6000
"""
FIRST = PLAN.count("\n") + 1
"""The line of `[markets.CH]`."""


def test_each_amount_stands_where_the_plans_own_does() -> None:
    swiss, japanese = parse(PLAN + SWISS + JAPAN, "plan.toml").markets
    assert (swiss.code, swiss.currency, swiss.decimals) == ("CH", "CHF", 2)
    assert swiss.amounts == {
        Spot("welcome", Stated.RATES): 3_805,
        Spot("levels", Stated.RATES, 0, 0): 110,
        Spot("levels", Stated.RATES, 0, 1): 0,
        Spot("levels", Stated.RATES, 1, 0): 220,
        Spot("levels", Stated.RATES, 1, 1): 330,
        Spot("pairs", Stated.RATES): 480,
        Spot("pairs", Stated.CAP, 0, 0): -1,
        Spot("pairs", Stated.CAP, 0, 1): -1,
        Spot("full", Stated.AMOUNT, 0): 105,
        Spot("full", Stated.AMOUNT, 1): 205,
        Spot("board", Stated.AMOUNT): 9_500,
        Spot("award", Stated.AMOUNT, 0): 0,
        Spot("award", Stated.AMOUNT, 1): 4_500,
        Spot("pool", Stated.CAP): 29_000,
        Spot("", Stated.MINIMUM): 2_500,
        Spot("", Stated.REMAINDER): 400,
    }
    assert swiss.charges == (Charge(day_of(date.min), 80_000),)
    assert swiss.taxes == (Tax(day_of(date(2026, 1, 1)), 30_000, 900_000),)
    assert japanese.amounts == {Spot("welcome", Stated.RATES): 6_000}
    assert (japanese.decimals, japanese.charges, japanese.taxes) == (0, None, None)


def test_a_plan_without_markets_states_nothing_for_one() -> None:
    assert parse(PLAN, "plan.toml").markets == ()


def test_a_market_without_taxes_says_so() -> None:
    free = '[markets.CH]\ncurrency = "CHF"\nsettlement = {taxes = []}\n'
    (swiss,) = parse(PLAN + free, "plan.toml").markets
    assert swiss.taxes == ()


def test_the_summary_names_the_markets() -> None:
    lines = summary(parse(PLAN + SWISS + JAPAN, "plan.toml"))
    assert "  markets   CH (CHF), JP (JPY)" in lines


def test_a_charge_and_a_tax_of_a_market_that_take_all_are_warned_of() -> None:
    said = warnings(parse(PLAN + SWISS.replace("percent = 3", "percent = 95"), "plan.toml"))
    assert "Charge and tax together can take 103 % of what is earned in CH." in said


REFUSED = [
    ('"38.05"', '"38.055"', 4, "bonuses.welcome.amount: \"38.055\" has too many decimals: this "
     "market's money has 2."),
    ('"CHF"', '"Franken"', 2, "currency: must be a currency in three letters"),
    ('currency = "CHF"\n', "", 1, "currency: is missing."),
    ("welcome = {amount", "welcom = {amount", 4, 'bonuses.welcom: there is no bonus "welcom"; did '
     'you mean "welcome"?'),
    ("{amount = \"38.05\"}", "{percent = 3}", 4, "bonuses.welcome.percent: there is no such key"),
    ("{amount = \"38.05\"}", "{amounts = [3]}", 4, "bonuses.welcome.amounts: replaces an amount of "
     "the bonus itself, which states none under this key."),
    ("{amount = \"38.05\"}", "{}", 4, "bonuses.welcome: states nothing."),
    ('Pro = ["2.20", "3.30"]', 'Pro = ["2.20"]', 5, "bonuses.levels.amounts: must be like what the "
     "bonus itself states"),
    ('{Basic = ["1.10"], Pro = ["2.20", "3.30"]}', '["1.00", "2.00"]', 5,
     "bonuses.levels.amounts: must be like what the bonus itself states"),
    ('Basic = ["1.10"]', 'Basic = ["1.10", "1.10"]', 5, "bonuses.levels.amounts: must be 0 where "
     "the plan's own amount is 0, and only there"),
    ("month = {Silver", "week = {Silver", 6, "bonuses.pairs.caps.week: the bonus itself has no cap "
     'of money with per = "week".'),
    ("month = {Silver", "day = {Silver", 6, "bonuses.pairs.caps.day: the bonus itself has no cap "
     'of money with per = "day".'),
    ('{Silver = "no limit"}', '"no limit"', 6, "bonuses.pairs.caps.month: must be like what the "
     "bonus itself states"),
    ('{amounts = {Silver = "45.00"}}', '{amounts = {Gold = "45.00"}}', 9,
     'bonuses.award.amounts.Gold: there is no rank "Gold"'),
    ('remainder = "4.00"\n', "", 11, "settlement: state both `minimum_payout` and `remainder`"),
    ('"4.00"', '"26.00"', 13, "settlement.remainder: must not be more than `minimum_payout`."),
    ("service_charge = 8", "service_charge = 8\nservice_charges = []", 15,
     "settlement.service_charges: use only one of"),
    ("percent = 3", "percentage = 3", 15, "settlement.taxes.p"),
    ("[markets.CH.settlement]", "[markets.CH.settlement]\nceiling = 5", 12,
     "settlement.ceiling: there is no such key here"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "line", "sentence"), REFUSED)
def test_what_is_wrong_with_a_market_is_said_with_its_line(
    before: str, after: str, line: int, sentence: str
) -> None:
    assert before in SWISS
    said = said_of(PLAN + SWISS.replace(before, after, 1))
    assert said
    assert said[0].startswith(f"plan.toml:{FIRST + line - 1}: markets.CH.{sentence}"), said


@pytest.mark.parametrize("code", ["CH", "ch"])
def test_the_same_market_twice_is_refused(code: str) -> None:
    twice = said_of(PLAN + SWISS + JAPAN.replace("markets.JP", f"markets.{code}"))
    assert len(twice) == 1
    assert "CH" in twice[0]


def test_decimals_of_the_plans_own_currency_are_the_plans() -> None:
    austria = '[markets.AT]\ncurrency = "EUR"\ndecimals = 3\nbonuses = {welcome = {amount = 39}}\n'
    (said,) = said_of(PLAN + austria)
    assert said.endswith('markets.AT.decimals: the plan\'s "EUR" has 2 decimals.')


def test_a_market_that_states_nothing_is_refused() -> None:
    (said,) = said_of(PLAN + '[markets.CH]\ncurrency = "CHF"\n')
    assert said == f"plan.toml:{FIRST}: markets.CH: states nothing."
