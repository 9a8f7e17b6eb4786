"""Earnings show a member's own approved runs, and nobody else anything."""

from collections.abc import Callable

import pytest

from portal.conftest import Browser
from support.approved_runs import approved_run
from support.cast import Cast
from support.customers import customer_of

Opens = Callable[..., Browser]


def test_before_the_first_period_the_page_says_what_will_appear(
    cast: Cast, browser_of: Opens
) -> None:
    page = browser_of(cast.dan).get("/earnings/").text
    assert "Your first period appears here once it is paid." in page


def test_each_period_leads_to_its_lines_and_statement(cast: Cast, browser_of: Opens) -> None:
    run = approved_run(cast.anna.id)
    browser = browser_of(cast.anna)
    assert f'href="/earnings/{run}/"' in browser.get("/earnings/").text
    page = browser.get(f"/earnings/{run}/")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    paper = browser.get(f"/earnings/{run}/statement.csv")
    assert paper.headers["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize("run", ["0", "9" * 18, "9" * 30, "x"])
def test_a_run_that_is_not_there_is_not_found(cast: Cast, browser_of: Opens, run: str) -> None:
    browser = browser_of(cast.anna)
    assert browser.get(f"/earnings/{run}/").status_code == 404
    assert browser.get(f"/earnings/{run}/statement.pdf").status_code == 404
    for odd in (run, "-1", "٣", "1e3", ""):
        assert browser.get(f"/earnings/?before={odd}").status_code == 200


def test_customers_have_no_earnings(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(customer_of(cast.anna))
    assert browser.get("/earnings/").status_code == 404
    assert "/earnings/" not in browser.get("/home/").text
