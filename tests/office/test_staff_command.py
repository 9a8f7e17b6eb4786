"""`./upline staff`: the server's last resort when somebody is locked out of the office."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from public_pages.conftest import Page
from support.cast import unique
from support.installation import STAFF, STAFF_PASSWORD, Installation
from support.office import Visitor, hire_staff
from support.second_factors import set_up


def _run(*words: str) -> str:
    said = io.StringIO()
    call_command("staff", *words, stdout=said)
    return said.getvalue()


@pytest.fixture
def browser(installation: Installation) -> Visitor:
    return Visitor(installation.base_url)


def test_a_printed_link_lets_a_new_colleague_in_without_a_mail_server(
    browser: Visitor, owners_hear: Callable[[], list[str]]
) -> None:
    username = unique("tom")
    _run("invite", username, "tom@example.com")
    line = next(each for each in _run("list").splitlines() if each.startswith(username))
    assert line == f"{username}  tom@example.com  invited"
    link = _run("link", username).strip()
    assert Page(link).set_password(STAFF_PASSWORD).status_code == 200
    assert browser.sign_in(username, STAFF_PASSWORD).headers["Location"] == "/office/"
    assert owners_hear() == [
        f"{username} (tom@example.com) was invited as a staff user.",
        f"A link to choose the password of {username} was made.",
    ]


def test_a_lost_second_factor_is_reset_on_the_server(
    browser: Visitor, owners_hear: Callable[[], list[str]]
) -> None:
    username = hire_staff()
    browser.sign_in(username, STAFF_PASSWORD)
    set_up(browser)
    assert f"{username}  {username}@example.com  active  second factor" in _run("list")
    owners_hear()
    _run("reset-second-factor", username.upper())
    assert browser.http.get("/").status_code == 302
    assert browser.sign_in(username, STAFF_PASSWORD).headers["Location"] == "/office/"
    assert owners_hear()[-1] == f"The second factor of {username} was reset."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("link", "nobody-at-all"), "No staff user is named nobody-at-all."),
        (("link", "acme"), "No staff user is named acme."),
        (("reset-second-factor", STAFF), f"{STAFF} has not set up a second factor."),
        (("invite", STAFF, "a@example.com"), "This username is not available."),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    words: tuple[str, ...], sentence: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes(), pytest.raises(CommandError) as refused:
        _run(*words)
    assert sentence in str(refused.value)
