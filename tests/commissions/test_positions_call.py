"""The published rule of three positions, as the member is told it over the API."""

from collections.abc import Iterator
from typing import Any

import pytest

from commissions.conftest import Company
from commissions.interims import interim
from commissions.test_interim_call import Served
from commissions.test_positions import first_day
from support.client import data
from support.installation import free_port, stop_group


def pay_and_go_on() -> Any:
    """The first day of the rule, paid; and the interim run of today. hans's position ids, the
    run."""
    found, run = first_day()
    interim()
    return [[found.first, found.second, found.third], run]


@pytest.fixture
def served(company: Company) -> Iterator[tuple[Served, list[int], int]]:
    """The company behind a web server, hans's three positions, and the run of the first day."""
    positions, run = company.does(pay_and_go_on)
    port = free_port()
    process = company.installation.start_server(port, environment=company.environment)
    yield Served(company, f"http://127.0.0.1:{port}"), positions, run
    stop_group(process)


def test_the_published_rule_of_three_positions_over_the_api(
    served: tuple[Served, list[int], int],
) -> None:
    """The second position stands below the first one's left leg, the third below its right leg.
    Own orders of 200 points count once; 1,000 points enter the second one's left leg, 800 the
    third one's. The first is paid 20 % of 800 = 160.00 and keeps 200 on the left; the second
    carries 1,000, the third 800."""
    company, (first, second, third), run = served
    hans = company.signed_in("hans")
    stand = {
        each["position_id"]: (each["parent_position_id"], each["position"])
        for each in data(hans.get("network/positions/"))["positions"]
    }
    assert (stand[second], stand[third]) == ((first, "L"), (first, "R"))
    earned = data(hans.get(f"earnings/{run}/"))
    paid = [
        (line["position_id"], line["amount"]) for line in earned["lines"] if line["position_id"]
    ]
    assert paid == [(first, 160)]
    assert earned["total"] == 160
    assert data(hans.get("ewallet/balance/"))["balance"] == 160
    periods = data(hans.get("earnings/current/"))["periods"]
    (day,) = [each for each in periods if each["period"] == "day"]
    legs = {each["position_id"]: (each["left"], each["right"]) for each in day["legs"]}
    assert legs == {first: (200, 0), second: (1_000, 0), third: (800, 0)}
