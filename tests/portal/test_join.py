"""Joining on the page of a member's link, as a browser without scripts does it."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from portal.conftest import Browser
from support.cast import Cast, Player, unique
from support.customers import customer_of
from support.installation import PASSWORD
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package
from upline.flows import blocking
from upline.members.models import JoinDraft, Member
from upline.members.person import drafts
from upline.orders.models import Order

Opens = Callable[..., Browser]
ACCOUNT = "DE89370400440532013000"


def details(name: str = "nora", **more: str) -> dict[str, str]:
    return {
        "firstname": name.title(),
        "lastname": "Berg",
        "email": f"{unique(name)}@example.com",
        "mobile": "+49 170 1234567",
        "date_of_birth": "1990-05-17",
        "password": PASSWORD,
    } | more


def hidden(page: str) -> dict[str, str]:
    """What a page's form sends without being asked."""
    found = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def joins(browser: Browser, sponsor: Player, **more: str) -> httpx.Response:
    """From the link to the last press, as a member."""
    to = f"/join/{sponsor.username}"
    packs = re.findall(r'name="package" value="(\d+)"', browser.get(f"{to}/pack/").text)
    assert browser.send(f"{to}/pack/", package=packs[0]).headers["Location"] == f"{to}/you/"
    answer = browser.send(f"{to}/you/", **details(**more))
    assert answer.headers.get("Location") == f"{to}/pay/", answer.text
    return agrees(browser, sponsor)


def agrees(browser: Browser, sponsor: Player, **more: str) -> httpx.Response:
    page = f"/join/{sponsor.username}/pay/"
    sent = {"way": "free_join", "agreed": "on"} | hidden(browser.get(page).text) | more
    return browser.send(page, **{name: value for name, value in sent.items() if value})


def presses(browser: Browser, path: str, page: str) -> httpx.Response:
    """The last button of a page that has been open for a while."""
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    sent = {"way": "free_join", "agreed": "on", "csrfmiddlewaretoken": token[1]}
    return browser.http.post(path, data=hidden(page) | sent)


def people() -> int:
    return Member.objects.count()


def newest() -> Member:
    return Member.objects.select_related("user").latest("pk")


def problems(answer: httpx.Response) -> str:
    assert 'class="problems"' in answer.text, answer.text[:300]
    return answer.text.partition('class="problems"')[2].partition("</div>")[0]


def test_the_page_says_who_invites_and_offers_two_ways(cast: Cast, browser_of: Opens) -> None:
    page = browser_of().get(f"/join/{cast.anna.username}/")
    assert page.status_code == 200
    assert re.search(r"<h1>Anna\w* invites you</h1>", page.text)
    assert "I want to buy" in page.text
    assert "I want to build a team" in page.text
    assert ">Example" not in page.text.partition("<main")[2], "the last name is not shown"
    assert JoinDraft.objects.count() == 0
    assert "Set-Cookie" not in page.headers


