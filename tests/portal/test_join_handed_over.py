"""A mailed link hands what was typed over to one browser; who began it has it no longer, and
chooses no word of the mail."""

import re
from collections.abc import Callable

import httpx
import pytest

from portal.conftest import Browser
from portal.test_join import Opens, agrees, details, newest, people, presses, problems
from portal.test_joining_later import asks_for_link, half_way
from support.cast import Cast, unique
from support.installation import Installation
from support.mail import MailServer, link_in, text_of
from upline.catalog.models import Package
from upline.flows import join_links
from upline.members.models import JoinDraft

Mails = Callable[[], str]


@pytest.fixture
def mailed(installation: Installation) -> Mails:
    """`mailed()` has the worker mail the link of the newest draft. Returns the link's path and the
    mail's text, line by line."""
    server = MailServer(installation.smtp_port)

    def send() -> str:
        server.up()
        try:
            join_links.send(JoinDraft.objects.latest("pk").digest.hex())
        finally:
            server.down()
        mail = server.inbox.mails[-1]
        link = link_in(mail).removeprefix(installation.base_url)
        return f"{link}\n{mail['Subject']}\n{text_of(mail)}"

    return send


def begins(browser: Browser, sponsor: str) -> str:
    """The first step. Returns the address of the link."""
    pack = str(Package.objects.get(code="M-starter").pk)
    browser.send(f"/join/{sponsor}/pack/", package=pack)
    return f"/join/{sponsor}"


def cookie_of(browser: Browser) -> str:
    return next(v for k, v in browser.http.cookies.items() if re.fullmatch(r"join-\d+", k))


def test_who_began_a_draft_loses_it_once_the_mailed_link_was_used(
    cast: Cast, browser_of: Opens, mailed: Mails
) -> None:
    beginner, sponsor = browser_of(), cast.anna.username
    typed = half_way(beginner, sponsor, firstname="Bait")
    asks_for_link(beginner, sponsor)
    owner, link = browser_of(), mailed().partition("\n")[0]
    assert owner.send(link).headers["Location"] == f"/join/{sponsor}/pay/"
    mine = typed | {"firstname": "Victoria", "mobile": "+49 171 7654321"}
    assert owner.send(f"/join/{sponsor}/you/", **mine).headers["Location"].endswith("/pay/")
    before = JoinDraft.objects.count()
    for step in ("", "pack/", "you/", "pay/", "buy/"):
        page = beginner.get(f"/join/{sponsor}/{step}").text
        for secret in ("Victoria", "7654321", typed["email"], "1990-05-17", "Continue where"):
            assert secret not in page
    elsewhere = typed | {"firstname": "Victoria", "email": f"{unique('thief')}@example.com"}
    page = beginner.get(f"/join/{sponsor}/pack/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    sent = elsewhere | {"password": "", "csrfmiddlewaretoken": token[1]}
    beginner.http.post(f"/join/{sponsor}/you/", data=sent)
    beginner.http.post(f"/join/{sponsor}/discard/", data={"csrfmiddlewaretoken": token[1]})
    assert JoinDraft.objects.count() == before, "what they threw away was their own"
    assert agrees(owner, cast.anna).headers.get("Location") == "/home/"
    assert (newest().firstname, newest().user.email) == ("Victoria", typed["email"])


def test_a_mailed_link_works_once(cast: Cast, browser_of: Opens, mailed: Mails) -> None:
    beginner, sponsor = browser_of(), cast.anna.username
    half_way(beginner, sponsor, firstname="Onceonly")
    asks_for_link(beginner, sponsor)
    link, owner, late = mailed().partition("\n")[0], browser_of(), browser_of()
    early = late.get(link).text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', early)
    assert token
    assert owner.send(link).status_code == 302
    row = JoinDraft.objects.latest("pk")
    again = late.http.post(link, data={"csrfmiddlewaretoken": token[1]})
    assert again.status_code == 404
    assert "works once" in again.text
    assert "join-" not in again.headers.get("Set-Cookie", "")
    assert "works once" in late.get(link).text
    assert bytes(JoinDraft.objects.latest("pk").digest) == bytes(row.digest)
    assert "Onceonly" in owner.get(f"/join/{sponsor}/you/").text
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', owner.get(f"/join/{sponsor}/you/").text
    )
    assert token
    owner.http.post(f"/join/{sponsor}/mail/", data={"csrfmiddlewaretoken": token[1]})
    newer = mailed().partition("\n")[0]
    assert newer != link
    assert late.send(newer).status_code == 302
    assert "Onceonly" not in owner.get(f"/join/{sponsor}/you/").text


def test_a_browser_s_own_secret_is_no_link_and_a_link_is_no_secret(
    cast: Cast, browser_of: Opens, mailed: Mails
) -> None:
    beginner, sponsor = browser_of(), cast.anna.username
    half_way(beginner, sponsor, firstname="Secretive")
    own = cookie_of(beginner)
    victim = browser_of().get(f"/link/continue-joining/{own}/")
    assert victim.status_code == 404
    assert "Secretive" not in victim.text
    asks_for_link(beginner, sponsor)
    link = mailed().partition("\n")[0].split("/")[3]
    stranger = browser_of()
    stranger.http.cookies.set(f"join-{cast.anna.id}", link)
    assert "Secretive" not in stranger.get(f"/join/{sponsor}/you/").text
    assert cookie_of(beginner) == own
    assert "Secretive" in beginner.get(f"/join/{sponsor}/you/").text


