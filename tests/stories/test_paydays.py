"""What the demo company promises about its commissions: a year of runs, payouts and refunds."""

import csv
import datetime
import io
import re
import subprocess
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from stdnum import iban

from docs.test_readme import blocks
from stories.conftest import Demo
from support.client import data
from support.installation import ROOT
from upline.demo import events
from upline.demo.joinings import DAYS, Calendar
from upline.demo.paydays import Paydays


def last_month() -> tuple[datetime.date, datetime.date]:
    """The first and the last day of the last whole month, where the company is."""
    today = datetime.datetime.now(Calendar(datetime.date(2026, 1, 1)).last_moment.tzinfo).date()
    last = today.replace(day=1) - datetime.timedelta(days=1)
    return last.replace(day=1), last


def test_all_runs_before_last_months_are_closed_and_no_later_one_is_computed(demo: Demo) -> None:
    runs = demo.ask("SELECT every, first_day, last_day, status FROM commissions_run ORDER BY id")
    months = [run for run in runs if run[0] == "month"]
    at = next(place for place, run in enumerate(runs) if run[0:3] == ("month", *last_month()))
    assert {run[3] for run in runs[:at]} == {"closed"}
    assert {run[3] for run in runs[at:]} == {"open"}
    assert 11 <= len(months) <= 13
    assert 51 <= len(runs) - len(months) <= 53


def test_the_runs_follow_each_other_without_a_gap(demo: Demo) -> None:
    first = demo.ask("SELECT min(since) FROM commissions_planversion")[0][0]
    for every in ("week", "month"):
        days = demo.ask(
            f"SELECT first_day, last_day FROM commissions_run WHERE every = '{every}' ORDER BY id"
        )
        assert days[0][0] == first
        for (_, last_day), (next_first, _) in pairwise(days):
            assert next_first == last_day + datetime.timedelta(days=1)


def test_each_step_of_each_run_was_taken_by_whose_it_is_and_in_turn(demo: Demo) -> None:
    office, approver = (demo.logins()[role]["username"] for role in ("office", "approver"))
    people = demo.ask(
        f"""SELECT DISTINCT opened_by_id,
               coalesce(computing.username, '{office}'), reviewing.username, approving.username,
               paying.username, closing.username
           FROM commissions_run LEFT JOIN members_user computing ON computing.id = computed_by_id
           JOIN members_user reviewing ON reviewing.id = reviewed_by_id
           JOIN members_user approving ON approving.id = approved_by_id
           JOIN members_user paying ON paying.id = paid_by_id
           JOIN members_user closing ON closing.id = closed_by_id WHERE status = 'closed'"""
    )
    assert people == [(None, office, office, approver, office, office)]
    assert (
        demo.ask(
            """SELECT id FROM commissions_run WHERE status = 'closed' AND NOT (
               (last_day + 1)::timestamp AT TIME ZONE 'Europe/Berlin' < opened_at
               AND opened_at < computed_at AND computed_at <= reviewed_at
               AND reviewed_at <= approved_at AND approved_at < paid_at
               AND paid_at < closed_at)"""
        )
        == []
    )


def test_every_member_of_a_closed_run_was_paid_exactly_once(demo: Demo) -> None:
    """Into wallet and purchase account, less what became or lessened a debt."""
    wrong = demo.ask(
        """WITH moved AS (
               SELECT reference, credit_id AS account_id, amount FROM wallet_transfer
               WHERE reference LIKE 'run:%'
               UNION ALL
               SELECT reference, debit_id, -amount FROM wallet_transfer
               WHERE reference LIKE 'run:%'),
           paid AS (
               SELECT reference, sum(CASE kind WHEN 'owed' THEN -amount ELSE amount END) AS amount
               FROM moved JOIN wallet_account account ON account.id = account_id
               WHERE member_id IS NOT NULL
                 AND member_id = split_part(reference, ':', 3)::bigint
               GROUP BY reference),
           due AS (
               SELECT 'run:' || run_id || ':' || member_id AS reference, total
               FROM commissions_earning JOIN commissions_run run ON run.id = run_id
               WHERE run.status = 'closed')
           SELECT reference, total, amount FROM due FULL JOIN paid USING (reference)
           WHERE total IS NULL OR total <> coalesce(amount, 0)"""
    )
    assert wrong == []
    earners = "SELECT count(DISTINCT member_id) FROM commissions_earning WHERE total > 0"
    assert demo.ask(earners)[0][0] >= 40