def test_a_member_joins_and_stands_below_the_sponsor(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of()
    answer = joins(browser, cast.anna)
    assert answer.headers.get("Location") == "/home/", answer.text
    home = browser.get("/home/").text
    assert "Hello Nora" in home
    assert "Your first steps" in home
    new = newest()
    assert new.user.username == "nora.berg"
    sponsor = sql.number("SELECT sponsor_id FROM genealogy_position WHERE id = %s", [new.pk])
    assert sponsor == cast.anna.id
    assert (new.terms_version, new.terms_address) == ("1", "127.0.0.1")
    order = Order.objects.get(member_id=new.pk)
    assert (order.kind, order.status) == ("membership", "awaiting_payment")
    assert browser_of().sign_in("nora.berg").headers.get("Location") == "/home/"


def test_a_customer_is_asked_less_and_has_the_same_sponsor(cast: Cast, browser_of: Opens) -> None:
    browser, page = browser_of(), f"/join/{cast.anna.username}/buy/"
    sent = details("carla", agreed="on") | hidden(browser.get(page).text)
    del sent["date_of_birth"]
    answer = browser.send(page, **sent)
    assert answer.headers.get("Location") == "/shop/", answer.text
    new = newest()
    assert (new.kind, new.firstname, new.date_of_birth) == ("retail", "Carla", None)
    sponsor = sql.number(
        """SELECT sponsor_id FROM genealogy_sponsorfact WHERE member_id = %s
           ORDER BY id DESC LIMIT 1""",
        [new.pk],
    )
    assert sponsor == cast.anna.id
    assert Order.objects.filter(member_id=new.pk).count() == 0
    assert "Hello Carla" in browser.get("/home/").text


@pytest.mark.parametrize("cause", ["unknown", "blocked", "customer", "closed door", "no signup"])
def test_a_link_that_leads_nowhere_says_the_same_whatever_the_cause(
    cause: str, cast: Cast, browser_of: Opens, office_sets: Callable[..., None]
) -> None:
    office_sets(contact_email="help@acme.example")
    name, page = cast.erik.username, "/join/nobody-at-all/"
    unknown = browser_of().get(page).text
    match cause:
        case "unknown":
            name = "nobody.either"
        case "blocked":
            blocking.block_member(UnitOfWork(Shell()), cast.erik.id, "a test")
        case "customer":
            name = customer_of(cast.anna).username
        case "closed door":
            office_sets(join_by_link=False)
        case "no signup":
            office_sets(registration_open=False)
    before = people()
    for step in ("", "pack/", "you/", "pay/", "buy/"):
        answer = browser_of().get(f"/join/{name}/{step}")
        assert answer.status_code == 404
        assert answer.text == unknown
    assert "help@acme.example" in unknown
    assert people() == before


def test_joining_by_link_is_open_while_the_api_is_closed_to_the_public(
    cast: Cast, browser_of: Opens, office_sets: Callable[..., None]
) -> None:
    office_sets(public_signup=False, customer_signup=False, spill_over=False)
    assert joins(browser_of(), cast.ben).headers.get("Location") == "/home/"


def test_what_was_typed_is_there_after_reloading_and_going_back(
    cast: Cast, browser_of: Opens
) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    pack = Package.objects.get(code="M-starter").pk
    browser.send(f"{to}/pack/", package=str(pack))
    wrong = browser.send(f"{to}/you/", **details(email="not an address", firstname="Zoë"))
    assert "E-mail address" in problems(wrong)
    again = browser.get(f"{to}/you/").text
    assert 'value="Zoë"' in again
    assert 'value="not an address"' in again
    assert PASSWORD not in again
    assert "Continue where you left off" in browser.get(f"{to}/").text
    assert browser.get(f"{to}/pay/").headers["Location"] == f"{to}/you/?check=1"
    assert "E-mail address" in problems(browser.get(f"{to}/you/?check=1"))


def test_the_password_is_kept_by_the_browser_and_by_no_draft(cast: Cast, browser_of: Opens) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    browser.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    typed = details()
    browser.send(f"{to}/you/", **typed)
    row = JoinDraft.objects.latest("pk")
    assert typed["email"].encode() not in bytes(row.sealed)
    assert kept_by(browser)["email"] == typed["email"]
    assert "password" not in kept_by(browser)
    assert not any(value.startswith("argon2") for value in kept_by(browser).values())
    changed = browser.send(f"{to}/you/", **typed | {"password": "", "mobile": "12"})
    assert "Phone" in problems(changed)
    same = browser.send(f"{to}/you/", **typed | {"password": ""})
    assert same.headers.get("Location") == f"{to}/pay/"
    other = browser.send(f"{to}/you/", **typed | {"password": "", "username": "somebody"})
    assert "Password" in problems(other), "it is judged beside the username"


def kept_by(browser: Browser) -> dict[str, str]:
    """The draft that a browser has the secret of."""
    secret = next(v for k, v in browser.http.cookies.items() if re.fullmatch(r"join-\d+", k))
    found = drafts.find(secret)
    assert found is not None
    return dict(found.typed)


def test_a_draft_can_be_thrown_away(cast: Cast, browser_of: Opens) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    before = JoinDraft.objects.count()
    browser.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    assert JoinDraft.objects.count() == before + 1
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(f"{to}/you/").text)
    assert token
    led = browser.http.post(f"{to}/discard/", data={"csrfmiddlewaretoken": token[1]})
    assert "has been deleted" in browser.get(led.headers["Location"]).text
    assert JoinDraft.objects.count() == before


