"""The office speaks the language that a staff user chose, page by page."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from django.db.models import F

from support.installation import STAFF, STAFF_PASSWORD, Installation
from support.marked import bare_words
from support.office import Visitor
from upline.company.models import Company
from upline.flows.permissions import Role
from upline.language.loading import MARKED, MARKED_FROM_RIGHT
from upline.markets import current as markets
from upline.markets.models import Market
from upline.members.models import User

# Pages of which each word goes through a catalog. What is missing here is not done yet.
DONE = (
    "/", "/account/", "/account/second-factor/", "/search/?q=", "/search/?q=nobody",
    "/mailings/mail/", "/kyc/kycreview/", "/genealogy/position/",
    "/payments/paymentevent/", "/password_change/", "/members/user/", "/auth/group/",
    "/procrastinate/procrastinatejob/", "/account/confirm/",
)  # fmt: skip
# Names: of the company, of who signs in, of languages and browsers, of roles (a company calls them
# as it likes), and of months, which are as in English.
NAMES = {
    "acme", "Acme", "Upline", STAFF, "English", "Deutsch", "Firefox", "Chrome", "Safari",
    "python-httpx", "KYC", "CSV", *map(str, Role),
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
}  # fmt: skip


@pytest.fixture
def owner(installation: Installation) -> Iterator[tuple[str, Visitor]]:
    """An owner who speaks a language of their own, by username."""
    visitor = Visitor(installation.base_url)
    visitor.sign_in(STAFF, STAFF_PASSWORD)
    yield STAFF, visitor
    speak(STAFF, "")


def speak(username: str, tag: str) -> None:
    User.objects.filter(username=username).update(language=tag)


def test_staff_choose_the_language_of_the_office(owner: tuple[str, Visitor]) -> None:
    _, visitor = owner
    assert "Your account" in visitor.get("/account/").text
    visitor.post("/account/language/", visitor.open("/account/") | {"language": "de"})
    page = visitor.get("/account/").text
    assert '<html lang="de" dir="ltr"' in page
    assert "Ihr Konto" in page
    visitor.post("/account/language/", visitor.open("/account/") | {"language": ""})
    assert "Your account" in visitor.get("/account/").text


def test_a_language_that_is_not_installed_is_refused(owner: tuple[str, Visitor]) -> None:
    username, visitor = owner
    visitor.post("/account/language/", visitor.open("/account/") | {"language": "tlh"})
    assert "This language is not installed." in visitor.get("/account/").text
    assert User.objects.get(username=username).language == ""


def test_a_page_runs_from_right_to_left_where_its_language_does(owner: tuple[str, Visitor]) -> None:
    username, visitor = owner
    speak(username, MARKED_FROM_RIGHT)
    page = visitor.get("/account/").text
    assert 'dir="rtl"' in page
    assert "⟦" in page


@pytest.mark.parametrize("path", DONE)
def test_each_word_of_a_page_goes_through_a_catalog(owner: tuple[str, Visitor], path: str) -> None:
    username, visitor = owner
    speak(username, MARKED)
    page = visitor.get(path)
    assert page.status_code == 200, page.status_code
    assert bare_words(page, NAMES) == set()


@pytest.mark.parametrize("path", ["/login/", "/login/forgot/"])
def test_before_somebody_signs_in_the_office_speaks_as_the_home_market_does(
    installation: Installation, path: str
) -> None:
    visitor = Visitor(installation.base_url)
    assert "⟦" not in visitor.get(path).text
    with home_market_speaks(MARKED):
        assert bare_words(visitor.get(path), NAMES) == set()
    assert "⟦" not in visitor.get(path).text


@contextmanager
def home_market_speaks(tag: str) -> Iterator[None]:
    let_home_market_speak(tag)
    try:
        yield
    finally:
        let_home_market_speak("en")


def let_home_market_speak(tag: str) -> None:
    """Each process sees a market anew once the settings have another version."""
    Market.objects.filter(pk=markets.home().id).update(language=tag)
    Company.objects.update(version=F("version") + 1)


def test_public_pages_speak_the_language_of_the_browser(installation: Installation) -> None:
    for header, said in (("de-AT", "Als Personal anmelden"), ("tlh, en", "Sign in as staff")):
        page = httpx.get(f"{installation.base_url}/", headers={"Accept-Language": header})
        assert said in page.text
        assert "Accept-Language" in page.headers["Vary"]
    page = httpx.get(f"{installation.base_url}/", headers={"Accept-Language": MARKED_FROM_RIGHT})
    assert 'dir="rtl"' in page.text


@pytest.mark.parametrize("path", ["/", "/nothing/", "/link/login-password/none/"])
def test_each_word_of_a_public_page_goes_through_a_catalog(
    installation: Installation, path: str
) -> None:
    page = httpx.get(f"{installation.base_url}{path}", headers={"Accept-Language": MARKED})
    assert bare_words(page, NAMES) == set()
