"""Runs where members and orders are in several currencies: what they pay, tell, keep and refuse.

1.00 EUR is 0.9412 CHF, and from the last day of the month on 0.95 CHF, which its run uses."""

import re
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from commissions.abroad import (
    breaches,
    earned,
    emigrate,
    figures,
    held,
    person_id,
    rate,
    run_abroad,
    sentences,
    settle_abroad,
)
from commissions.conftest import Company
from commissions.founding import FIRST, LAST
from commissions.interims import interim, so_far
from commissions.world import (
    acting,
    approved,
    computed,
    noon,
    opened,
    refund,
    refused,
    sell,
    silent,
)
from upline.commissions import queries
from upline.commissions.explaining import lines
from upline.commissions.models import Clawback, Interim, Run, RunMarket
from upline.flows import commission_run
from upline.members.models import Member
from upline.screens.earnings import OFFICE
from upline.wallet import actions as wallet


def told_of_a_run() -> dict[str, Any]:
    """What the run of a month came to in which ben lived in Switzerland."""
    _, order, run = run_abroad()
    found = queries.run(run)
    markets = RunMarket.objects.filter(run=run).values_list(
        "currency", "per_unit", "turnover", "gross", "paid", "members"
    )
    return {
        "earned": earned(run),
        "ben": held("ben"),
        "anna": held("anna"),
        "sentences": {who: sentences(run, who) for who in ("acme", "anna", "ben")},
        "figures": [figures(run, "ben", name) for name in ("levels", "service charge")],
        "markets": list(map(list, markets)),
        "order": order,
        "breaches": breaches(),
        "totals": [found.turnover, found.gross, found.paid],
    }


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What the run came to; filled by the first test that asks."""
    return {}


@pytest.fixture
def abroad(company: Company, told: dict[str, Any]) -> dict[str, Any]:
    if not told:
        told |= company.does(told_of_a_run)
    return told


def test_each_member_is_paid_in_their_own_currency(abroad: dict[str, Any]) -> None:
    """10 % of dan's 30.00 EUR are 2.85 CHF to ben; less 10 % and 5 %, rounded down, 2.43. A fifth
    of it can only buy."""
    assert abroad["earned"]["ben"] == ["CHF", 243]
    assert abroad["ben"] == {"EUR": [0, 0], "CHF": [195, 48]}
    assert abroad["earned"]["anna"][0] == "EUR"
    assert "CHF" not in abroad["anna"]
    assert abroad["breaches"] == {}


def test_each_line_says_which_rate_was_used(abroad: dict[str, Any]) -> None:
    ben, anna = abroad["sentences"]["ben"], abroad["sentences"]["anna"]
    assert ben[0][:2] == ["levels", 285]
    assert ben[0][2].startswith("Level 1: 10 % of 30.00 EUR from order ")
    assert ben[0][2].endswith(" of dan; 1 EUR = 0.95 CHF")
    assert [1_052, f"Level 1: 10 % of 100.00 CHF from order {abroad['order']} of ben; "
            "1 EUR = 0.95 CHF"] in [line[1:] for line in anna]  # fmt: skip
    assert ben[1] == ["service charge", -28, "Service charge: 10 % of 2.85 CHF"]
    # What stays within one currency needs no rate.
    of_cleo = next(line[2] for line in anna if "of cleo" in line[2])
    assert of_cleo.endswith(" of cleo")
    assert "4 pairs" not in of_cleo


def test_each_figure_is_in_the_currency_that_it_is_told_in(abroad: dict[str, Any]) -> None:
    (of_dan, *_), (charge,) = abroad["figures"]
    assert of_dan["of"] == [3_000, 2, "EUR"]
    assert charge["of"] == [285, 2, "CHF"]


def first_line_of_ben() -> list[int]:
    """A paid run, and the number of ben's first line."""
    _, _, run = run_abroad()
    return [run, lines.lines_of(queries.run(run), person_id("ben"), OFFICE)[0].number]


def test_a_paper_marks_what_is_not_in_the_members_currency(company: Company) -> None:
    run, number = company.does(first_line_of_ben)
    paper = company.says("run", "explain", str(run), "--member", "ben", "--line", str(number))
    assert paper.startswith(f"Line {number}: 2.85 CHF by levels")
    assert re.search(r"^Percentage of +30\.00 EUR$", paper, re.MULTILINE)


def test_totals_are_kept_by_market_and_together_in_plan_currency(abroad: dict[str, Any]) -> None:
    (_, _, sold, gross, paid, members), swiss = abroad["markets"]
    assert swiss == ["CHF", 950_000, 10_000, 285, 243, 1]
    # 100.00 CHF are 105.26 EUR of turnover; 2.43 CHF cost 2.56 EUR.
    assert abroad["totals"] == [sold + 10_526, gross + 300, paid + 256]
    assert members == len(abroad["earned"]) - 1