def test_nobody_finds_a_draft_by_guessing(cast: Cast, browser_of: Opens) -> None:
    owner, to = browser_of(), f"/join/{cast.anna.username}"
    owner.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    owner.send(f"{to}/you/", **details(firstname="Secretive"))
    for guess in ("", "x", "A" * 43, "0" * 43, "'DROP", "%C3%A9" * 9):
        stranger = browser_of()
        stranger.http.cookies.set(f"join-{cast.anna.id}", guess)
        assert "Secretive" not in stranger.get(f"{to}/you/").text
        assert "Continue where" not in stranger.get(f"{to}/").text
    assert "Secretive" in owner.get(f"{to}/you/").text


def test_a_doubled_press_makes_one_person_who_is_signed_in(cast: Cast, browser_of: Opens) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    browser.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    browser.send(f"{to}/you/", **details())
    page = browser.get(f"{to}/pay/").text
    again, before = browser_of(), people()
    again.http.cookies = httpx.Cookies(browser.http.cookies)
    first = presses(browser, f"{to}/pay/", page)
    assert first.headers.get("Location") == "/home/", first.text
    second = presses(again, f"{to}/pay/", page)
    assert second.headers.get("Location") == "/home/"
    assert "portal=" in second.headers["Set-Cookie"]
    assert people() == before + 1
    assert "already joined" in browser.get(f"{to}/").text


def test_a_price_that_changed_is_told_before_it_is_paid(
    cast: Cast, browser_of: Opens, office_sets: Callable[..., None]
) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    browser.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    browser.send(f"{to}/you/", **details())
    page = browser.get(f"{to}/pay/").text
    office_sets(signup_fee=2000)
    before = people()
    answer = presses(browser, f"{to}/pay/", page)
    assert answer.status_code == 409
    assert "now costs" in answer.text
    assert people() == before
    assert agrees(browser, cast.anna).headers.get("Location") == "/home/"
    assert people() == before + 1


def test_a_pack_that_is_gone_asks_for_another_and_keeps_the_rest(
    cast: Cast, browser_of: Opens
) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    starter = Package.objects.get(code="M-starter")
    browser.send(f"{to}/pack/", package=str(starter.pk))
    browser.send(f"{to}/you/", **details(firstname="Paula"))
    Package.objects.filter(pk=starter.pk).update(active=False)
    try:
        led = browser.get(f"{to}/pay/").headers["Location"]
        assert led == f"{to}/pack/?gone=1"
        page = browser.get(led).text
        other = re.findall(r'name="package" value="(\d+)"', page)
        assert "no longer offered" in page or not other
        if other:
            led = browser.send(f"{to}/pack/", package=other[0]).headers["Location"]
            assert led == f"{to}/pay/"
            assert "Paula" in browser.get(led).text
    finally:
        Package.objects.filter(pk=starter.pk).update(active=True)


def test_new_terms_are_agreed_to_anew(
    cast: Cast, browser_of: Opens, office_sets: Callable[..., None]
) -> None:
    office_sets(terms_link="https://acme.example/terms")
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    browser.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    browser.send(f"{to}/you/", **details())
    page = browser.get(f"{to}/pay/").text
    assert 'href="https://acme.example/terms"' in page
    shown = hidden(page)
    without = browser.send(f"{to}/pay/", way="free_join", **shown)
    assert "once you agree" in problems(without)
    office_sets(terms_version="2026-12")
    answer = browser.send(f"{to}/pay/", way="free_join", agreed="on", **shown)
    assert "version 2026-12 applies now" in problems(answer)
    assert agrees(browser, cast.anna).headers.get("Location") == "/home/"
    assert newest().terms_version == "2026-12"


def test_who_joins_as_a_member_can_read_the_income_disclosure_before_paying(
    cast: Cast, browser_of: Opens, office_sets: Callable[..., None]
) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    browser.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    browser.send(f"{to}/you/", **details())
    assert "income disclosure" not in browser.get(f"{to}/pay/").text
    office_sets(disclosure_link="https://acme.example/income")
    assert 'href="https://acme.example/income"' in browser.get(f"{to}/pay/").text


def test_an_epin_of_the_sponsor_pays_at_once(
    cast: Cast, browser_of: Opens, give_epin: Callable[..., str]
) -> None:
    code, browser = give_epin(cast.anna, "500.00"), browser_of()
    to = f"/join/{cast.anna.username}"
    browser.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    browser.send(f"{to}/you/", **details())
    before = people()
    assert "Enter the code" in problems(agrees(browser, cast.anna, way="epin"))
    assert "E-pin" in problems(agrees(browser, cast.anna, way="epin", epin_code="wrong"))
    assert people() == before
    assert agrees(browser, cast.anna, way="epin", epin_code=code).headers["Location"] == "/home/"
    assert Order.objects.get(member_id=newest().pk).status == "complete"
    assert code not in str(JoinDraft.objects.values_list("sealed", flat=True))


