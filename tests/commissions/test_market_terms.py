"""A plan that states charges, taxes and minimums for a market: put in force, run, told, taken back.

1.00 EUR is 0.95 CHF on the last day of the month. 10 % of dan's 30.00 EUR are 2.85 CHF to ben."""

import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from commissions.abroad import breaches, earned, market, run_abroad, sentences
from commissions.conftest import Company
from commissions.founding import FIRST, LAST, PLAN
from commissions.world import computed, noon, opened, refund, refused, use_plan
from upline.base import sql
from upline.commissions.models import PlanVersion
from upline.commissions.storing import archive
from upline.papers import Table
from upline.reports.days import Days
from upline.reports.taxes import tax_totals

SALARY = """
[[bonuses]]
name = "salary"
kind = "levels"
per = "active member"
amounts = ["0.50"]
"""
SWISS = """
[markets.SWISS]
currency = "CHF"
bonuses = {salary = {amounts = ["0.60"]}}

[markets.SWISS.settlement]
service_charge = 8
taxes = [{from = 2020-01-01, percent = 20, threshold = "2.90"}]
minimum_payout = "1.00"
remainder = "0.50"
"""
PAID = PLAN.replace("\n[settlement]", f"{SALARY}\n[settlement]")


def use_wrong_plans() -> list[Any]:
    market("CHF", 2, "SWISS")
    market("JPY", 0, "JAPAN")
    texts = [
        PAID + SWISS.replace("SWISS", "SUISSE"),
        PAID + SWISS.replace("CHF", "USD"),
        PAID + SWISS.replace("SWISS", "JAPAN").replace("CHF", "JPY"),
        PAID + SWISS.replace("SWISS", "HOME").replace("CHF", "EUR"),
    ]
    home = sql.value(str, "SELECT code FROM markets_market ORDER BY id LIMIT 1")
    said = [refused(lambda text=text: use_plan(FIRST, text.replace("HOME", str(home))))
            for text in texts]  # fmt: skip
    return [said, home, PlanVersion.objects.count()]


def test_a_plan_names_markets_of_the_company_with_their_currencies(company: Company) -> None:
    said, home, plans = company.does(use_wrong_plans)
    assert said == [
        'plan.toml: the company has no market "SUISSE".',
        "plan.toml: amounts for SWISS are in USD with 2 decimals, and the market sells in CHF with "
        "2.",
        "plan.toml: amounts for JAPAN are in JPY with 2 decimals, and the market sells in JPY with "
        "0.",
        f"plan.toml: {home} is the home market: the plan's own amounts are for it.",
    ]
    assert plans == 0


def pay_by_market() -> dict[str, Any]:
    _, order, run = run_abroad(PAID + SWISS)
    days = Days(FIRST, LAST + timedelta(days=60))
    report = tax_totals(days)
    return {
        "earned": earned(run),
        "lines": sentences(run, "ben"),
        "rates": json.loads(archive.text(run, archive.RATES)),
        "plan": "markets.SWISS" in archive.text(run, "plan"),
        "breaches": breaches(),
        "taxes": [
            [block.title, [list(map(str, row)) for row in block.rows]]
            for block in report.blocks
            if isinstance(block, Table) and block.title.startswith(("Tax rates", "Members"))
        ],
        "order": order,
    }


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What the run came to; filled by the first test that asks."""
    return {}


@pytest.fixture
def paid(company: Company, told: dict[str, Any]) -> dict[str, Any]:
    if not told:
        told |= company.does(pay_by_market)
    return told


def test_charge_tax_and_remainder_are_those_of_the_members_market(paid: dict[str, Any]) -> None:
    """Of 3.45: 8 % are 0.27, 20 % above 2.90 are 0.69; 0.50 of the 2.49 stay."""
    assert [line[:2] for line in paid["lines"]] == [
        ["levels", 285], ["salary", 60], ["service charge", -27], ["tax", -69],
        ["carried over", -50],
    ]  # fmt: skip
    assert paid["earned"]["ben"] == ["CHF", 199]
    assert paid["breaches"] == {}


def test_each_line_says_what_the_market_states(paid: dict[str, Any]) -> None:
    _, salary, charge, tax, carried = (line[2] for line in paid["lines"])
    assert salary == (
        "Level 1: 0.60 CHF because dan is active; SWISS states 0.60 CHF in place of 0.50 EUR "
        "converted"
    )
    assert charge == "Service charge: 8 % of 3.45 CHF, as stated for SWISS"
    assert tax == (
        "Tax: 20 % of 3.45 CHF not yet taxed; earnings this year: 3.45 CHF, as stated for SWISS"
    )
    assert carried == (
        "Held for a later run: 0.50 CHF of 2.49 CHF; SWISS states 0.50 CHF in place of 0.00 EUR "
        "converted"
    )


def test_the_archive_has_the_plan_and_by_which_markets_it_was_read(paid: dict[str, Any]) -> None:
    assert paid["plan"]
    assert [rate["code"] for rate in paid["rates"]][1:] == ["SWISS"]


def test_the_tax_report_has_the_markets_threshold(paid: dict[str, Any]) -> None:
    tables = dict(paid["taxes"])
    of_market = next(rows for title, rows in tables.items() if "SWISS" in title)
    assert [row[2:4] for row in of_market] == [["2000", "290"]]
    members = next(rows for title, rows in tables.items()
                   if title.startswith("Members") and "CHF" in title)  # fmt: skip
    (ben,) = members
    assert ben[0] == "ben"
    assert ben[-1], "2.95 CHF are paid and taken, 0.50 CHF wait"


@pytest.mark.parametrize(
    "breach",
    [
        "UPDATE commissions_line SET amount = amount + 1 WHERE bonus = 2 AND member_id = {ben}",
        "UPDATE commissions_line SET rate = rate + 1 WHERE bonus = -2 AND member_id = {ben}",
        "UPDATE commissions_line SET rate = rate + 1 WHERE bonus = -3 AND member_id = {ben}",
    ],
)
def test_verify_reports_what_the_plan_does_not_state(company: Company, breach: str) -> None:
    company.does(run_abroad, PAID + SWISS)
    address = company.installation.postgres.url("postgres", company.name)
    with psycopg.connect(address) as connection:
        connection.execute("SET session_replication_role = replica")
        found = connection.execute("SELECT id FROM members_user WHERE username = 'ben'").fetchone()
        assert found is not None
        assert connection.execute(breach.format(ben=found[0]).encode()).rowcount == 1
    promise = "Each flat amount, charge and tax is what the plan states for the member's market"
    assert promise in company.does(breaches)


def take_back() -> list[Any]:
    """dan returns what ben was paid for."""
    run_abroad(PAID + SWISS)
    number = sql.value(
        str,
        """SELECT number FROM orders_order JOIN members_user person ON person.id = member_id
           WHERE username = 'dan' AND total_amount = 3000""",
    )
    refund(str(number), FIRST.replace(day=12))
    with noon((LAST + timedelta(days=1)).replace(day=28) + timedelta(days=10)):
        (second,) = opened()
        computed(second)
    return [sentences(second, "ben"), breaches()]


def test_a_charge_is_given_back_at_the_rate_of_the_market(company: Company) -> None:
    lines, broken = company.does(take_back)
    amounts = {name: amount for name, amount, _ in lines}
    assert amounts["taken back"] == -285
    assert amounts["service charge"] == 23
    assert amounts["tax"] == 69, "0.60 CHF are not above the threshold"
    assert broken == {}
