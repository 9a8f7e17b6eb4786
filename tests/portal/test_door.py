"""Signing in to the portal and out of it, and a link for who forgot their password."""

from collections.abc import Callable

import httpx
import pytest

from portal.conftest import Browser
from support.cast import Cast, enrol, unique
from support.client import refused
from support.installation import PASSWORD

FRESH = "a fresh horse every day"

Opens = Callable[..., Browser]


def alert(answer: httpx.Response) -> bool:
    return 'class="problems"' in answer.text


def test_a_member_signs_in_and_sees_their_home(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(cast.anna)
    answer = browser.get("/home/")
    assert answer.status_code == 200
    assert "Hello Anna" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_confirmed_address_is_as_good_as_the_username(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of()
    answer = browser.sign_in(f"{cast.anna.username}@example.com")
    assert answer.headers.get("Location") == "/home/", answer.text


def test_who_joins_with_the_address_of_others_keeps_nobody_out(
    cast: Cast, browser_of: Opens
) -> None:
    address = f"{cast.anna.username}@example.com"
    stranger = unique("aaron")
    enrol(cast.anna.username, stranger, email=address.upper())
    assert browser_of().sign_in(address).headers.get("Location") == "/home/"
    for name in (address, address.upper(), cast.anna.username):
        browser = browser_of()
        browser.sign_in(name)
        assert cast.anna.username in browser.get("/me/").text
        assert stranger not in browser.get("/me/").text
    assert browser_of().sign_in(stranger).headers.get("Location") == "/home/"


def test_a_wrong_password_and_an_unknown_name_are_told_alike(cast: Cast, browser_of: Opens) -> None:
    known = browser_of().sign_in(cast.anna.username, "wrong horse battery")
    unknown = browser_of().sign_in("nobody-of-this-name", "wrong horse battery")
    for answer in (known, unknown):
        assert alert(answer)
        assert "Set-Cookie" not in answer.headers or "portal=" not in answer.headers["Set-Cookie"]
    sentence = known.text.partition("<li>")[2].partition("</li>")[0]
    assert sentence
    assert sentence in unknown.text


def test_who_is_not_signed_in_is_led_to_the_door_and_back(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of()
    led = browser.get("/home/")
    assert led.headers["Location"] == "/sign-in/?next=%2Fhome%2F"
    answer = browser.sign_in(cast.anna.username, next="/home/")
    assert answer.headers["Location"] == "/home/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_signing_in_leads_to_no_other_host(cast: Cast, browser_of: Opens, elsewhere: str) -> None:
    answer = browser_of().sign_in(cast.anna.username, next=elsewhere)
    assert answer.headers["Location"] == "/home/"


def test_the_session_is_the_browser_s_and_no_program_s(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(cast.anna)
    cookie = next(each for each in browser.http.cookies.jar if each.name == "portal")
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "Lax"
    token = cookie.value or ""
    refused(cast.anna.client.call("GET", "profile/", headers={"access_token": token}), 401, "1002")
    stranger = browser_of()
    stranger.http.cookies.set("portal", cast.anna.client.access_token)
    assert stranger.get("/home/").status_code == 302


def test_signing_out_ends_the_session_for_good(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(cast.anna)
    kept = browser.http.cookies["portal"]
    assert browser.sign_out().headers["Location"] == "/sign-in/"
    assert browser.get("/home/").status_code == 302
    browser.http.cookies.set("portal", kept)
    assert browser.get("/home/").status_code == 302


def test_nothing_is_changed_without_the_form_s_token(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(cast.anna)
    assert browser.http.post("/sign-out/").status_code == 403
    assert browser.get("/home/").status_code == 200
    answer = browser_of().http.post(
        "/sign-in/", data={"name": cast.anna.username, "password": PASSWORD}
    )
    assert answer.status_code == 403


def test_a_new_password_ends_the_session(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(cast.anna)
    asked = {"current_password": PASSWORD, "new_password": FRESH, "password_confirmation": FRESH}
    answer = cast.anna.client.put("profile/password/", **asked)
    assert answer.status_code in (200, 204), answer.text
    assert browser.get("/home/").status_code == 302


def test_a_forgotten_password_is_mailed_and_nobody_is_told_who_is_a_member(
    cast: Cast, browser_of: Opens
) -> None:
    known = browser_of().send("/sign-in/forgot/", name=cast.anna.username)
    unknown = browser_of().send("/sign-in/forgot/", name="nobody-of-this-name")
    for answer in (known, unknown):
        assert "the mail is on its way" in answer.text
