"""Commission runs in the office: each step a button, what takes its time done by the worker."""

import json
from collections.abc import Iterator

import pytest

from commissions.abroad import settle_abroad
from commissions.conftest import APPROVER, Company
from commissions.forfeiting import stands, withheld
from commissions.founding import FIRST, LAST, PLAN
from commissions.world import computed, money, opened, use_plan
from support.installation import STAFF, STAFF_PASSWORD, free_port, stop_group
from support.office import Visitor, hire_staff, problems
from upline.members.models import User

RUNS = "/commissions/run/"
RUN = f"{RUNS}1/"


def compute_the_run() -> None:
    (run,) = opened()
    computed(run)


def compute_abroad() -> None:
    settle_abroad()
    compute_the_run()


def open_weeks() -> int:
    """How many runs are due where levels are paid every week."""
    use_plan(FIRST, PLAN.replace('kind = "levels"', 'kind = "levels"\nevery = "week"'))
    return len(opened())


def hire(name: str, rights: list[str]) -> None:
    """A staff user of this name with rights on runs alone."""
    hired = hire_staff(*(f"commissions.{each}" for each in rights))
    User.objects.filter(username=hired).update(username=name)


class Desk:
    """The company's office behind a web server of its own, with two people in it."""

    def __init__(self, company: Company, base_url: str) -> None:
        self.company, self.base_url = company, base_url
        self.olga, self.otto = self.visitor(STAFF), self.visitor(APPROVER)

    def visitor(self, username: str) -> Visitor:
        visitor = Visitor(self.base_url)
        assert visitor.sign_in(username, STAFF_PASSWORD).status_code == 302
        return visitor

    def work(self) -> None:
        """The worker does what it was asked to."""
        done = self.company.shell("procrastinate", "worker", "--one-shot")
        assert done.returncode == 0, done.stderr

    def page(self) -> str:
        answer = self.olga.get(RUN)
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
def desk(planned: Company) -> Iterator[Desk]:
    port = free_port()
    process = planned.installation.start_server(port, environment=planned.environment)
    yield Desk(planned, f"http://127.0.0.1:{port}")
    stop_group(process)


def test_a_run_goes_from_open_to_closed_by_its_buttons(desk: Desk) -> None:
    assert "Started: run 1, month" in desk.olga.press(f"{RUNS}open/")
    assert "No run is due" in desk.olga.press(f"{RUNS}open/")
    today = desk.olga.get("/").text
    assert "run 1, month" in today
    assert ">calculate</td>" in today
    assert "A worker will calculate run 1" in desk.olga.press(f"{RUN}compute/")
    assert "was asked to calculate it" in desk.page()
    desk.work()
    page = desk.page()
    assert "<dt>Worker" not in page
    for shown in ("35.71 EUR", "38.00 EUR", "4.00 EUR", "levels", "pairs", ">14<"):
        assert shown in page, shown
    assert "Members</th>" in page
    assert "<dd>\u2212" in page, "what is taken off stands with its sign: the rows add up"
    assert desk.olga.press(f"{RUN}review/") == "Run 1 is marked as checked."
    assert "approve, by another person</td>" in desk.olga.get("/").text
    assert desk.otto.press(f"{RUN}approve/") == "Run 1 is approved."
    assert "A worker will pay run 1" in desk.olga.press(f"{RUN}pay/")
    desk.work()
    assert desk.olga.press(f"{RUN}close/") == "Run 1 is closed."
    assert "run 1, month" not in desk.olga.get("/").text
    page = desk.page()
    for event in ("Run started", "Worker asked to continue a run", "Run calculated", "Run checked",
                  "Run paid", "Run closed"):  # fmt: skip
        assert event in page
    for button in ("compute", "review", "approve", "pay", "forfeit", "close"):
        assert f"{RUN}{button}/" not in page
    assert "BROKEN" not in desk.company.says("verify")
    paid = desk.company.does(money)
    assert len(json.loads(paid)[0]) == 12


