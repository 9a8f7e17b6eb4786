"""Joining that was left in the middle goes on later: from a mailed link, and at the payment."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.conftest import Browser
from portal.test_join import ACCOUNT, Opens, agrees, details, hidden, newest, people, problems
from support.cast import Cast
from support.customers import customer_of
from support.installation import PASSWORD, Installation
from support.mail import MailServer, link_in, text_of
from upline.base import clock, sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package
from upline.flows import join_links, order_decisions, retention
from upline.members.models import JoinDraft, Member
from upline.orders.models import Order


def half_way(browser: Browser, sponsor: str, **more: str) -> dict[str, str]:
    """Up to the last step; what was typed."""
    typed, to = details(**more), f"/join/{sponsor}"
    browser.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    assert browser.send(f"{to}/you/", **typed).headers["Location"] == f"{to}/pay/"
    return typed


def asks_for_link(browser: Browser, sponsor: str) -> str:
    """Press the button below the form. Returns where it leads."""
    page = browser.get(f"/join/{sponsor}/pay/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    answer = browser.http.post(f"/join/{sponsor}/mail/", data={"csrfmiddlewaretoken": token[1]})
    return str(answer.headers.get("Location", answer.status_code))


def test_a_mailed_link_goes_on_with_it_on_another_device(
    cast: Cast, browser_of: Opens, installation: Installation
) -> None:
    first, sponsor = browser_of(), cast.anna.username
    typed = half_way(first, sponsor, firstname="Mina")
    jobs = "SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%%join_link'"
    before = sql.number(jobs)
    assert asks_for_link(first, sponsor) == f"/join/{sponsor}/?mailed=1"
    assert sql.number(jobs) == before + 1
    server = MailServer(installation.smtp_port)
    server.up()
    try:
        join_links.send(JoinDraft.objects.latest("pk").digest.hex())
    finally:
        server.down()
    mail = server.inbox.mails[-1]
    assert mail["To"] == typed["email"]
    assert "Mina" not in text_of(mail), "whoever typed it chooses no word of the mail"
    assert PASSWORD not in text_of(mail)
    link = link_in(mail).removeprefix(installation.base_url)
    second = browser_of()
    page = second.get(link)
    assert "is still here" in page.text
    assert not [name for name in second.http.cookies if name.startswith("join")], "only looked at"
    led = second.send(link)
    assert led.headers["Location"] == f"/join/{sponsor}/pay/"
    assert second.get(f"/join/{sponsor}/pay/").headers["Location"].endswith("/you/?check=1")
    asked = problems(second.get(f"/join/{sponsor}/you/?check=1"))
    assert "Password" in asked
    assert "E-mail" not in asked
    assert second.send(f"/join/{sponsor}/you/", **typed).status_code == 302
    assert agrees(second, cast.anna).headers.get("Location") == "/home/"
    assert newest().firstname == "Mina"
    assert "already joined" in browser_of().get(link).text
    assert "already joined" not in first.get(f"/join/{sponsor}/").text, "it was handed over"


def test_a_link_that_is_too_old_leads_back_to_the_beginning(cast: Cast, browser_of: Opens) -> None:
    answer = browser_of().get(f"/link/continue-joining/{'A' * 43}/?to={cast.anna.username}")
    assert answer.status_code == 404
    assert f'href="/join/{cast.anna.username}/"' in answer.text
    hostile = browser_of().get("/link/continue-joining/x/?to=//evil.example")
    assert "evil" not in hostile.text


def test_what_was_typed_is_gone_after_seven_days(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of()
    half_way(browser, cast.anna.username)
    row = JoinDraft.objects.latest("pk")
    JoinDraft.objects.filter(pk=row.pk).update(expires_at=clock.now() + timedelta(hours=1))
    retention.clean_up()
    assert JoinDraft.objects.filter(pk=row.pk).exists()
    JoinDraft.objects.filter(pk=row.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    led = browser.get(f"/join/{cast.anna.username}/pay/").headers["Location"]
    assert "no longer here" in browser.get(led).text
    retention.clean_up()
    assert not JoinDraft.objects.filter(pk=row.pk).exists()


def test_a_join_that_waits_for_its_money_is_finished_the_next_day(
    cast: Cast, browser_of: Opens, office_sets: Callable[..., None]
) -> None:
    office_sets(pay_in_account=ACCOUNT, pay_in_bank="Testbank")
    browser = browser_of()
    typed = half_way(browser, cast.anna.username, firstname="Wanda")
    agrees(browser, cast.anna, way="bank_transfer")
    new, before = newest(), people()
    order = Order.objects.get(member_id=new.pk)
    facts = sql.value(
        str,
        "SELECT facts::text FROM mailings_mail WHERE user_id = %s AND kind = 'welcome'",
        [new.pk],
    )
    assert order.number in (facts or "")
    next_day = browser_of()
    assert next_day.sign_in(typed["email"]).headers.get("Location") == "/home/"
    home = next_day.get("/home/").text
    for said in (order.number, "DE89 3704 0044 0532 0130 00", "Testbank", "waits for your payment"):
        assert said in home
    order_decisions.approve_order(UnitOfWork(Shell()), order.number)
    assert "waits for your payment" not in next_day.get("/home/").text
    assert people() == before
    assert Order.objects.filter(member_id=new.pk).count() == 1


def test_a_customer_builds_a_team_and_keeps_the_sponsor(cast: Cast, browser_of: Opens) -> None:
    carl = customer_of(cast.anna)
    browser, before = browser_of(carl), people()
    assert "/build-a-team/" in browser.get("/home/").text
    page = browser.get("/build-a-team/").text
    package = str(Package.objects.get(code="M-starter").pk)
    missing = browser.send("/build-a-team/", package=package, **hidden(page))
    assert "Date of birth" in problems(missing)
    assert Member.objects.get(pk=carl.id).kind == "retail"
    sent = hidden(page) | {"package": package, "agreed": "on", "date_of_birth": "1990-05-17"}
    old = browser.send("/build-a-team/", **sent | {f"total-{package}": "1"})
    assert "come to" in problems(old)
    answer = browser.send("/build-a-team/", **sent)
    assert answer.headers.get("Location") == "/home/", answer.text
    assert people() == before
    assert Member.objects.get(pk=carl.id).kind == "member"
    sponsor = sql.number("SELECT sponsor_id FROM genealogy_position WHERE id = %s", [carl.id])
    assert sponsor == cast.anna.id
    assert browser.get("/build-a-team/").headers["Location"] == "/home/"


def test_a_sponsor_s_home_learns_who_joined(cast: Cast, browser_of: Opens) -> None:
    anna = browser_of(cast.anna)
    assert 'data-newcomers="/home/newcomers/"' in anna.get("/home/").text
    first = anna.get("/home/newcomers/")
    mark = {"If-None-Match": first.headers["ETag"]}
    assert anna.http.get("/home/newcomers/", headers=mark).status_code == 304
    browser = browser_of()
    half_way(browser, cast.anna.username, firstname="Fresh")
    agrees(browser, cast.anna)
    after = anna.http.get("/home/newcomers/", headers=mark)
    assert after.status_code == 200
    assert "Fresh" in after.text
    assert "<html" not in after.text
    assert browser_of().get("/home/newcomers/").status_code == 302
    assert browser_of(customer_of(cast.anna)).get("/home/newcomers/").status_code == 404


@pytest.mark.parametrize("address", ["", "not an address", "a@b\r\nBcc: x@example.com"])
def test_no_link_is_mailed_to_what_is_no_address(
    address: str, cast: Cast, browser_of: Opens
) -> None:
    browser, to = browser_of(), f"/join/{cast.anna.username}"
    browser.send(f"{to}/pack/", package=str(Package.objects.get(code="M-starter").pk))
    browser.send(f"{to}/you/", **details(email=address))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(f"{to}/you/").text)
    assert token
    jobs = "SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%%join_link'"
    before = sql.number(jobs)
    browser.http.post(f"{to}/mail/", data={"csrfmiddlewaretoken": token[1]})
    assert sql.number(jobs) == before
