"""The bank account in the portal: looked at, proved with the password, and never shown whole."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from portal.conftest import Browser
from support.cast import Cast
from support.forms import main_of, press
from support.installation import PASSWORD
from support.moves import IBAN, tell_bank
from upline.base.encryption import masters, seal_for
from upline.mailings.models import Mail
from upline.portal.form_keys import new_key

Opens = Callable[..., Browser]
OTHER = "AT61 1904 3002 3457 3201"
ACCOUNT = {"account_holder": "Anna Example", "account_number": OTHER, "bank_name": "Erste"}
BANK = "/money/bank/"


def look(browser: Browser, **typed: str) -> Any:
    return press(browser, BANK, step="look", **ACCOUNT | typed)


def save(browser: Browser, page: str, password: str = PASSWORD, **more: str) -> Any:
    return press(browser, BANK, page=page, step="save", current_password=password, **more)


def number_of(member: Any) -> str:
    profile = member.client.get("profile/").json()["data"]
    return str(profile["account_number"])


def test_another_account_is_looked_at_then_saved_with_the_password_and_told_by_mail(
    cast: Cast, browser_of: Opens, nothing_changes: Any
) -> None:
    tell_bank(cast.anna)
    browser = browser_of(cast.anna)
    before = browser.get(BANK)
    assert "Payouts go to your account ending in 3000" in main_of(before)
    assert IBAN not in before.text
    assert "payouts wait 72 hours after a change" in main_of(before)
    with nothing_changes():
        preview = look(browser)
    assert "Is this your account?" in main_of(preview)
    assert "AT61 1904 3002 3457 3201" in main_of(preview)
    assert "payouts wait until" in main_of(preview)
    mails = Mail.objects.filter(user_id=cast.anna.id, kind="bank_changed")
    told = mails.count()
    answer = save(browser, preview.text)
    assert answer.headers["Location"] == BANK
    page = main_of(browser.get(BANK))
    assert "Payouts go to your account ending in 3201" in page
    assert "Bank account changed just now, held until" in page
    assert number_of(cast.anna) == OTHER
    assert mails.count() == told + 1


def test_nothing_of_the_account_before_stays_with_another_one(
    cast: Cast, browser_of: Opens
) -> None:
    tell_bank(cast.anna, branch_name="Hill Street", ifsc="COBADEFFXXX")
    browser = browser_of(cast.anna)
    save(browser, look(browser).text)
    profile = cast.anna.client.get("profile/").json()["data"]
    assert (profile["branch_name"], profile["ifsc"]) == ("", "")
    assert profile["account_number"] == OTHER


def test_pressed_twice_it_is_changed_once(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(cast.anna)
    preview = look(browser).text
    first, second = save(browser, preview), save(browser, preview)
    assert first.headers["Location"] == second.headers["Location"] == BANK
    assert Mail.objects.filter(user_id=cast.anna.id, kind="bank_changed").count() == 1


def test_without_token_or_password_nothing_changes(
    cast: Cast, browser_of: Opens, nothing_changes: Any
) -> None:
    browser = browser_of(cast.anna)
    with nothing_changes():
        preview = look(browser).text
        without = browser.http.post(
            BANK, data=ACCOUNT | {"step": "save", "current_password": PASSWORD}
        )
        wrong = save(browser, preview, "not this one at all")
        empty = save(browser, preview, "")
    assert without.status_code == 403
    for answer in (wrong, empty):
        assert 'class="problems"' in answer.text
        assert "AT61 1904 3002 3457 3201" in main_of(answer)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"account_number": "AT61 1904 3002 3457 3202"}, "This IBAN has a typing mistake"),
        ({"account_number": ""}, "This field is required."),
        ({"account_holder": "\u200b"}, "Account holder:"),
    ],
)
def test_a_mistyped_account_is_told_and_what_was_typed_stays(
    cast: Cast, browser_of: Opens, nothing_changes: Any, typed: dict[str, str], told: str
) -> None:
    browser = browser_of(cast.anna)
    with nothing_changes():
        answer = look(browser, **typed)
    assert told in main_of(answer)
    assert 'value="Erste"' in answer.text


def test_it_can_be_corrected_from_the_preview(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(cast.anna)
    back = press(browser, BANK, page=look(browser).text, step="edit")
    assert f'value="{OTHER}"' in back.text
    assert 'class="problems"' not in back.text


def test_what_was_typed_after_the_session_ended_comes_back_to_its_member_alone(
    cast: Cast, browser_of: Opens, nothing_changes: Any
) -> None:
    browser = browser_of(cast.anna)
    preview = look(browser).text
    browser.sign_out()
    with nothing_changes():
        led = save(browser, preview)
    assert led.headers["Location"] == "/sign-in/?next=%2Fmoney%2Fbank%2F"
    kept = browser.http.cookies.get("kept-form")
    assert kept
    assert "1904" not in kept
    other = browser_of(cast.ben)
    other.http.cookies.set("kept-form", kept, path=BANK)
    assert OTHER not in other.get(BANK).text
    browser.sign_in(cast.anna.username)
    again = browser.get(BANK)
    assert f'value="{OTHER}"' in again.text
    assert PASSWORD not in again.text
    assert OTHER not in browser.get(BANK).text


@pytest.mark.parametrize(
    "sealed",
    [
        lambda: masters().encrypt(b"a code of an e-pin"),
        lambda: masters().encrypt(b"{}"),
        lambda: masters().encrypt(b"\xff\xfe"),
        lambda: seal_for("other:1", json.dumps({"account_holder": "Another Holder"})),
        lambda: b"nonsense",
    ],
)
def test_a_form_kept_in_a_cookie_is_nothing_else_that_was_sealed(
    cast: Cast, browser_of: Opens, sealed: Callable[[], bytes]
) -> None:
    browser = browser_of(cast.anna)
    browser.http.cookies.set("kept-form", sealed().decode(), path=BANK)
    answer = browser.get(BANK)
    assert answer.status_code == 200
    assert "Another Holder" not in answer.text
    assert browser.get(BANK).status_code == 200


def test_what_one_page_kept_does_not_open_on_another(cast: Cast, browser_of: Opens) -> None:
    text = json.dumps({"account_holder": "Another Holder", "once": new_key(cast.anna.id)})
    browser = browser_of(cast.anna)
    for path, is_shown in (("/money/payout/", False), (BANK, True)):
        kept = seal_for(f"kept-form:{path}", text).decode()
        answer = browser.get(BANK, headers={"Cookie": cookies(browser, kept)})
        assert answer.status_code == 200
        assert ("Another Holder" in answer.text) is is_shown


def cookies(browser: Browser, kept: str) -> str:
    """What the browser sends, with this for what was kept of a form."""
    others = {each.name: each.value for each in browser.http.cookies.jar}
    return "; ".join(f"{name}={said}" for name, said in (others | {"kept-form": kept}).items())