@pytest.mark.parametrize(
    ("promise", "breach"),
    [
        (
            "Each line pays its base at its rate and its run's exchange rates",
            "UPDATE commissions_line SET amount = amount + 1 WHERE bonus = 1 AND member_id = {ben}",
        ),
        (
            "Each line pays its base at its rate and its run's exchange rates",
            "UPDATE commissions_runmarket SET per_unit = 960000 WHERE currency = 'CHF'",
        ),
        (
            "Each market's totals in a run are those of its members' earnings",
            "UPDATE commissions_runmarket SET paid = paid - 1 WHERE currency = 'CHF'",
        ),
        (
            "Each run equals the sum of its members' earnings and of its lines",
            "UPDATE commissions_run SET paid = paid + 1",
        ),
        (
            "Each member paid by a run has its transfers, and each such transfer has its run",
            "UPDATE commissions_earning SET currency = 'EUR' WHERE member_id = {ben}",
        ),
        (
            "Each member's earnings are in the currency of a market that their run met",
            "DELETE FROM commissions_runmarket WHERE currency = 'CHF'",
        ),
    ],
)
def test_verify_reports_what_breaks_a_run_of_several_currencies(
    company: Company, promise: str, breach: str
) -> None:
    company.does(run_abroad)
    address = company.installation.postgres.url("postgres", company.name)
    with psycopg.connect(address) as connection:
        connection.execute("SET session_replication_role = replica")
        found = connection.execute("SELECT id FROM members_user WHERE username = 'ben'").fetchone()
        assert found is not None
        assert connection.execute(breach.format(ben=found[0]).encode()).rowcount == 1
    assert promise in company.does(breaches)


def compute_twice() -> list[list[str]]:
    settle_abroad()
    (run,) = opened()
    return [computed(run), computed(run)]


def test_the_same_books_and_rates_give_the_same_bytes(company: Company) -> None:
    one, same = company.does(compute_twice)
    assert one == same


def open_without_a_rate() -> list[Any]:
    settle_abroad(with_rates=False)
    sentence = refused(opened)
    commission_run.on_schedule()
    commission_run.interim_on_schedule()
    return [sentence, Run.objects.count(), Interim.objects.count()]


def test_a_run_is_not_opened_without_a_rate(company: Company) -> None:
    sentence, runs, interims = company.does(open_without_a_rate)
    assert sentence.startswith(f"The market SWISS has no exchange rate on {LAST}")
    assert (runs, interims) == (0, 0)


def move_before_and_after_payment() -> list[Any]:
    swiss, _ = settle_abroad()
    (run,) = opened()
    before = refused(lambda: emigrate("anna", swiss))
    approved(run)
    computed_too = refused(lambda: emigrate("anna", swiss))
    commission_run.pay(acting("olga"), run, silent)
    emigrate("anna", swiss)
    return [before, computed_too, held("anna")]


def test_a_member_cannot_move_while_a_run_is_open_or_not_paid(company: Company) -> None:
    before, computed_too, money = company.does(move_before_and_after_payment)
    open_runs = "This member still has earnings of runs that are not computed or not paid."
    assert before == computed_too == f"{open_runs} Settle that first."
    assert money["EUR"] == [0, 0]
    assert money["CHF"][0] > 0


def move_behind_the_rule() -> str:
    """A planted fault: the move that is refused while a run is not paid."""
    swiss, _ = settle_abroad()
    (run,) = opened()
    computed(run)
    commission_run.review(acting("olga"), run)
    Member.objects.filter(pk=person_id("anna")).update(market_id=swiss)
    wallet.open_accounts(person_id("anna"))
    return refused(lambda: commission_run.approve(acting("otto"), run))


def test_a_run_is_not_approved_once_a_member_has_moved(company: Company) -> None:
    assert company.does(move_behind_the_rule) == (
        "A member of this run has moved to a market with another currency since the run was "
        "computed. Compute and review it again."
    )


def move_after_an_interim_run() -> list[Any]:
    """anna sees what she earned so far before and after she moves, and after the next one."""
    swiss, _, _ = run_abroad()
    today = LAST + timedelta(days=3)
    with noon(today):
        sell("ben", today, 10_000, 0)
        sell("anna", today, 1_000, 1_000)
        interim()
        before = so_far("anna")["month"]
        emigrate("anna", swiss)
        moved = so_far("anna")["month"]
        interim()
        after = so_far("anna")["month"]
    return [[each["currency"], each["amounts"]["levels"]] for each in (before, moved, after)]


def test_what_is_earned_so_far_is_in_the_currency_that_it_was_worked_out_in(
    company: Company,
) -> None:
    """10 % of 100.00 CHF at 0.95 are 10.52 EUR; once she lives there, 10.00 CHF."""
    assert company.does(move_after_an_interim_run) == [
        ["EUR", 1_052], ["EUR", 1_052], ["CHF", 1_000],
    ]  # fmt: skip


def take_back_after_a_move() -> list[Any]:
    """anna was paid 10.52 EUR for ben's order, and lives in Switzerland when he returns it."""
    swiss, order, _ = run_abroad()
    emigrate("anna", swiss)
    refund(order, FIRST.replace(day=12))
    rate(swiss, LAST + timedelta(days=1), 1_900_000)
    with noon((LAST + timedelta(days=1)).replace(day=28) + timedelta(days=10)):
        (second,) = opened()
        computed(second)
    found = [line for line in sentences(second, "anna") if line[0] == "taken back"]
    return [found, list(Clawback.objects.values_list("amount", flat=True)), breaches()]


def test_what_is_taken_back_after_a_move_is_exchanged_at_the_rates_of_the_new_run(
    company: Company,
) -> None:
    lines, amounts, broken = company.does(take_back_after_a_move)
    assert [line[1] for line in lines] == [-1_998]
    assert (
        "paid 10.52, of which 0.00 remains; exchanged into CHF at the rates of this run"
        in (lines[0][2])
    )
    assert -1_052 in amounts
    assert broken == {}