def test_it_pays_pairs_matching_and_levels_with_charge_tax_and_purchase_share(demo: Demo) -> None:
    sums = dict(demo.ask("SELECT bonus, sum(amount)::bigint FROM commissions_line GROUP BY bonus"))
    pairs, matching, levels, charge, tax = (sums[number] for number in (0, 1, 2, -2, -3))
    assert min(pairs, matching, levels) > 10_000
    assert max(charge, tax) < -10_000
    value = "SELECT sum(turnover)::bigint FROM commissions_run WHERE every = 'month'"
    assert 0.1 < (pairs + matching + levels) / demo.ask(value)[0][0] < 0.45
    capped = """SELECT count(*) FROM commissions_line WHERE bonus = 0 AND amount < base / 10
                AND base > 10000"""
    assert demo.ask(capped)[0][0] >= 1
    ranks = "SELECT count(DISTINCT rank_name) FROM members_member WHERE rank_name <> ''"
    assert demo.ask(ranks)[0][0] >= 2
    purchase = "SELECT count(*) FROM wallet_transfer WHERE kind = 'commission_purchase'"
    assert demo.ask(purchase)[0][0] >= 100


def test_orders_were_refunded_before_and_after_their_commissions_were_approved(
    demo: Demo,
) -> None:
    before, after, weeks_after = demo.ask(
        """SELECT count(*) FILTER (WHERE refund.at < approved_at),
                  count(*) FILTER (WHERE refund.at > approved_at),
                  count(*) FILTER (WHERE refund.at > approved_at + interval '10 days')
           FROM orders_refund refund JOIN orders_order sale ON sale.id = order_id
           JOIN commissions_run run ON every = 'week'
                AND sale.business_date BETWEEN first_day AND last_day"""
    )[0]
    assert min(before, after, weeks_after) >= 5
    again = """SELECT count(*) FROM (SELECT FROM base_auditentry WHERE event = 'run.computed'
               GROUP BY subject HAVING count(*) > 1) computed"""
    assert demo.ask(again)[0][0] >= 1


def test_what_late_refunds_had_paid_was_taken_back_of_pairs_matching_and_levels(
    demo: Demo,
) -> None:
    taken = dict(
        demo.ask(
            """SELECT paid.bonus, count(*) FROM commissions_clawback clawback
               JOIN commissions_line paid ON paid.run_id = of_run_id AND paid.number = of_number
               JOIN commissions_line back ON back.run_id = clawback.run_id
                    AND back.number = clawback.number AND back.member_id = paid.member_id
               JOIN orders_refund refund ON refund.order_id = clawback.order_id
               JOIN commissions_run of_run ON of_run.id = of_run_id
               WHERE back.amount < 0 AND paid.amount >= -back.amount
                 AND refund.at > of_run.approved_at
               GROUP BY paid.bonus"""
        )
    )
    assert taken.keys() == {0, 1, 2}


def test_payouts_of_every_end_were_asked_for_by_who_had_earned_them(demo: Demo) -> None:
    states = dict(demo.ask("SELECT status, count(*) FROM payouts_payout GROUP BY status"))
    assert states.keys() == {"requested", "declined", "failed", "paid"}
    assert states["paid"] >= 10
    more_than_earned = demo.ask(
        """WITH earned AS (
               SELECT account.member_id, sum(amount) AS amount FROM wallet_transfer
               JOIN wallet_account account ON account.id = credit_id
               WHERE wallet_transfer.kind = 'commission' AND account.kind = 'wallet'
               GROUP BY account.member_id),
           taken AS (
               SELECT member_id, sum(amount) AS amount FROM payouts_payout
               WHERE status IN ('requested', 'paid') GROUP BY member_id)
           SELECT member_id FROM taken LEFT JOIN earned USING (member_id)
           WHERE taken.amount > coalesce(earned.amount, 0)"""
    )
    assert more_than_earned == []


