"""The wallet in the portal: what there is in words, and each movement with the balance after it."""

import csv
import io
import re
from collections.abc import Callable

import pytest

from portal.conftest import Browser
from support.approved_runs import approved_run
from support.cast import Cast
from support.forms import main_of
from support.installation import STAFF
from support.markets import emigrated, open_japan
from support.moves import ADDRESS, ask_payout, pay_in, tell_bank
from support.office import acting
from support.statements import statements_of
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import adjusting, commission_run

Opens = Callable[..., Browser]
STATEMENTS_MOST = 14
ENTRY = re.compile(
    r'class="first">([^<]*)</span>.*?class="amount">([^<]*)</span>'
    r'<span class="after">.*?</span><span class="amount said">([^<]*)<'
)


def entries(browser: Browser, query: str = "") -> list[tuple[str, ...]]:
    """Each line of the list: what, how much, and the balance after it."""
    page = browser.get(f"/money/{query}").text.partition('id="movements"')[2]
    return [
        tuple(part.replace("&nbsp;", " ").replace("\u00a0", " ") for part in found)
        for found in ENTRY.findall(page)
    ]


def test_an_empty_wallet_says_what_will_appear(cast: Cast, browser_of: Opens) -> None:
    page = main_of(browser_of(cast.dan).get("/money/"))
    assert "Your wallet is empty." not in page or "0.00 EUR" in page
    assert "What you earn, spend and have paid out appears here." in page


def test_each_movement_is_a_sentence_with_its_sign_and_the_balance_after_it(
    cast: Cast, browser_of: Opens, fill: Callable[..., None]
) -> None:
    fill(cast.anna, "100.00")
    pay_in(cast.anna, "30.00")
    tell_bank(cast.anna)
    assert ask_payout(cast.anna, "20.00").status_code == 201
    assert entries(browser_of(cast.anna)) == [
        ("Payout to your account ending in 3000", "\u221220.00 EUR", "50.00 EUR"),
        ("Reserved for your next order", "\u221230.00 EUR", "70.00 EUR"),
        ("Added by the company", "+100.00 EUR", "100.00 EUR"),
    ]


def test_filters_narrow_the_list_down_and_leave_the_balances_true(
    cast: Cast, browser_of: Opens, fill: Callable[..., None]
) -> None:
    fill(cast.anna, "100.00")
    pay_in(cast.anna, "30.00")
    fill(cast.anna, "5.00")
    browser = browser_of(cast.anna)
    assert [each[2] for each in entries(browser, "?group=other")] == ["75.00 EUR", "100.00 EUR"]
    assert len(entries(browser, "?group=orders&period=month")) == 1
    assert entries(browser, "?period=last-month") == []
    assert "Nothing here matches these filters." in main_of(browser.get("/money/?group=earnings"))
    for odd in ("?group=x", "?account=sales", "?before=9e9", "?before=\u0663", "?currency=XXX",
                "?period=' OR 1=1"):  # fmt: skip
        assert len(entries(browser, odd)) == 3, odd


def test_other_balances_say_what_they_are_for_and_lead_to_their_own_list(
    cast: Cast, browser_of: Opens, fill: Callable[..., None]
) -> None:
    fill(cast.anna, "100.00")
    pay_in(cast.anna, "30.00")
    browser = browser_of(cast.anna)
    page = main_of(browser.get("/money/"))
    assert "Reserved It waits for an order." in page
    assert "Shopping balance" not in page
    assert entries(browser, "?account=deposits&currency=EUR") == [
        ("Paid in for an order", "+30.00 EUR", "30.00 EUR")
    ]


def test_more_than_a_page_is_paged_by_key_and_nothing_is_missing_or_doubled(
    cast: Cast, browser_of: Opens, fill: Callable[..., None]
) -> None:
    for _ in range(33):
        fill(cast.anna, "1.00")
    browser = browser_of(cast.anna)
    first = entries(browser)
    older = re.search(r'href="\?(before=\d+)#movements"', browser.get("/money/").text)
    assert older
    fill(cast.anna, "1.00")
    rest = entries(browser, f"?{older[1]}")
    assert [each[2] for each in first + rest] == [f"{n}.00 EUR" for n in range(33, 0, -1)]


def test_earnings_lead_to_what_they_were_earned_by(cast: Cast, browser_of: Opens) -> None:
    run = approved_run(cast.anna.id)
    commission_run.pay(acting(STAFF), run, lambda _: None)
    browser = browser_of(cast.anna)
    [(what, amount, balance)] = entries(browser, "?group=earnings")
    assert what.startswith("Earnings of ")
    assert (amount, balance) == ("+5.00 EUR", "5.00 EUR")
    assert f'href="/earnings/{run}/"' in browser.get("/money/").text


