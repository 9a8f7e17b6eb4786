"""`GET earnings/current/` over a socket, of a company that has a plan."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from commissions.conftest import Company
from commissions.founding import FIRST, LAST, PLAN, today
from commissions.interims import active_now
from commissions.test_chain import PAIRS_DAILY
from commissions.world import sell, use_plan
from support.cast import Cast, unique
from support.client import Client, data, refused
from support.installation import PASSWORD, free_port, stop_group
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import api_keys
from upline.flows.permissions import SCOPES

CALL = "earnings/current/"


def make_keys() -> list[str]:
    unit = UnitOfWork(Shell())
    return [
        api_keys.create_key(unit, "app"),
        api_keys.create_key(unit, "shop", SCOPES),
    ]


def use_daily_pairs() -> None:
    """Daily pairs and monthly levels, from the first day of last month."""
    use_plan(FIRST, PAIRS_DAILY)


def active_in_two_months() -> Any:
    use_plan(FIRST, PLAN.replace("personal_points = 10", "personal_points = 100\nperiods = 2"))
    sell("ben", LAST, 10_000, 7_000)
    sell("cleo", LAST, 10_000, 10_000)
    after = LAST + timedelta(days=1)
    sell("dan", after, 10_000, 10_000)
    return [active_now(each, after) for each in ("anna", "ben", "cleo", "dan")]


class Served:
    """The company behind a web server of its own: somebody's app, and a shop that reports."""

    def __init__(self, company: Company, base_url: str) -> None:
        self.company, self.base_url = company, base_url
        self.key, self.shop_key = company.does(make_keys)

    def signed_in(self, username: str, key: str = "") -> Client:
        client = Client(self.base_url, key or self.key)
        client.sign_in(username, PASSWORD)
        return client

    def sell(self, username: str, amount: str, points: str) -> None:
        shop = self.signed_in(username, self.shop_key)
        sent = {"order_id": unique("sale-"), "total_amount": amount, "total_quantity": "1",
                "total_pv": points}  # fmt: skip
        answer = shop.post("order/", **sent)
        assert answer.is_success, answer.text


@pytest.fixture
def served(company: Company) -> Iterator[Served]:
    company.does(use_daily_pairs)
    port = free_port()
    process = company.installation.start_server(port, environment=company.environment)
    yield Served(company, f"http://127.0.0.1:{port}")
    stop_group(process)


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _by_length(client: Client) -> dict[str, Any]:
    return {period["period"]: period for period in data(client.get(CALL))["periods"]}


def test_an_order_is_in_what_the_next_interim_run_shows(served: Served) -> None:
    anna = served.signed_in("anna")
    assert _by_length(anna) == {}, "nothing was calculated yet"
    served.sell("anna", "10.00", "10")
    served.company.says("run", "interim")
    before = _by_length(anna)
    assert list(before) == ["day", "month"], "what ends first stands in front"
    served.sell("ben", "50.00", "100")
    served.company.says("run", "interim")
    after = _by_length(anna)
    levels = {each["name"]: each["amount"] for each in after["month"]["bonuses"]}
    assert levels == {"levels": Decimal("5")}
    assert after["month"]["total"] - before["month"]["total"] == 5
    assert after["month"]["rank_name"] == "Bronze"
    (was,), (legs,) = before["day"]["legs"], after["day"]["legs"]
    assert (legs["bonus"], legs["unit"]) == ("pairs", "points")
    assert (legs["left"] - was["left"], legs["right"] - was["right"]) == (100, 0)
    assert after["day"]["computed_at"] >= before["day"]["computed_at"]


def test_everybody_sees_their_own_only(served: Served) -> None:
    for name in ("anna", "ben", "cleo", "dan"):
        served.sell(name, "100.00", "20")
    served.company.says("run", "interim")
    totals = {}
    for name in ("acme", "anna", "ben", "dan"):
        totals[name] = _by_length(served.signed_in(name))["month"]["total"]
    assert totals == {"acme": 0, "anna": Decimal("25"), "ben": Decimal("10"), "dan": 0}


def test_a_member_is_told_what_is_missing_to_be_active_and_until_when_it_lasts(
    served: Served,
) -> None:
    dan = served.signed_in("dan")
    first, last = today().replace(day=1), _last_of_month(today())
    told = data(dan.get(CALL))["activity"]
    assert (told["active"], told["active_until"]) == (False, "")
    day, month = told["periods"]
    assert [day["period"], month["period"]] == ["day", "month"]
    assert (month["first_day"], month["last_day"]) == (str(first), str(last))
    assert (month["active"], month["reason"], month["counts_from"]) == (
        False,
        "points",
        str(first),
    )
    assert (month["wanted"], month["reached"], month["missing"]) == (10, 0, 10)
    assert month["sentence"] == (
        f"Not active, because 10.00 own points are missing: 0.00 of 10.00 from {first} to {last}."
    )
    served.sell("dan", "10.00", "4.5")
    month = data(dan.get(CALL))["activity"]["periods"][1]
    assert (month["reached"], month["missing"]) == (Decimal("4.5"), Decimal("5.5"))
    served.sell("dan", "10.00", "5.5")
    told = data(dan.get(CALL))["activity"]
    assert (told["active"], told["active_until"]) == (True, str(last))
    assert told["sentence"] == f"Active: 10.00 own points (10.00 needed) from {first} to {today()}."
    assert [(each["active"], each["reason"]) for each in told["periods"]] == [(True, "")] * 2
    assert not data(served.signed_in("ben").get(CALL))["activity"]["active"], "dan's own points"


def test_activity_lasts_as_long_as_the_points_of_its_periods_are_enough(company: Company) -> None:
    """Of two months that count together: what was sold in the first lasts through the second."""
    told = company.does(active_in_two_months)
    # anna has 80 of 100 points in the first month, ben and cleo 100 and more, dan 10 and then 100.
    second = _last_of_month(LAST + timedelta(days=1))
    third = _last_of_month(second + timedelta(days=1))
    assert told == [[False, ""], [True, str(second)], [True, str(second)], [True, str(third)]]


def test_a_company_without_a_plan_shows_no_period_and_says_so(cast: Cast) -> None:
    nothing: dict[str, object] = {
        "active": None,
        "active_until": "",
        "sentence": "The company has no compensation plan in force today.",
        "periods": [],
    }
    assert data(cast.anna.client.get(CALL)) == {"periods": [], "activity": nothing}


def test_a_stranger_sees_nothing(stranger: Client) -> None:
    refused(stranger.get(CALL), 401, "1002")
