"""`earnings/…` and `ranks/me/` over a socket, of a company whose runs are paid."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from pypdf import PdfReader

from commissions.conftest import FIRST, LAST, Company
from commissions.story import Story
from commissions.world import approved, computed, noon, opened
from support.client import Client, data, refused
from support.installation import PASSWORD, free_port, stop_group
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.commissions import queries
from upline.commissions.explaining import activity
from upline.commissions.storing import archive
from upline.flows import api_keys


def make_key() -> Any:
    return api_keys.create_key(UnitOfWork(Shell()), "app")


def told(run_id: int) -> Any:
    """Whether each member was active: by the run's column, as told of the run, and as told on its
    last day."""
    run = queries.run(run_id)
    found = archive.tables(run.pk, ["figures"])["figures"]
    ids = found["member"].tolist()
    with noon(run.last_day):
        now = [known for each in ids if (known := activity.now(each))]
    seen = [told for each in ids if (told := activity.in_run(run, each))]
    assert len(now) == len(seen) == len(ids)
    running = [[each.active for each in one.periods] for one in now]
    assert all([one.today.active] == of for one, of in zip(now, running, strict=True))
    return [
        found["active"].astype(bool).tolist(),
        [each.active for each in seen],
        [one.today.active for one in now],
    ]


def told_of(runs: list[int]) -> Any:
    return [told(run) for run in runs]


def compute_one() -> Any:
    run = opened()[-1]
    computed(run)
    return run


@dataclass
class Served:
    """The company of the story behind a web server of its own."""

    story: Story
    base_url: str
    key: str
    clients: dict[str, Client] = field(default_factory=dict)

    def signed_in(self, username: str) -> Client:
        if username not in self.clients:
            client = Client(self.base_url, self.key)
            client.sign_in(username, PASSWORD)
            self.clients[username] = client
        return self.clients[username]

    def told(self, run: int, username: str) -> dict[str, Any]:
        """What the story says of a member in its first (0) or second (1) run."""
        found: dict[str, Any] = self.story.runs[run]["members"][username]
        return found

    def run(self, run: int) -> int:
        return int(self.story.runs[run]["run"])


@contextmanager
def served_by(company: Company, runs: list[dict[str, Any]] | None = None) -> Iterator[Served]:
    """A company behind a web server of its own, with somebody's app."""
    port = free_port()
    key = company.does(make_key)
    process = company.installation.start_server(port, environment=company.environment)
    try:
        yield Served(Story(company, runs or []), f"http://127.0.0.1:{port}", key)
    finally:
        stop_group(process)


@pytest.fixture(scope="module")
def served(story: Story) -> Iterator[Served]:
    with served_by(story.company, story.runs) as made:
        yield made


def cents(number: Any) -> int:
    return int(number * 100)


