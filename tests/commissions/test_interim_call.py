"""`GET earnings/current/` over a socket, of a company that has a plan."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from commissions.conftest import Company
from support.cast import Cast, unique
from support.client import Client, data, refused
from support.installation import PASSWORD, free_port, stop_group

CALL = "earnings/current/"
KEYS = """
from upline.base.unit import Unit
from upline.flows import office
print(json.dumps([office.create_key(Unit(), "app", []),
                  office.create_key(Unit(), "shop", ["orders:report"])]))
"""
# Daily pairs and monthly levels, from the first day of last month.
PLAN = """
use_plan(FIRST, PLAN.replace('kind = "binary"', 'kind = "binary"\\nevery = "day"'))
"""


class Served:
    """The company behind a web server of its own: somebody's app, and a shop that reports."""

    def __init__(self, company: Company, base_url: str) -> None:
        self.company, self.base_url = company, base_url
        self.key, self.shop_key = json.loads(company.program(KEYS))

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
    company.program(PLAN)
    port = free_port()
    process = company.installation.start_server(port, **company.environment)
    yield Served(company, f"http://127.0.0.1:{port}")
    stop_group(process)


def _by_length(client: Client) -> dict[str, Any]:
    return {period["period"]: period for period in data(client.get(CALL))["periods"]}


def test_an_order_is_in_what_the_next_interim_run_shows(served: Served) -> None:
    anna = served.signed_in("anna")
    assert _by_length(anna) == {}, "nothing was worked out yet"
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


def test_a_company_without_a_plan_shows_no_period(cast: Cast) -> None:
    assert data(cast.anna.client.get(CALL)) == {"periods": []}


def test_a_stranger_sees_nothing(stranger: Client) -> None:
    refused(stranger.get(CALL), 401, "1002")
