"""Payouts in the portal: asked for once, seen on their way, and why not where they cannot be."""

import html
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from portal.conftest import Browser
from support.cast import Cast, Player
from support.customers import customer_of
from support.forms import carried, main_of, press
from support.installation import PASSWORD, STAFF, TRANSACTION_PASSWORD
from support.moves import balances, tell_bank
from support.office import acting
from upline.flows import paying_out, verifying
from upline.kyc.models import KycStatus
from upline.mailings.models import Mail
from upline.members.models import Member
from upline.payouts.models import Payout

Opens = Callable[..., Browser]
FIFTY = "/money/payout/?amount=50.00"


@pytest.fixture
def anna(cast: Cast, fill: Callable[..., None]) -> Player:
    """Anna can be paid: she has money and a bank account."""
    fill(cast.anna, "100.00")
    tell_bank(cast.anna)
    return cast.anna


def request(browser: Browser, path: str = FIFTY, password: str = TRANSACTION_PASSWORD) -> Any:
    return press(browser, path, transaction_password=password)


def payouts_of(member: Player) -> list[str]:
    return list(Payout.objects.filter(member=member.id).values_list("number", flat=True))


def test_an_amount_is_previewed_then_requested_and_shown_on_its_way(
    anna: Player, browser_of: Opens
) -> None:
    browser = browser_of(anna)
    assert "In your wallet: 100.00 EUR" in main_of(browser.get("/money/payout/"))
    preview = main_of(browser.get("/money/payout/?amount=50"))
    for told in ("Request a payout of 50.00 EUR?", "Fee none", "Arrives in your account 50.00 EUR",
                 "ending in 3000", "Remains in your wallet 50.00 EUR"):  # fmt: skip
        assert told in preview
    assert payouts_of(anna) == []
    answer = request(browser)
    [number] = payouts_of(anna)
    assert answer.headers["Location"] == f"/money/payout/{number}/"
    assert balances(anna)[0] == "50"
    page = browser.get(f"/money/payout/{number}/")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Your payout is requested. The company approves it next." in main_of(page)
    for path in ("/money/", "/home/"):
        assert f'href="/money/payout/{number}/"' in browser.get(path).text


def test_all_there_is_takes_one_press(anna: Player, browser_of: Opens) -> None:
    browser = browser_of(anna)
    assert "All: 100.00 EUR" in main_of(browser.get("/money/payout/"))
    assert browser.get("/money/payout/?all=1").headers["Location"] == "?amount=100.00"


def test_pressed_twice_it_is_requested_once(anna: Player, browser_of: Opens) -> None:
    browser = browser_of(anna)
    fields = carried(browser.get(FIFTY).text) | {"transaction_password": TRANSACTION_PASSWORD}
    cookies = dict(browser.http.cookies)

    def send(_: int) -> str:
        again = Browser(str(browser.http.base_url))
        again.http.cookies.update(cookies)
        return str(again.http.post(FIFTY, data=fields).headers.get("Location", ""))

    with ThreadPoolExecutor(4) as pool:
        led_to = set(pool.map(send, range(4)))
    [number] = payouts_of(anna)
    assert led_to == {f"/money/payout/{number}/"}
    assert balances(anna)[0] == "50"


