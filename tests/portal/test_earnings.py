"""Earnings show a member's own approved runs, and nobody else anything."""

from collections.abc import Callable

import pytest

from portal.conftest import Browser
from support.approved_runs import approved_run
from support.cast import Cast, Player
from support.customers import customer_of
from support.moves import ADDRESS

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


def test_a_period_opens_into_what_it_is_made_of(cast: Cast, browser_of: Opens) -> None:
    run = approved_run(cast.anna.id)
    browser = browser_of(cast.anna)
    page = browser.get(f"/earnings/{run}/").text
    assert ">Award<" in page
    assert '<details class="fold">' in page
    assert '<details class="fold" open>' in browser.get(f"/earnings/{run}/?open=all").text


def test_what_is_earned_so_far_can_be_seen_before_a_plan_is_in_force(
    cast: Cast, browser_of: Opens
) -> None:
    page = browser_of(cast.anna).get("/earnings/so-far/")
    assert page.status_code == 200
    assert "What you have earned so far" in page.text


def test_an_order_of_the_own_team_is_answered_and_any_other_is_as_if_it_were_not_there(
    cast: Cast, browser_of: Opens, product: Callable[[str], int]
) -> None:
    number = ordered(cast.dan, product("soap"))
    browser, stranger = browser_of(cast.anna), browser_of(cast.erik)
    for question in (number, number.lower(), number.removeprefix("UP-"), "Dan"):
        said = browser.get("/earnings/", params={"order": question}).text
        assert "this order has not been paid" in said, question
    unknown = stranger.get("/earnings/", params={"order": "UP-0000000000"}).text
    theirs = stranger.get("/earnings/", params={"order": number}).text
    assert answers(theirs) == answers(unknown)
    assert "There is no such order in your team." in theirs
    for odd in ("%", "\u200b", "x" * 5_000, "' OR 1=1", "2026-13-45", "\\"):
        assert stranger.get("/earnings/", params={"order": odd}).status_code == 200


def answers(page: str) -> str:
    return page.partition('class="answers"')[2].partition("</div>")[0]


def ordered(player: Player, product_id: int) -> str:
    """An order that awaits payment; its number."""
    player.client.post("cart/products/", product_id=product_id, quantity=1)
    player.client.post("cart/shipping_address/", **ADDRESS)
    assert player.client.post("cart/checkout/").status_code == 204
    orders = player.client.get("orders/").json()["data"]["orders"]
    return str(orders[0]["order_id"])


def test_customers_have_no_earnings(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(customer_of(cast.anna))
    assert browser.get("/earnings/").status_code == 404
    assert "/earnings/" not in browser.get("/home/").text