def test_an_address_that_changed_in_another_browser_asks_for_the_password_anew(
    cast: Cast, browser_of: Opens
) -> None:
    """Two browsers that share a secret, as a copied cookie makes them."""
    owner, thief, sponsor = browser_of(), browser_of(), cast.anna.username
    to = begins(owner, sponsor)
    thief.http.cookies = httpx.Cookies(owner.http.cookies)
    typed = details("victoria")
    assert owner.send(f"{to}/you/", **typed).headers["Location"] == f"{to}/pay/"
    stolen = typed | {"email": f"{unique('thief')}@example.com", "password": ""}
    assert "Password" in problems(thief.send(f"{to}/you/", **stolen))
    before = people()
    assert owner.get(f"{to}/pay/").headers["Location"] == f"{to}/you/?check=1"
    assert "Password" in problems(owner.get(f"{to}/you/?check=1"))
    owner.send(f"{to}/you/", **typed)
    shown = owner.get(f"{to}/pay/").text
    assert typed["email"] in shown
    thief.send(f"{to}/you/", **stolen)
    assert presses(owner, f"{to}/pay/", shown).headers["Location"] == f"{to}/you/?check=1"
    assert people() == before


def test_a_customer_who_changes_the_address_chooses_the_password_anew(
    cast: Cast, browser_of: Opens
) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}/buy/"
    typed = details("carla")
    browser.send(to, **typed)
    same = problems(browser.send(to, **typed | {"password": ""}))
    assert "Password" not in same
    other = typed | {"email": f"{unique('other')}@example.com", "password": ""}
    assert "Password" in problems(browser.send(to, **other))


HOSTILE = "you have WON a car\r\n\r\nCollect it: https://evil.example/"


def test_the_mail_of_a_link_has_no_word_of_whoever_asked_for_it(
    cast: Cast, browser_of: Opens, mailed: Mails
) -> None:
    browser, sponsor = browser_of(), cast.anna.username
    to = begins(browser, sponsor)
    refused = browser.send(f"{to}/you/", **details(firstname=HOSTILE, lastname="www.evil.example"))
    assert "First name" in problems(refused)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', refused.text)
    assert token
    browser.http.post(f"{to}/mail/", data={"csrfmiddlewaretoken": token[1]})
    mail = mailed()
    for word in ("WON", "evil"):
        assert word not in mail
        assert word not in browser_of().get(mail.partition("\n")[0]).text


@pytest.mark.parametrize("step", ["you", "buy"])
@pytest.mark.parametrize(
    "name", ["Win at https://evil.example", "WWW.evil.example", "\uff57\uff57\uff57\uff0eevil"]
)
def test_a_name_is_no_web_address(step: str, name: str, cast: Cast, browser_of: Opens) -> None:
    browser, before = browser_of(), people()
    to = begins(browser, cast.anna.username)
    for field, label in (("firstname", "First name"), ("lastname", "Last name")):
        told = browser.send(f"{to}/{step}/", **details(**{field: name}))
        assert f"{label}" in problems(told)
        assert "cannot contain a web address" in told.text
    assert people() == before


def says_somebody_else(browser: Browser, to: str) -> str:
    """Press the button of the link's page. Returns the page that it leads to."""
    page = browser.get(f"{to}/").text
    assert "I am somebody else" in page
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    sent = {"csrfmiddlewaretoken": token[1]}
    return browser.get(
        browser.http.post(f"{to}/somebody-else/", data=sent).headers["Location"]
    ).text


def test_the_next_person_at_a_device_does_not_see_who_was_there(
    cast: Cast, browser_of: Opens, mailed: Mails
) -> None:
    browser, sponsor = browser_of(), cast.anna.username
    half_way(browser, sponsor, firstname="Former")
    asks_for_link(browser, sponsor)
    link = mailed().partition("\n")[0]
    told = says_somebody_else(browser, f"/join/{sponsor}")
    assert "has forgotten" in told
    assert "Continue where" not in told
    assert "Former" not in browser.get(f"/join/{sponsor}/you/").text
    assert not [each for each in browser.http.cookies if each.startswith("join")]
    assert "is still here" in browser_of().get(link).text


def test_after_a_join_the_next_person_at_the_device_can_join_too(
    cast: Cast, browser_of: Opens
) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    half_way(browser, cast.anna.username)
    agrees(browser, cast.anna)
    before = people()
    assert "already joined" not in says_somebody_else(browser, to)
    assert browser.get("/home/").status_code == 302, "whoever was there is signed out"
    half_way(browser, cast.anna.username, firstname="Next")
    assert agrees(browser, cast.anna).headers.get("Location") == "/home/"
    assert people() == before + 1
    assert newest().firstname == "Next"