def all_lines(client: Client, run: int, limit: int = 200) -> list[dict[str, Any]]:
    """Page after page."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = data(client.get(f"earnings/{run}/", limit=limit, cursor=cursor))
        assert len(page["lines"]) <= limit
        found += page["lines"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def test_the_list_has_the_approved_runs_newest_first(served: Served) -> None:
    anna = served.signed_in("anna")
    listed = data(anna.get("earnings/"))
    assert [each["id"] for each in listed["earnings"]] == [served.run(1), served.run(0)]
    assert listed["next_cursor"] is None
    for each, run in zip(listed["earnings"], (1, 0), strict=True):
        sums = served.told(run, "anna")["sums"]
        for name in ("gross", "ceiling", "charges", "tax", "carried", "total", "purchase"):
            assert cents(each[name]) == sums[name], name
        taken = sums["ceiling"] + sums["charges"] + sums["tax"]
        assert cents(each["deductions"]) == taken
        assert (each["period"], each["state"]) == ("month", "paid")
        assert each["rank_name"] == served.told(run, "anna")["rank"]


def test_the_list_comes_in_pages(served: Served) -> None:
    anna = served.signed_in("anna")
    first = data(anna.get("earnings/", limit=1))
    second = data(anna.get("earnings/", limit=1, cursor=first["next_cursor"]))
    assert [page["earnings"][0]["id"] for page in (first, second)] == [served.run(1), served.run(0)]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("username", ["acme", "anna", "mia3"])
def test_each_line_is_told_as_it_was_paid(served: Served, username: str) -> None:
    for run in (0, 1):
        found = all_lines(served.signed_in(username), served.run(run), limit=7)
        told = served.told(run, username)["lines"]
        assert [
            (each["number"], each["bonus"], cents(each["amount"]), each["sentence"])
            for each in found
        ] == [(each["number"], each["bonus"], each["amount"], each["sentence"]) for each in told]


def test_the_sums_by_bonus_are_those_of_the_lines(served: Served) -> None:
    answer = data(served.signed_in("anna").get(f"earnings/{served.run(1)}/"))
    lines = all_lines(served.signed_in("anna"), served.run(1))
    assert sum(each["lines"] for each in answer["bonuses"]) == len(lines)
    assert sum(each["amount"] for each in answer["bonuses"]) == answer["total"]


def test_figures_come_as_numbers_with_their_unit(served: Served) -> None:
    lines = all_lines(served.signed_in("anna"), served.run(1))
    level = next(
        each for each in lines if each["bonus"] == "levels" and "Level 1" in each["sentence"]
    )
    figures = {
        each["name"]: (str(each["value"]), each["unit"], each["currency"])
        for each in level["figures"]
    }
    assert figures["percent"] == ("10", "percent", "")
    assert figures["level"] == ("1", "count", "")
    order = level["orders"][0]
    assert (str(order["counted"]), order["unit"], order["currency"]) == figures["of"]
    assert figures["of"][1:] == ("money", "EUR")
    assert order["username"] in level["sentence"]
    assert order["order_id"] in level["sentence"]


def test_a_line_of_pairs_names_the_orders_that_fed_them(served: Served) -> None:
    anna, run = served.signed_in("anna"), served.run(1)
    pairs = next(each for each in all_lines(anna, run) if each["bonus"] == "pairs")
    assert pairs["orders"] == []
    line = data(anna.get(f"earnings/{run}/lines/{pairs['number']}/"))
    figures = {each["name"]: each["value"] for each in line["figures"]}
    for leg in ("left", "right"):
        fed = sum(each["counted"] for each in line["orders"] if each["leg"] == leg)
        assert fed >= figures["pairs"] * 10 > 0, "what caps left over is consumed too"
    assert {(each["unit"], each["currency"]) for each in line["orders"]} == {("points", "")}
    assert line.pop("currency") == "EUR"
    assert {key: value for key, value in line.items() if key != "orders"} == {
        key: value for key, value in pairs.items() if key != "orders"
    }


def test_only_a_members_own_runs_and_lines_are_found(served: Served) -> None:
    anna, ben, run = served.signed_in("anna"), served.signed_in("ben"), served.run(0)
    foreign = all_lines(ben, run)[0]["number"]
    refused(anna.get(f"earnings/{run}/lines/{foreign}/"), 404, "1102")
    for unknown in ("0", "999", "x", "1e3", "-1", "9" * 30):
        refused(anna.get(f"earnings/{unknown}/"), 404, "1102")
        refused(anna.get(f"earnings/{unknown}/statement/"), 404, "1102")
        refused(anna.get(f"earnings/{unknown}/lines/1/"), 404, "1102")
        refused(anna.get(f"earnings/{run}/lines/{unknown}/"), 404, "1102")


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _nothing_for(served: Served, run: int) -> str:
    """Somebody to whom a run came to nothing, and who is not in it at all."""
    names = (f"mia{number}" for number in range(24))
    return next(name for name in names if name not in served.story.runs[run]["members"])


def test_a_run_that_came_to_nothing_says_that_one_was_not_active_and_why(served: Served) -> None:
    mia, run = served.signed_in(_nothing_for(served, 1)), served.run(1)
    days = f"from {FIRST} to {LAST}"
    why = f"Not active, because 10.00 own points are missing: 0.00 of 10.00 {days}."
    told = data(mia.get(f"earnings/{run}/"))
    assert (told["gross"], told["total"], told["lines"], told["bonuses"]) == (0, 0, [], [])
    assert told["activity"] == {
        "active": False, "reason": "points", "wanted": 10, "reached": 0, "missing": 10,
        "counts_from": str(FIRST), "sentence": why,
    }  # fmt: skip
    rows = mia.get(f"earnings/{run}/statement/", format="csv").text.splitlines()
    assert "Total" in rows[-1], "the same tables, without a line"
    page = PdfReader(io.BytesIO(mia.get(f"earnings/{run}/statement/").content)).pages[0]
    assert "Not active, because 10.00 own points are missing" in _in_one_line(page.extract_text())
    listed = [each["id"] for each in data(mia.get("earnings/"))["earnings"]]
    whole = data(mia.get("earnings/", include_empty="true"))["earnings"]
    assert run not in listed
    assert [each["id"] for each in whole] == [served.run(1), served.run(0)]
    refused(mia.get("earnings/", include_empty="maybe"), 422, "1004", "include_empty")


def test_a_run_tells_its_active_members_with_what(served: Served) -> None:
    told = data(served.signed_in("cleo").get(f"earnings/{served.run(1)}/"))["activity"]
    assert (told["active"], told["reason"], told["reached"], told["missing"]) == (True, "", 215, 0)
    assert told["sentence"].startswith("Active: 215.00 own points (10.00 needed) from ")


def test_what_a_member_is_told_is_what_the_run_judged(served: Served) -> None:
    """Of everybody, by the run's own column; and so was it told while the period was running."""
    said = served.story.company.does(told_of, [served.run(0), served.run(1)])
    assert len(said) == 2
    for judged, in_run, running in said:
        assert judged == in_run == running
        assert len(set(judged)) == 2, "some are active and some are not"