def test_payouts_went_through_the_hands_of_both_and_what_failed_came_back(demo: Demo) -> None:
    office, approver = (demo.logins()[role]["username"] for role in ("office", "approver"))
    hands = demo.ask(
        """SELECT DISTINCT status, approving.username, closing.username FROM payouts_payout
           LEFT JOIN members_user approving ON approving.id = approved_by_id
           LEFT JOIN members_user closing ON closing.id = closed_by_id ORDER BY status"""
    )
    assert hands == [
        ("declined", None, approver),
        ("failed", approver, office),
        ("paid", approver, office),
        ("requested", None, None),
    ]
    back = """SELECT count(*) FROM payouts_payout payout
              JOIN wallet_transfer back ON back.id = settlement_id
              JOIN wallet_account account ON account.id = back.credit_id
              WHERE status IN ('declined', 'failed') AND back.amount = payout.amount
                AND account.member_id = payout.member_id AND account.kind = 'wallet'"""
    gone = "SELECT count(*) FROM payouts_payout WHERE status IN ('declined', 'failed')"
    assert demo.ask(back) == demo.ask(gone)


def test_no_batch_of_the_year_has_failed_as_a_whole(demo: Demo) -> None:
    without_paid = demo.ask(
        """SELECT id FROM payouts_batch WHERE NOT EXISTS (
               SELECT FROM payouts_payout WHERE batch_id = payouts_batch.id AND status = 'paid')"""
    )
    assert without_paid == []


def test_a_batch_of_the_year_can_still_be_given_to_the_bank(fresh_demo: Demo) -> None:
    said, quantity = newest_file(fresh_demo, "EUR", "sepa")
    assert said.count("<CdtTrfTxInf>") == quantity >= 1


def test_francs_are_paid_to_swiss_accounts(fresh_demo: Demo) -> None:
    said, quantity = newest_file(fresh_demo, "CHF", "csv")
    paid = list(csv.DictReader(io.StringIO(said)))
    assert len(paid) == quantity >= 1
    assert {each["currency"] for each in paid} == {"CHF"}
    for each in paid:
        assert iban.validate(each["account_number"]).startswith("CH")


def newest_file(demo: Demo, currency: str, kind: str) -> tuple[str, int]:
    """The file of the newest batch in a currency, and how many payouts of it were paid."""
    batch, quantity = demo.ask(
        f"""SELECT batch_id, count(*) FROM payouts_payout
            WHERE status = 'paid' AND batch_id =
                  (SELECT max(id) FROM payouts_batch WHERE currency = '{currency}')
            GROUP BY batch_id"""
    )[0]
    return demo.says("payout", "file", str(batch), "--kind", kind, role="office"), quantity


def test_nobody_is_withheld_from_a_run(demo: Demo) -> None:
    assert demo.ask("SELECT count(*) FROM commissions_withheld") == [(0,)]


def step(demo: Demo, verb: str, role: str) -> str:
    return demo.says("run", verb, role=role)


def test_two_people_take_last_month_from_open_to_closed(fresh_demo: Demo) -> None:
    demo, (first, last) = fresh_demo, last_month()
    days = f"month  {first} to {last}"
    assert f"{days}  open" in demo.says("run", "list")
    assert f"{days}  computed" in step(demo, "compute", "office")
    assert "is reviewed" in step(demo, "review", "office")
    code, said = demo.run("run", "approve", "--as", "office", role="office")
    assert (code, "by someone other than" in said) == (1, True)
    before = seat_balances(demo)
    assert "is approved" in step(demo, "approve", "approver")
    assert f"{days}  paid" in step(demo, "pay", "office")
    assert "is closed" in step(demo, "close", "office")
    assert f"{days}  closed" in demo.says("run", "list")
    assert "BROKEN" not in demo.says("verify")
    assert any(now > then for now, then in zip(seat_balances(demo), before, strict=True))


