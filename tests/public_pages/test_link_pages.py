"""The pages that mails link to: for browsers without scripts, over HTTP."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from attacks.parallel import Gate, at_once
from public_pages.conftest import FRESH, Page, said
from support.cast import Cast, Player, fingerprint
from support.client import Client, refused
from support.installation import (
    PASSWORD,
    ROOT,
    TRANSACTION_PASSWORD,
    Installation,
    free_port,
    stop_group,
    wait_for,
)
from support.moves import change_address, let_hours_pass, payment, worker_looks_up
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import blocking
from upline.launch.privileges import tether
from upline.mailings.models import Mail
from upline.members.models import Member

PURPOSES = ("login_password", "transaction_password", "confirm_email")
USED_UP = "This link has already been used, or it is older than 30 minutes. Request a new one."


def may_sign_in(player: Player, password: str) -> bool:
    answer = player.client.post("auth/access/", username=player.username, password=password)
    return answer.status_code == 200


def may_pay(player: Player, password: str) -> bool:
    """Whether this is the transaction password: then it is the balance that is too low."""
    sent = payment(player.username, "1.00", transaction_password=password)
    answer = player.client.post("ewallet/payment/", **sent)
    return str(answer.json()["error"]["code"]) == "1014"


def links_used() -> list[object]:
    return sql.values(object, "SELECT used_at FROM members_mailedlink ORDER BY digest")


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize(
    ("method", "status"),
    [("GET", 200), ("HEAD", 200), ("OPTIONS", 405), ("PUT", 403), ("DELETE", 403)],
)
def test_looking_changes_nothing(
    purpose: str, method: str, status: int, cast: Cast, link: Callable[..., Page]
) -> None:
    page = link(cast.ben, purpose, f"{cast.ben.username}@example.com")
    before = (fingerprint(), links_used())
    answer = page.http.request(method, page.url)
    assert answer.status_code == status
    assert (fingerprint(), links_used()) == before
    assert page.get().status_code == 200


@pytest.mark.parametrize("purpose", PURPOSES)
def test_pages_keep_their_address_to_themselves(
    purpose: str, cast: Cast, link: Callable[..., Page]
) -> None:
    page = link(cast.ben, purpose)
    answer = page.get()
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    secret = page.url.rstrip("/").rpartition("/")[2]
    assert secret not in answer.text
    loaded = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert loaded
    assert all(re.match(r"/[^/]|data:", each) for each in loaded)


def test_a_new_login_password_works_and_ends_every_token(
    cast: Cast, link: Callable[..., Page], installation: Installation
) -> None:
    answer = link(cast.ben, "login_password").set_password()
    assert said(answer) == "Your password has been changed."
    refused(cast.ben.client.get("profile/"), 401, "1002")
    assert not may_sign_in(cast.ben, PASSWORD)
    assert may_sign_in(cast.ben, FRESH)


def test_a_link_that_lost_its_last_slash_works(cast: Cast, link: Callable[..., Page]) -> None:
    page = link(cast.ben, "login_password")
    page.url = page.url.rstrip("/")
    assert said(page.set_password()) == "Your password has been changed."
    assert may_sign_in(cast.ben, FRESH)


def test_a_new_transaction_password_ends_no_token(cast: Cast, link: Callable[..., Page]) -> None:
    answer = link(cast.ben, "transaction_password").set_password()
    assert said(answer) == "Your password has been changed."
    assert not may_pay(cast.ben, TRANSACTION_PASSWORD)
    assert may_pay(cast.ben, FRESH)
    assert may_sign_in(cast.ben, PASSWORD)


def test_a_new_member_sets_the_first_transaction_password(
    cast: Cast, link: Callable[..., Page]
) -> None:
    Member.objects.filter(pk=cast.ben.id).update(transaction_password="")
    assert not may_pay(cast.ben, "")
    link(cast.ben, "transaction_password").set_password()
    assert may_pay(cast.ben, FRESH)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_works_once(purpose: str, cast: Cast, link: Callable[..., Page]) -> None:
    page = link(cast.ben, purpose, f"{cast.ben.username}@example.com")
    fields = {} if purpose == "confirm_email" else {"password": FRESH, "again": FRESH}
    if purpose == "transaction_password":
        fields["login_password"] = PASSWORD
    assert page.send(**fields).status_code == 200
    again = page.get()
    assert again.status_code == 404
    assert said(again) == USED_UP


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_works_for_thirty_minutes(
    purpose: str, cast: Cast, link: Callable[..., Page]
) -> None:
    page = link(cast.ben, purpose, f"{cast.ben.username}@example.com")
    token = page.get().text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    age_links(timedelta(minutes=29))
    assert page.get().status_code == 200
    age_links(timedelta(minutes=1))
    assert page.get().status_code == 404
    sent = {"csrfmiddlewaretoken": token, "password": FRESH, "again": FRESH}
    late = page.http.post(page.url, data=sent)
    assert late.status_code == 404
    assert said(late) == USED_UP
    assert may_sign_in(cast.ben, PASSWORD)


def age_links(by: timedelta) -> None:
    sql.run("UPDATE members_mailedlink SET expires_at = expires_at - %s", [by])


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("", "", "This field is required."),
        ("short", "short", "A password must have at least 8 characters."),
        ("password123", "password123", "This password is too common."),
        (FRESH, "something else", "The two passwords do not match."),
        ("x" * 129, "x" * 129, "Ensure this value has at most 128 characters (it has 129)."),
    ],
)
def test_a_password_that_cannot_be_used_is_said_and_the_link_stays(
    password: str, again: str, sentence: str, cast: Cast, link: Callable[..., Page]
) -> None:
    page = link(cast.ben, "login_password")
    answer = page.set_password(password, again)
    assert answer.status_code == 200
    assert answer.text.count(sentence.replace("'", "&#x27;")) >= 1
    assert "too short" not in answer.text or answer.text.count("too short") == 1
    assert f'value="{password}"' not in answer.text
    assert may_sign_in(cast.ben, PASSWORD)
    assert "has been changed" in said(page.set_password())


def test_a_link_for_one_thing_is_not_good_for_another(
    cast: Cast, link: Callable[..., Page]
) -> None:
    page = link(cast.ben, "transaction_password")
    page.url = page.url.replace("transaction-password", "login-password")
    assert page.get().status_code == 404


def test_a_form_without_its_token_is_refused(cast: Cast, link: Callable[..., Page]) -> None:
    page = link(cast.ben, "login_password")
    answer = page.http.post(page.url, data={"password": FRESH, "again": FRESH})
    assert answer.status_code == 403
    assert "The form was not sent" in answer.text
    assert may_sign_in(cast.ben, PASSWORD)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_blocked_members_link_does_nothing_and_stays(
    purpose: str, cast: Cast, link: Callable[..., Page], nothing_changes: Callable[[], Any]
) -> None:
    change_address(cast.ben, "ben.new@example.org")
    page = link(cast.ben, purpose, "ben.new@example.org")
    token = page.get().text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    blocking.block_member(UnitOfWork(Shell()), cast.ben.id, "for a test")
    sent = {"csrfmiddlewaretoken": token, "password": FRESH, "again": FRESH}
    with nothing_changes():
        for answer in (page.get(), page.http.post(page.url, data=sent)):
            assert answer.status_code == 403
            assert said(answer) == "The office has blocked this login."
    blocking.unblock_member(UnitOfWork(Shell()), cast.ben.id, "for a test")
    assert page.http.post(page.url, data=sent).status_code == 200


def test_setting_a_password_uses_up_the_other_links_for_it(
    cast: Cast, link: Callable[..., Page]
) -> None:
    first, second = link(cast.ben, "login_password"), link(cast.ben, "login_password")
    other = link(cast.ben, "transaction_password")
    second.set_password()
    assert first.get().status_code == 404
    assert other.get().status_code == 200


def reset_address(player: Player, stranger: Client) -> str:
    """Where a reset mail asked for now would go."""

    stranger.post("profile/password/forget/", username=player.username)
    worker_looks_up()
    return str(Mail.objects.filter(user_id=player.id, kind="reset_login").latest("id").to_address)


def test_a_confirmed_address_gets_the_resets_from_then_on(
    cast: Cast, link: Callable[..., Page], stranger: Client
) -> None:
    change_address(cast.ben, "ben.new@example.org")
    assert reset_address(cast.ben, stranger) == f"{cast.ben.username}@example.com"
    let_hours_pass(cast.ben, 72)
    answer = link(cast.ben, "confirm_email", "ben.new@example.org").send()
    assert said(answer) == "Your e-mail address is confirmed."
    assert reset_address(cast.ben, stranger) == "ben.new@example.org"


def test_confirming_ends_the_resets_mailed_to_the_address_before(
    cast: Cast, link: Callable[..., Page]
) -> None:
    change_address(cast.ben, "ben.new@example.org")
    reset = link(cast.ben, "login_password")
    let_hours_pass(cast.ben, 72)
    link(cast.ben, "confirm_email", "ben.new@example.org").send()
    assert reset.get().status_code == 404


def test_an_address_changed_again_meanwhile_is_not_confirmed(
    cast: Cast, link: Callable[..., Page], stranger: Client
) -> None:
    change_address(cast.ben, "ben.first@example.org")
    first = link(cast.ben, "confirm_email", "ben.first@example.org")
    change_address(cast.ben, "ben.second@example.org")
    second = link(cast.ben, "confirm_email", "ben.second@example.org")
    answer = first.send()
    assert answer.status_code == 404
    assert "now has another e-mail address" in said(answer)
    assert reset_address(cast.ben, stranger) == f"{cast.ben.username}@example.com"
    let_hours_pass(cast.ben, 72)
    assert said(second.send()) == "Your e-mail address is confirmed."
    assert reset_address(cast.ben, stranger) == "ben.second@example.org"


def test_a_link_pressed_many_times_at_once_works_once(
    cast: Cast, link: Callable[..., Page], office_sets: Callable[..., None]
) -> None:
    office_sets(login_limit_by_address=0)
    page = link(cast.ben, "login_password")
    token = page.get().text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]

    def press(number: int) -> Callable[[], int]:
        sent = {"csrfmiddlewaretoken": token, "password": f"{FRESH}{number}"}
        sent["again"] = sent["password"]
        return lambda: page.http.post(page.url, data=sent).status_code

    gate = Gate(8, "members_mailedlink")
    assert sorted(at_once([press(number) for number in range(8)], gate)) == [200] + [404] * 7
    assert sum(may_sign_in(cast.ben, f"{FRESH}{number}") for number in range(8)) == 1


def test_what_no_link_was_made_for_is_a_plain_page(installation: Installation) -> None:
    answer = httpx.get(f"{installation.base_url}/link/login-password/guessed/")
    assert answer.status_code == 404
    assert said(answer) == USED_UP
    for path in ("/nothing/here", "/link/other/thing/"):
        answer = httpx.get(installation.base_url + path)
        assert answer.status_code == 404
        assert "Page not found" in answer.text
        assert "urlconf" not in answer.text.lower()


def test_an_outage_says_so_plainly_and_no_log_holds_a_links_secret(
    cast: Cast, link: Callable[..., Page], installation: Installation, tmp_path: Path
) -> None:
    """A server whose database is away says so; its log tells the link without the secret."""
    page = link(cast.ben, "login_password")
    used = link(cast.cleo, "transaction_password")
    used.set_password()
    secrets = [each.url.rstrip("/").rpartition("/")[2] for each in (page, used)]
    log = tmp_path / "log"
    working = [page.url, used.url]
    statuses = [
        *ask_own_server(working, log),
        *ask_own_server([page.url], log, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing"),
    ]
    assert statuses == [403, 403, 503]
    text = log.read_text()
    assert text.count("/link/login-password/…") >= 2
    assert not any(secret in text for secret in secrets)


def ask_own_server(urls: list[str], log: Path, **environment: str) -> list[int]:
    """POST without a token to these pages on a server of our own, whose output is kept."""
    port = free_port()
    command = [
        *tether("KILL"), sys.executable, "-m", "granian", "--interface", "wsgi",
        "--host", "127.0.0.1", "--port", str(port), "--log-level", "error",
        "upline.launch.web_app:application",
    ]  # fmt: skip
    with log.open("ab") as file:
        server = subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")} | environment,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        wait_for(lambda: httpx.get(f"http://127.0.0.1:{port}/static/site/page.css"))
        return [ask(url, port, crash=bool(environment)) for url in urls]
    finally:
        stop_group(server)


def ask(url: str, port: int, *, crash: bool) -> int:
    here = re.sub(r":\d+/", f":{port}/", url, count=1)
    answer = httpx.get(here) if crash else httpx.post(here, data={"password": FRESH})
    if crash:
        assert "Back in a moment" in answer.text
        assert answer.headers["X-Request-Id"] in answer.text
        assert "Traceback" not in answer.text
    return answer.status_code


def test_the_pages_are_of_the_company(cast: Cast, link: Callable[..., Page]) -> None:
    page: Page = link(cast.ben, "login_password")
    text = page.get().text
    assert "<title>Set a new password · Acme</title>" in text
    assert '<html lang="en-gb">' in text
    assert text.count("<h1>") == 1
    assert f"This link is for the member {cast.ben.username}." in text
    assert text.count('autocomplete="new-password"') == 2


def test_what_people_type_leads_on(installation: Installation) -> None:
    base = installation.base_url
    for path in ("/docs", "/docs/"):
        answer = httpx.get(base + path)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/api/docs")
    for path in ("/api", "/api/"):
        shown = httpx.get(base + path).json()["data"]
        assert shown == {
            "documentation": f"{base}/api/docs",
            "openapi": f"{base}/api/openapi.json",
        }
        assert all(httpx.get(address).status_code == 200 for address in shown.values())
    assert httpx.post(f"{base}/api/").json()["error"]["code"] == "1103"
