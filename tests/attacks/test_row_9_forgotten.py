"""Forgotten passwords and usernames: what a stranger finds out, and what becomes of the links."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest
from django.db import connection

from attacks.parallel import Gate, at_once
from attacks.timing import ratio_of
from public_pages.conftest import Page
from support.cast import Cast, Player, unique
from support.client import Client
from support.moves import change_address, worker_looks_up
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import blocking, mailing, passwords
from upline.mailings.models import Mail
from upline.members.models import User

FORGET = "profile/password/forget/"
CHOSEN = "rivers run uphill"


def ask(stranger: Client, asked: str) -> None:
    answer = stranger.post(FORGET, username=asked)
    assert (answer.status_code, answer.content) == (204, b"")


def mails(kind: str, *people: Player) -> list[Any]:
    ids = [each.id for each in people]
    return list(Mail.objects.filter(user_id__in=ids, kind=kind).order_by("id"))


def text_and_links(mail: Any) -> tuple[str, list[str]]:
    _, text = mailing.render(mail, mailing.link_for(mail))
    return text, [line for line in text.splitlines() if "/link/" in line]


def share_address(address: str, *people: Player) -> None:
    User.objects.filter(pk__in=[each.id for each in people]).update(email=address)


# --- What a stranger finds out --------------------------------------------------------------


def statements_for(asked: str) -> list[str]:
    """What the database is asked for while a request is answered."""
    said: list[str] = []

    def note(execute: Any, statement: Any, *rest: Any) -> Any:
        said.append(str(statement))
        return execute(statement, *rest)

    with connection.execute_wrapper(note):
        passwords.forget_login_password(UnitOfWork(Shell(), address="203.0.113.9"), asked)
    return said


def test_row_9_a_known_name_is_the_same_work_as_an_unknown_one(cast: Cast) -> None:
    share_address(address := f"{unique('both')}@example.com", cast.anna)
    statements_for(unique("warm-up"))
    unknown = statements_for(unique("nobody"))
    assert unknown, "it counts and tells the worker"
    assert statements_for(cast.anna.username) == unknown
    assert statements_for(address) == unknown
    assert not any("members_" in statement for statement in unknown)


def test_row_9_a_known_name_takes_the_same_time_as_an_unknown_one(
    cast: Cast, stranger: Client, office_sets: Callable[..., None]
) -> None:
    office_sets(forgot_limit=0, forgot_limit_by_name=0, secret_limit_by_address=0)

    ratio = ratio_of(
        lambda: ask(stranger, cast.anna.username), lambda: ask(stranger, unique("nobody")), 20
    )
    assert 0.6 < ratio < 1.7


# --- Strangers ask, too ---------------------------------------------------------------------


@pytest.fixture
def limited(office_sets: Callable[..., None]) -> None:
    office_sets(forgot_limit=3, forgot_limit_by_name=6, secret_limit_by_address=100)
    worker_looks_up()
    send_all()


def use_up(asked: str, times: int = 5) -> None:
    """Two strangers ask for mails of this name, from a network each; the worker looks."""

    for address in ("203.0.113.1", "198.51.100.1") * times:
        passwords.forget_login_password(UnitOfWork(Shell(), address=address), asked)
    worker_looks_up()


def send_all() -> list[str]:
    """All mails in the outbox are sent; the links that they brought."""

    waiting = Mail.objects.filter(status="queued")
    links = [link for mail in waiting for link in text_and_links(mail)[1]]
    waiting.update(status="sent")
    return links


def minutes_pass(minutes: int) -> None:
    for table, column in (("base_attempt", "at"), ("members_mailedlink", "expires_at")):
        since = f"UPDATE {table} SET {column} = {column} - make_interval(mins => %s)"
        sql.run(since, [minutes])


@pytest.mark.usefixtures("limited")
def test_row_9_strangers_who_use_up_the_mails_of_a_name_leave_its_owner_a_link(
    cast: Cast, stranger: Client
) -> None:
    use_up(cast.anna.username)
    assert len(mails("reset_login", cast.anna)) == 6
    assert len(send_all()) == 6, "which the owner has, too"
    minutes_pass(29)
    ask(stranger, cast.anna.username)
    worker_looks_up()
    assert send_all() == [], "those links still work"
    minutes_pass(2)
    use_up(cast.anna.username)
    links = send_all()
    assert len(links) == 1, "one mail, whoever asked"
    Page(links[0]).set_password(CHOSEN)
    Client(stranger.base_url, stranger.api_key).sign_in(cast.anna.username, CHOSEN)


@pytest.mark.usefixtures("limited")
def test_row_9_strangers_who_use_up_a_shared_mailbox_leave_each_of_its_people_a_link(
    cast: Cast, stranger: Client
) -> None:
    share_address(f"{unique('family')}@example.com", cast.anna, cast.ben)
    use_up(cast.anna.username)
    assert len(send_all()) == 6
    for name in (cast.ben.username, cast.ben.username, cast.anna.username):
        ask(stranger, name)
    worker_looks_up()
    assert mails("reset_login", cast.ben) == []
    assert len(send_all()) == 2, "one mail with a link for each"
    ask(stranger, cast.ben.username)
    worker_looks_up()
    assert send_all() == []


@pytest.mark.usefixtures("limited")
def test_row_11_a_thief_who_uses_up_the_mails_leaves_the_owner_a_link_all_the_same(
    cast: Cast,
) -> None:
    for _ in range(5):
        assert cast.anna.client.post("ewallet/password/forget/").status_code == 204
    assert len(send_all()) == 3
    minutes_pass(31)
    for _ in range(5):
        assert cast.anna.client.post("ewallet/password/forget/").status_code == 204
    (link,) = send_all()
    assert Page(link).get().status_code == 200


# --- Which mails are sent -------------------------------------------------------------------


@pytest.mark.parametrize("parameter", ["username", "ccccc"])
def test_an_address_is_mailed_its_usernames_with_a_link_for_each(
    cast: Cast, stranger: Client, parameter: str
) -> None:
    address = f"{unique('family')}@example.com"
    share_address(address, cast.anna, cast.ben)
    answer = stranger.post(FORGET, **{parameter: address.upper()})
    assert answer.status_code == 204
    worker_looks_up()
    (mail,) = mails("usernames", cast.anna, cast.ben)
    assert mail.to_address == address
    text, links = text_and_links(mail)
    names = [cast.anna.username, cast.ben.username]
    assert [line for line in text.splitlines() if line in names] == sorted(names, key=str.lower)
    assert len(set(links)) == 2
    by_name = dict(zip(sorted(names, key=str.lower), links, strict=True))
    Page(by_name[cast.ben.username]).set_password(CHOSEN)
    Client(stranger.base_url, stranger.api_key).sign_in(cast.ben.username, CHOSEN)
    cast.anna.client.get("profile/")  # whose password is as it was


def test_row_9_an_address_that_is_not_confirmed_gets_nothing(cast: Cast, stranger: Client) -> None:
    new = f"{unique('thief')}@example.org"
    change_address(cast.anna, new)
    ask(stranger, new)
    worker_looks_up()
    assert mails("usernames", cast.anna) == []


def test_blocked_members_are_not_listed(cast: Cast, stranger: Client) -> None:
    address = f"{unique('family')}@example.com"
    share_address(address, cast.anna, cast.ben)
    blocking.block_member(UnitOfWork(Shell()), cast.ben.id, "a test")
    ask(stranger, address)
    worker_looks_up()
    text, links = text_and_links(mails("usernames", cast.anna)[0])
    assert len(links) == 1
    assert cast.ben.username not in text


def test_row_9_mails_to_an_address_are_limited(
    cast: Cast, stranger: Client, office_sets: Callable[..., None]
) -> None:
    office_sets(forgot_limit=3)
    shared = f"{'x' * 40}.{unique('long')}"
    share_address(f"{shared}.one@example.com", cast.anna)
    share_address(f"{shared}.two@example.com", cast.ben)
    for _ in range(5):
        ask(stranger, f"{shared}.one@example.com")
    ask(stranger, f"{shared}.two@example.com")
    worker_looks_up()
    assert len(mails("usernames", cast.anna)) == 3
    assert len(mails("usernames", cast.ben)) == 1, "its neighbour's mails are not counted for it"


@pytest.mark.parametrize("twin", ["\u0131", "\u0130"])
def test_row_9_a_unicode_twin_of_a_name_or_address_is_nobodys(
    twin: str, player: Callable[..., Player], stranger: Client
) -> None:
    iris = player("iris")
    address = f"{iris.username}@example.com"
    share_address(address, iris)
    ask(stranger, iris.username.replace("i", twin, 1))
    ask(stranger, address.replace("i", twin, 1))
    ask(stranger, address.replace("example", "\uff45xample"))
    worker_looks_up()
    assert mails("reset_login", iris) == mails("usernames", iris) == []


def test_row_9_of_32_uses_of_a_link_at_once_one_wins(cast: Cast, stranger: Client) -> None:
    ask(stranger, cast.ben.username)
    worker_looks_up()
    (link,) = text_and_links(mails("reset_login", cast.ben)[0])[1]
    chosen = [f"{number} rivers run uphill" for number in range(32)]
    page = Page(link)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.get().text)
    assert token

    def use(password: str) -> httpx.Response:
        form = {"csrfmiddlewaretoken": token[1], "password": password, "again": password}
        return httpx.post(link, data=form, cookies=page.http.cookies, timeout=60)

    answers = at_once([partial(use, each) for each in chosen], Gate(16, "members_mailedlink"))
    won = [n for n, each in enumerate(answers) if "has been changed" in each.text]
    assert len(won) == 1, [each.status_code for each in answers]
    Client(stranger.base_url, stranger.api_key).sign_in(cast.ben.username, chosen[won[0]])