def seat_balances(demo: Demo) -> list[Decimal]:
    """What each member whom demo.json names has, over the API."""
    return [
        data(demo.signed_in(number).get("ewallet/balance/"))["balance"]
        for number in range(len(demo.logins()["members"]))
    ]


def test_last_month_is_closed_as_the_readme_prints_it(fresh_demo: Demo, tmp_path: Path) -> None:
    fresh_demo.serve()
    (tmp_path / "var").symlink_to(fresh_demo.folder)
    (tmp_path / "upline").symlink_to(ROOT / "upline")
    first_hour = blocks("README.md", "hour").split("\n\n")[0].splitlines()
    script = "\n".join(["set -euo pipefail", *first_hour[:3], blocks("README.md", "month")])
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=fresh_demo.environment(),
        capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    first, last = last_month()
    found = re.findall(rf"month +{first} to {last} +(\w+)", done.stdout)
    assert found == ["open", "computed", "paid", "closed"]
    assert re.search(
        r"^Member +" + fresh_demo.logins()["members"][0]["username"], done.stdout, re.M
    )
    assert "BROKEN" not in done.stdout


def test_either_of_them_may_do_either_part(fresh_demo: Demo) -> None:
    for verb, role in (
        ("compute", "approver"),
        ("review", "approver"),
        ("approve", "office"),
        ("pay", "approver"),
        ("close", "approver"),
    ):
        step(fresh_demo, verb, role)
    first, last = last_month()
    assert f"month  {first} to {last}  closed" in fresh_demo.says("run", "list")


@pytest.mark.parametrize("month", range(1, 13))
def test_on_any_day_the_runs_before_last_months_close_in_time_and_in_turn(month: int) -> None:
    day = datetime.date(2027, month, 1)
    while day.month == month:
        check_paydays(Paydays(Calendar(day)), day)
        day += datetime.timedelta(days=1)


def check_paydays(paydays: Paydays, last_day: datetime.date) -> None:
    """All that holds of the runs of a year that ends with this day."""
    month = max(run.last_day for run in paydays.runs if run.every == "month")
    assert month > last_day - datetime.timedelta(days=31)
    closed = [run for run in paydays.runs if run.steps]
    still_open = [run for run in paydays.runs if not run.steps]
    assert (still_open[0].every, still_open[0].last_day) == ("month", month)
    assert paydays.runs == closed + still_open
    for run in closed:
        moments = list(run.steps.values())
        assert list(run.steps) == ["compute", "review", "approve", "pay", "close"]
        assert run.opened < moments[0]
        assert moments == sorted(moments)
        assert moments[-1] < paydays.calendar.moment(DAYS, datetime.time(1))
    for before, after in pairwise(closed):
        assert before.steps["approve"] < after.steps["compute"]
    settled = [event.at for event in paydays.events() if isinstance(event, events.BatchIsSettled)]
    assert len(settled) >= 15
    assert max(settled) < paydays.calendar.last_moment


def test_who_is_blocked_is_blocked_between_payments() -> None:
    paydays = Paydays(Calendar(datetime.date(2026, 11, 21)))
    sunday = paydays.calendar.moment(200, datetime.time(12))
    while sunday.weekday() != 6:
        sunday += datetime.timedelta(days=1)
    assert paydays.outside_of(sunday) == sunday
    monday = sunday + datetime.timedelta(days=1)
    week = next(run for run in paydays.runs if run.last_day == sunday.date())
    moved = paydays.outside_of(monday)
    assert moved is not None
    assert week.steps["pay"] < moved < week.steps["pay"] + datetime.timedelta(days=3)
    assert paydays.outside_of(paydays.calendar.last_moment) is None