def test_pressed_again_when_the_wallet_is_empty_it_leads_to_the_same_payout(
    anna: Player, browser_of: Opens
) -> None:
    browser, all_of_it = browser_of(anna), "/money/payout/?amount=100.00"
    fields = carried(browser.get(all_of_it).text) | {"transaction_password": TRANSACTION_PASSWORD}
    first, second = (browser.http.post(all_of_it, data=fields) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(payouts_of(anna)) == 1


@pytest.mark.parametrize("typed", ["0", "-5", "1e3", "abc", "100.01", "", "5.001"])
def test_what_is_no_amount_that_can_be_paid_is_refused_and_stays_in_the_form(
    anna: Player, browser_of: Opens, nothing_changes: Any, typed: str
) -> None:
    browser = browser_of(anna)
    with nothing_changes():
        page = browser.get(f"/money/payout/?amount={typed}").text
        browser.http.post(f"/money/payout/?amount={typed}",
                          data=carried(browser.get(FIFTY).text)
                          | {"transaction_password": TRANSACTION_PASSWORD})  # fmt: skip
    assert 'class="problems"' in page
    assert f'value="{typed}"' in page or not typed


def test_without_the_token_or_with_a_wrong_password_nothing_changes(
    anna: Player, browser_of: Opens, nothing_changes: Any
) -> None:
    browser = browser_of(anna)
    with nothing_changes():
        without = browser.http.post(FIFTY, data={"transaction_password": TRANSACTION_PASSWORD})
        wrong = request(browser, password="not this one at all")
        empty = request(browser, password="")
    assert without.status_code == 403
    for answer in (wrong, empty):
        assert 'class="problems"' in answer.text
        assert "Request a payout of 50.00 EUR?" in main_of(answer)
        assert "not this one" not in answer.text


def test_where_the_session_has_ended_the_amount_is_there_again(
    anna: Player, browser_of: Opens, nothing_changes: Any
) -> None:
    browser = browser_of(anna)
    fields = carried(browser.get(FIFTY).text)
    browser.sign_out()
    with nothing_changes():
        led = browser.http.post(FIFTY, data=fields | {"transaction_password": TRANSACTION_PASSWORD})
    assert led.status_code == 302
    back = browser.send(led.headers["Location"], name=anna.username, password="a longer horse")
    assert TRANSACTION_PASSWORD not in back.text
    to = browser.send(led.headers["Location"], name=anna.username, password=PASSWORD,
                      next=FIFTY).headers["Location"]  # fmt: skip
    assert "Request a payout of 50.00 EUR?" in main_of(browser.get(to))


def test_each_reason_against_a_payout_is_told_with_what_to_do(
    cast: Cast, browser_of: Opens, fill: Callable[..., None], office_sets: Callable[..., None]
) -> None:
    browser = browser_of(cast.ben)

    def told() -> str:
        return main_of(browser.get("/money/payout/"))

    assert "Your wallet is empty." in told()
    assert "We need your bank account before we can pay you." in told()
    fill(cast.ben, "10.00")
    tell_bank(cast.ben)
    assert "How much do you want paid out?" in told()
    office_sets(payout_minimum=2000)
    assert "The minimum payout is 20.00 EUR, and you have 10.00 EUR." in told()
    office_sets(kyc_needed_for=["payout"])
    assert "The company has to check your identity before it can pay you." in told()
    assert "/money/identity/" in browser.get("/money/payout/").text
    office_sets(payouts_open=False)
    assert "Payouts are switched off at the moment." in told()


def test_a_changed_bank_account_says_until_when_payouts_wait(
    anna: Player, browser_of: Opens
) -> None:
    anna.client.put("profile/bank/", account_number="AT611904300234573201")
    browser = browser_of(anna)
    for path in ("/money/", "/money/payout/", FIFTY):
        assert re.search(r"Bank account changed just now, held until \d+ \w+ \d{4}, \d\d:\d\d\.",
                         main_of(browser.get(path))), path  # fmt: skip
    number = request(browser).headers["Location"]
    assert "held until" in main_of(browser.get(number))


def test_a_missing_identity_check_is_explained_fixed_and_then_paid_and_returned(
    anna: Player, browser_of: Opens, office_sets: Callable[..., None], nothing_changes: Any
) -> None:
    office_sets(kyc_needed_for=["payout"])
    browser = browser_of(anna)
    form = carried(_preview_before(browser, office_sets))
    with nothing_changes():
        refused = browser.http.post(
            FIFTY, data=form | {"transaction_password": TRANSACTION_PASSWORD}
        )
    assert "The company has to check your identity" in main_of(refused)
    identity = main_of(browser.get("/money/identity/"))
    assert "The company has not checked your identity yet." in identity
    assert "Anna" in identity
    unit = acting(STAFF)
    verifying.review_kyc(unit, anna.id, KycStatus.VERIFIED)
    number = request(browser).headers["Location"].split("/")[-2]
    for step, headline in (
        (lambda: paying_out.approve(unit, number), "Your payout is approved."),
        (lambda: paying_out.make_batch(unit), "Your payout is with the bank."),
        (lambda: paying_out.mark_paid(unit, number), "Your payout is paid."),
        (lambda: paying_out.mark_returned(unit, number, "Account closed"),
         "Your bank sent this payout back. The money is in your wallet."),
    ):  # fmt: skip
        step()
        assert headline in main_of(browser.get(f"/money/payout/{number}/"))
    page = main_of(browser.get(f"/money/payout/{number}/"))
    for told in ("Account closed", "Check your bank account", "Request it again"):
        assert told in page
    assert "Payout that your bank returned" in main_of(browser.get("/money/"))
    assert balances(anna)[0] == "100"


def _preview_before(browser: Browser, office_sets: Callable[..., None]) -> str:
    """The preview as a tab that was opened before the office began to ask for the check."""
    office_sets(kyc_needed_for=[])
    page = browser.get(FIFTY).text
    office_sets(kyc_needed_for=["payout"])
    return page


def test_a_requested_payout_is_cancelled_after_a_question_and_once(
    anna: Player, browser_of: Opens, nothing_changes: Any
) -> None:
    browser = browser_of(anna)
    here = request(browser).headers["Location"]
    with nothing_changes():
        asked = main_of(browser.get(f"{here}cancel/"))
        without = browser.http.post(f"{here}cancel/")
    assert "Cancel the payout of 50.00 EUR?" in asked
    assert without.status_code == 403
    fields = carried(browser.get(f"{here}cancel/").text)
    first, second = (browser.http.post(f"{here}cancel/", data=fields) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"] == here
    assert "You cancelled this payout." in main_of(browser.get(here))
    assert balances(anna)[0] == "100"
    with nothing_changes():
        assert "It can no longer be cancelled." in main_of(browser.get(f"{here}cancel/"))
        other_form = browser.get("/money/password/").text
        again = press(browser, f"{here}cancel/", page=other_form)
    assert "This payout is cancelled." in main_of(again)


def test_nobody_sees_or_cancels_another_s_payout(
    anna: Player, cast: Cast, browser_of: Opens, nothing_changes: Any
) -> None:
    here = request(browser_of(anna)).headers["Location"]
    other = browser_of(cast.ben)
    assert other.get(here).status_code == 404
    fields = carried(other.get("/money/password/").text)
    with nothing_changes():
        assert other.http.post(f"{here}cancel/", data=fields).status_code == 404


def test_without_a_transaction_password_the_preview_leads_to_setting_one_and_back(
    anna: Player, browser_of: Opens
) -> None:
    Member.objects.filter(pk=anna.id).update(transaction_password="")
    browser = browser_of(anna)
    page = browser.get(FIFTY)
    assert "you have none yet" in main_of(page)
    found = re.search(r'href="(/money/password/\?next=[^"]+)"', page.text)
    assert found
    link, asked = "/money/password/link/", browser.get(html.unescape(found[1])).text
    to = press(browser, link, "Mail me the link", page=asked).headers["Location"]
    assert Mail.objects.filter(user_id=anna.id, kind="reset_transaction").exists()
    sent = browser.get(to)
    assert "We have sent a link to a…@example.com." in main_of(sent)
    assert 'href="/money/payout/?amount=50.00"' in sent.text


def test_customers_have_their_money_too(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(customer_of(cast.anna))
    for path in ("/money/", "/money/payout/", "/money/bank/", "/money/password/"):
        assert browser.get(path).status_code == 200, path