def test_nobody_approves_in_the_office_what_they_opened_or_reviewed(desk: Desk) -> None:
    desk.company.does(compute_the_run)
    desk.olga.press(f"{RUN}review/")
    answer = desk.olga.send(f"{RUN}approve/")
    assert "someone other than" in problems(answer)
    assert desk.company.value("SELECT status FROM commissions_run") == "reviewed"


def test_a_step_that_does_not_follow_is_refused_and_asks_no_worker(desk: Desk) -> None:
    desk.company.does(opened)
    for button in ("review", "approve", "pay", "close"):
        assert "Run 1 is open" in problems(desk.olga.send(f"{RUN}{button}/"))
    desk.olga.press(f"{RUN}compute/")
    assert "has already been requested" in problems(desk.olga.send(f"{RUN}compute/"))
    jobs = "SELECT count(*) FROM procrastinate_jobs WHERE queueing_lock = 'run:1'"
    assert desk.company.value(jobs) == 1
    assert desk.company.value("SELECT status FROM commissions_run") == "open"


def test_what_a_worker_was_refused_stands_in_the_runs_history(desk: Desk) -> None:
    assert desk.company.does(open_weeks) > 2
    desk.olga.press(f"{RUNS}2/compute/")
    desk.work()
    page = desk.olga.get(f"{RUNS}2/").text
    assert "Step of a run refused" in page
    assert "it is approved first" in page
    assert desk.company.value("SELECT status FROM commissions_run WHERE id = 2") == "open"


def test_what_is_withheld_is_listed_and_of_a_closed_member_forfeited(desk: Desk) -> None:
    desk.company.does(withheld, "anna", "blocked")
    page = desk.page()
    assert "12.33 EUR" in page
    assert "waiting for the member" in page
    fields = {"username": "anna", "reason": "Left for good"}
    assert "blocked, not closed" in problems(desk.olga.send(f"{RUN}forfeit/", **fields))
    desk.company.does(stands, "anna", "closed")
    said = desk.olga.press(f"{RUN}forfeit/", **fields)
    assert said.startswith("12.33 EUR of run 1")
    assert "by olga: Left for good" in desk.page()


def test_a_button_needs_its_permission(desk: Desk) -> None:
    desk.company.does(compute_the_run)
    desk.company.does(hire, "sam", ["view_run", "review_run"])
    desk.company.does(hire, "tom", [])
    sam, tom = desk.visitor("sam"), desk.visitor("tom")
    assert tom.get(RUN).status_code == tom.get(RUNS).status_code == 403
    page = sam.get(RUN).text
    assert f"{RUN}review/" in page
    for button in ("compute", "pay", "forfeit", "close"):
        assert f"{RUN}{button}/" not in page
        token = {"csrfmiddlewaretoken": sam.token()}
        assert sam.post(f"{RUN}{button}/", token).status_code == 403
    assert desk.company.value("SELECT status FROM commissions_run") == "computed"
    assert sam.press(f"{RUN}review/") == "Run 1 is marked as checked."


def test_the_list_shows_period_state_and_what_members_get(desk: Desk) -> None:
    desk.company.does(compute_the_run)
    page = desk.olga.get(RUNS).text
    assert f"{FIRST:%-d %b %Y} to {LAST:%-d %b %Y}" in page
    assert "35.71 EUR" in page
    assert "status-computed" in page


def test_the_first_page_says_which_run_can_be_calculated_and_which_one_waits(desk: Desk) -> None:
    assert desk.company.does(open_weeks) > 1
    page = desk.olga.get("/").text
    assert page.count("calculate</td>") == 1
    assert "after run 1 is approved" in page


def test_the_page_of_a_run_tells_each_currency_and_its_rate(desk: Desk) -> None:
    desk.company.does(compute_abroad)
    page = desk.page()
    for told in ("1 EUR = 0.95 CHF", "In CHF", "2.85 CHF", "2.43 CHF", "In EUR"):
        assert told in page, told


def test_the_page_of_a_run_in_one_currency_tells_no_rate(desk: Desk) -> None:
    desk.company.does(compute_the_run)
    page = desk.page()
    assert "Total paid to members" in page
    assert "Exchange rate" not in page
    assert "In EUR" not in page