def test_a_bank_transfer_is_offered_where_the_company_has_an_account(
    cast: Cast, browser_of: Opens, office_sets: Callable[..., None]
) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    browser.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    browser.send(f"{to}/you/", **details())
    assert "Bank transfer" not in browser.get(f"{to}/pay/").text
    assert "way" in agrees(browser, cast.anna, way="bank_transfer").text
    office_sets(pay_in_account=ACCOUNT)
    answer = agrees(browser, cast.anna, way="bank_transfer")
    assert answer.headers.get("Location") == "/home/", answer.text
    order = Order.objects.get(member_id=newest().pk)
    assert (order.status, order.pays_by) == ("awaiting_payment", "outside")
    assert order.lapses_at is not None


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "{{ 7 }}{% load x %}", 'O\'Hara "x"', "=1+1", "Łukasz Ğ"],
)
def test_hostile_names_are_shown_and_never_run(name: str, cast: Cast, browser_of: Opens) -> None:
    browser = browser_of()
    assert joins(browser, cast.anna, firstname=name).headers.get("Location") == "/home/"
    assert newest().firstname == name
    for page in ("/home/", f"/join/{newest().user.username}/"):
        text = browser.get(page).text
        assert "<script>alert" not in text
        assert "{{ 7 }}" in text or "7" not in name or "{{" not in name


@pytest.mark.parametrize("name", ["\u200b", "\u202eevil", "\u3164", "a\x00b", "   ", "x" * 101])
def test_a_name_that_nobody_can_read_is_refused_and_nothing_changes(
    name: str, cast: Cast, browser_of: Opens, nothing_changes: Callable[[], Any]
) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    browser.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    with nothing_changes():
        answer = browser.send(f"{to}/you/", **details(firstname=name))
    assert "First name" in problems(answer)


def test_one_network_sends_so_many_forms_and_signs_up_so_often(
    cast: Cast, browser_of: Opens, office_sets: Callable[..., None]
) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    office_sets(signup_limit=1)
    assert joins(browser, cast.anna).headers.get("Location") == "/home/"
    second, before = browser_of(), people()
    answer = joins(second, cast.anna)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert people() == before
    office_sets(signup_limit=0, join_limit=1)
    assert browser_of().send(f"{to}/pack/", package="1").status_code == 429
    office_sets(join_limit=0)
    assert agrees(second, cast.anna).headers.get("Location") == "/home/", "what was typed is kept"


def test_what_was_changed_in_another_tab_is_shown_before_it_counts(
    cast: Cast, browser_of: Opens
) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    browser.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    typed = details()
    browser.send(f"{to}/you/", **typed)
    page = browser.get(f"{to}/pay/").text
    browser.send(f"{to}/you/", **typed | {"lastname": "Changed"})
    before = people()
    answer = presses(browser, f"{to}/pay/", page)
    assert answer.status_code == 409
    assert "another tab" in answer.text
    assert "Changed: Last name, Username." in answer.text
    assert people() == before
    assert agrees(browser, cast.anna).headers.get("Location") == "/home/"
    assert newest().lastname == "Changed"


def test_somebody_too_young_is_told_on_the_step_that_asks(cast: Cast, browser_of: Opens) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    browser.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    answer = browser.send(f"{to}/you/", **details(date_of_birth="2015-01-01"))
    assert "at least 18 years" in problems(answer)


def test_a_username_is_made_of_the_name_and_can_be_chosen(cast: Cast, browser_of: Opens) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    browser.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    browser.send(f"{to}/you/", **details(firstname="Jürgen", lastname="Großmann"))
    assert "jurgen.grossmann" in browser.get(f"{to}/pay/").text
    taken = browser.send(f"{to}/you/", **details(username=cast.ben.username.upper()))
    assert "not available" in problems(taken)
    chosen = unique("chosen")
    assert browser.send(f"{to}/you/", **details(username=chosen)).status_code == 302
    agrees(browser, cast.anna)
    assert newest().user.username == chosen