def test_a_payment_leads_to_the_order_that_it_paid(
    cast: Cast, browser_of: Opens, fill: Callable[..., None], product: Callable[[str], int]
) -> None:
    fill(cast.anna, "100.00")
    pay_in(cast.anna, "100.00")
    client = cast.anna.client
    client.post("cart/products/", product_id=product("soap"), quantity=1)
    client.post("cart/shipping_address/", **ADDRESS)
    number = client.post("cart/checkout/").headers["Location"].split("/")[-2]
    browser = browser_of(cast.anna)
    assert entries(browser, "?group=orders")[0][0] == f"Order {number}"
    assert f'href="/orders/{number}/"' in browser.get("/money/").text
    assert browser.get(f"/orders/{number}/").status_code == 200


def test_a_member_who_changed_market_finds_what_moved_before(
    cast: Cast, browser_of: Opens, fill: Callable[..., None]
) -> None:
    fill(cast.dan, "5.00")
    adjusting.debit_wallet(UnitOfWork(Shell()), cast.dan.id, 500, "for a test")
    assert 'aria-label="Currency"' not in browser_of(cast.dan).get("/money/").text
    emigrated(cast.dan, open_japan())
    browser = browser_of(cast.dan)
    assert entries(browser) == []
    assert [each[1] for each in entries(browser, "?currency=EUR")] == [
        "\u22125.00 EUR",
        "+5.00 EUR",
    ]
    assert 'href="?currency=EUR#movements"' in browser.get("/money/").text


def test_the_list_as_a_file_has_all_of_it_and_runs_no_formula(
    cast: Cast, browser_of: Opens, fill: Callable[..., None]
) -> None:
    fill(cast.anna, "100.00")
    pay_in(cast.anna, "30.00")
    answer = browser_of(cast.anna).get("/money/movements.csv?group=orders")
    assert answer.headers["Cache-Control"] == "no-store"
    [row] = csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))
    assert (row["what"], row["amount"], row["balance"], row["currency"]) == (
        "Reserved for your next order", "-30.00", "70.00", "EUR",
    )  # fmt: skip


def test_nobody_sees_another_s_movements(
    cast: Cast, browser_of: Opens, fill: Callable[..., None]
) -> None:
    fill(cast.anna, "77.00")
    browser = browser_of(cast.ben)
    assert "77" not in main_of(browser.get("/money/"))
    assert "77" not in browser.get("/money/movements.csv").text


@pytest.mark.parametrize("path", ["/money/", "/money/bank/", "/money/identity/", "/money/password/",
                                  "/money/payout/", "/money/payout/?amount=50.00"])  # fmt: skip
def test_no_amount_is_kept_by_a_browser_and_nobody_sees_it_unsigned(
    cast: Cast, browser_of: Opens, fill: Callable[..., None], path: str
) -> None:
    fill(cast.anna, "60.00")
    assert browser_of(cast.anna).get(path).headers["Cache-Control"] == "no-store"
    led = browser_of().get(path)
    assert led.headers["Location"].startswith("/sign-in/?next=%2Fmoney%2F")


def test_its_statements_do_not_grow_with_what_there_is(
    cast: Cast, fill: Callable[..., None]
) -> None:
    tell_bank(cast.anna)
    before = len(statements_of(cast.anna, "/money/"))
    for _ in range(12):
        fill(cast.anna, "50.00")
    for _ in range(3):
        assert ask_payout(cast.anna, "20.00").status_code == 201
    ran = statements_of(cast.anna, "/money/?group=payouts")
    assert len(ran) <= before, "\n".join(ran)
    ran = statements_of(cast.anna, "/money/")
    assert len(ran) <= before, "\n".join(ran)
    assert len(ran) <= STATEMENTS_MOST, "\n".join(ran)


@pytest.mark.parametrize("path", ["/money/payout/", "/money/payout/?amount=50.00", "/money/bank/",
                                  "/money/password/", "/money/identity/"])  # fmt: skip
def test_each_further_page_asks_a_constant_number_of_statements(
    cast: Cast, fill: Callable[..., None], path: str
) -> None:
    fill(cast.anna, "60.00")
    tell_bank(cast.anna)
    before = statements_of(cast.anna, path)
    for _ in range(5):
        fill(cast.anna, "60.00")
    ran = statements_of(cast.anna, path)
    assert len(ran) <= len(before) <= STATEMENTS_MOST, "\n".join(ran)