def test_a_statement_is_a_pdf_or_a_csv(served: Served) -> None:
    anna, run = served.signed_in("anna"), served.run(1)
    sums = served.told(1, "anna")["sums"]
    answer = anna.get(f"earnings/{run}/statement/", format="csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    lines = [row for row in rows if row[0].isdigit()]
    assert len(lines) == len(served.told(1, "anna")["lines"])
    assert sum(round(float(row[3]) * 100) for row in lines) == sums["total"]
    answer = anna.get(f"earnings/{run}/statement/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert f'filename="statement-{run}.pdf"' in answer.headers["Content-Disposition"]
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert "anna" in text
    refused(anna.get(f"earnings/{run}/statement/", format="doc"), 422, "1004", "format")


def test_a_statement_is_in_the_language_that_is_asked_for_but_csv_in_english(
    served: Served,
) -> None:
    anna, address = served.signed_in("anna"), f"earnings/{served.run(1)}/statement/"
    speaks = {"Accept-Language": "de"}
    reader = PdfReader(io.BytesIO(anna.call("GET", address, headers=speaks).content))
    assert str(reader.root_object["/Lang"]) == "de"
    text = _in_one_line(reader.pages[0].extract_text())
    for word in ("Provisionen vom", "Mitglied", "Summen", "Betrag", "Servicegebühr"):
        assert word in text
    csv_in_german = anna.call("GET", f"{address}?format=csv", headers=speaks)
    assert csv_in_german.content == anna.get(address, format="csv").content


def test_ranks_say_what_is_missing(served: Served) -> None:
    mine = data(served.signed_in("anna").get("ranks/me/"))
    assert mine["rank_name"] == served.told(1, "anna")["rank"] == "Bronze"
    assert mine["title_name"] == "Bronze"
    assert [each["rank_name"] for each in mine["next"]] == ["Silver", "Gold"]
    silver = {each["name"]: each for each in mine["next"][0]["conditions"]}
    group = silver["group points"]
    assert group["reached"] + group["missing"] == group["wanted"] == 1_000
    assert group["sentence"].startswith("Silver: ")
    assert group["sentence"].endswith(f"{group['missing']:,.2f} to go")


def test_a_run_that_nobody_approved_is_not_there(planned: Company) -> None:
    run = planned.does(compute_one)
    with served_by(planned) as made:
        anna = made.signed_in("anna")
        assert data(anna.get("earnings/"))["earnings"] == []
        for path in ("", "statement/", "lines/1/"):
            refused(anna.get(f"earnings/{run}/{path}"), 404, "1102")
        assert data(anna.get("ranks/me/")) == {
            "rank_name": "", "title_name": "", "first_day": "", "last_day": "", "next": [],
            "currency": "EUR",
        }  # fmt: skip
        planned.does(approved, run)
        assert [each["id"] for each in data(anna.get("earnings/"))["earnings"]] == [run]
        assert data(anna.get("ranks/me/"))["rank_name"] == "Bronze"
