"""A second factor: set up, asked for at the door and on the shell, lost, reset, demanded."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from attacks.parallel import Gate, at_once
from attacks.planted import faulty_server
from support.installation import STAFF_PASSWORD, Installation, Server, free_port, stop_group
from support.office import Visitor, hire_staff, problems, said
from support.second_factors import App, recovery_codes_on, secret_on, set_up
from upline.base import clock, passwords, sql
from upline.mailings.models import Mail
from upline.members.models import OfficeSession, SecondFactor, User
from upline.members.security import devices, second_factor

CODE_PAGE = "/office/login/code/"
WRONG = "This code is wrong or has already been used."


class Person:
    """A staff user with a second factor, and a browser in which they are signed in."""

    def __init__(self, installation: Installation) -> None:
        self.username = hire_staff()
        self.id = User.objects.get(username=self.username).pk
        self.here = Visitor(installation.base_url)
        self.here.sign_in(self.username, STAFF_PASSWORD)
        self.app, self.codes = set_up(self.here)


@pytest.fixture
def sam(installation: Installation) -> Person:
    return Person(installation)


@pytest.fixture
def browser(installation: Installation) -> Visitor:
    return Visitor(installation.base_url)


def _mails(person: Person, kind: str) -> list[str]:
    found = Mail.objects.filter(user_id=person.id, kind=kind).order_by("id")
    return [each.facts["sentence"] for each in found]


def test_setting_up_shows_a_qr_code_and_the_secret_and_the_codes_once(
    browser: Visitor, audited: Callable[..., dict[str, Any]]
) -> None:
    browser.sign_in(hire_staff(), STAFF_PASSWORD)
    assert "Set up" in browser.get("/account/second-factor/").text
    browser.post("/account/second-factor/begin/", browser.open("/account/second-factor/"))
    page = browser.get("/account/second-factor/").text
    assert '<svg viewBox="' in page
    assert "style=" not in page[page.index("<svg") : page.index("</svg>")]
    app = App(secret_on(page))
    assert problems(browser.send("/account/second-factor/", code=app.wrong_code())) == WRONG
    codes = recovery_codes_on(browser.send("/account/second-factor/", code=app.code()).text)
    assert len(set(codes)) == 10
    audited("second_factor.on")
    account = browser.get("/account/").text
    assert "You have 10 recovery codes left" in account
    assert not any(code in account for code in codes)
    assert browser.get("/account/second-factor/").status_code == 302, (
        "the secret is not shown again"
    )


def test_neither_the_secret_nor_a_recovery_code_lies_in_the_database(
    sam: Person, installation: Installation
) -> None:
    secret = sam.app._totp.secret
    names = sql.values(str, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
    for text in (secret, *sam.codes, sam.codes[0].replace("-", "")):
        for name in names:
            assert not sql.value(
                bool,
                f"SELECT EXISTS (SELECT FROM {name} t WHERE position(%s IN t::text) > 0)",
                [text],
            ), f"{name} holds it"


def test_the_password_alone_lets_nobody_in(sam: Person, browser: Visitor) -> None:
    answer = browser.sign_in(sam.username, STAFF_PASSWORD)
    assert answer.headers["Location"].startswith(CODE_PAGE)
    for path in ("/", "/account/", "/account/second-factor/"):
        assert browser.get(path).headers["Location"].startswith("/office/login/")
    assert problems(browser.send("/login/code/", code=sam.app.wrong_code())) == WRONG
    assert browser.get("/").status_code == 302
    assert browser.send("/login/code/", code=sam.app.code()).headers["Location"] == "/office/"
    assert browser.get("/").status_code == 200


def test_the_page_that_was_asked_for_is_reached_past_the_code(
    sam: Person, browser: Visitor
) -> None:
    page = "/login/?next=/office/account/"
    answer = browser.send(page, username=sam.username, password=STAFF_PASSWORD)
    code_page = answer.headers["Location"].removeprefix("/office")
    answer = browser.send(code_page, code=sam.app.code())
    assert answer.headers["Location"] == "/office/account/"
    page = "/login/?next=https://evil.example/"
    browser.http.cookies.clear()
    answer = browser.send(page, username=sam.username, password=STAFF_PASSWORD)
    assert "evil" not in answer.headers["Location"]


def test_without_the_password_there_is_no_page_for_the_code(browser: Visitor) -> None:
    assert browser.get("/login/code/").headers["Location"].startswith("/office/login/")


def test_a_password_changed_meanwhile_ends_the_way_in(sam: Person, browser: Visitor) -> None:
    browser.sign_in(sam.username, STAFF_PASSWORD)
    form = browser.open("/login/code/")
    User.objects.filter(pk=sam.id).update(password=passwords.hashed("something else now"))
    answer = browser.post("/login/code/", form | {"code": sam.app.code()})
    assert answer.headers["Location"].startswith("/office/login/")
    assert browser.get("/").status_code == 302


def test_a_code_works_once_also_for_many_at_once(sam: Person, installation: Installation) -> None:
    assert _let_in_at_once(sam, installation.server, sam.app.code()) == 1
    # Three wrong codes so far: two more are looked at, and the rest waits for these.
    assert _let_in_at_once(sam, installation.server, sam.codes[0], meeting=2) == 1


def test_a_door_that_reads_and_then_writes_lets_several_in(
    sam: Person, installation: Installation
) -> None:
    with faulty_server(installation, "second_factor") as server:
        assert _let_in_at_once(sam, server, sam.app.code()) > 1


def _let_in_at_once(person: Person, server: Server, code: str, meeting: int = 4) -> int:
    """How many of four browsers one code lets in, of which so many meet."""
    visitors = [Visitor(server.base_url) for _ in range(4)]
    for visitor in visitors:
        visitor.sign_in(person.username, STAFF_PASSWORD)
    forms = [visitor.open("/login/code/") | {"code": code} for visitor in visitors]
    sent = [
        partial(visitor.post, "/login/code/", form)
        for visitor, form in zip(visitors, forms, strict=True)
    ]
    gate = Gate(meeting, "members_secondfactor, members_recoverycode", server.database)
    return sum(answer.status_code == 302 for answer in at_once(sent, gate))


def test_codes_of_neighbouring_steps_are_taken_and_older_ones_not(
    sam: Person, browser: Visitor
) -> None:
    _forget_last_step(sam)
    browser.sign_in(sam.username, STAFF_PASSWORD)
    assert problems(browser.send("/login/code/", code=sam.app.code(steps=-3))) == WRONG
    assert problems(browser.send("/login/code/", code=sam.app.code(steps=3))) == WRONG
    assert browser.send("/login/code/", code=sam.app.code(steps=1)).status_code == 302


def test_after_five_wrong_codes_the_right_one_is_not_looked_at(
    sam: Person, browser: Visitor
) -> None:
    browser.sign_in(sam.username, STAFF_PASSWORD)
    for _ in range(5):
        assert problems(browser.send("/login/code/", code=sam.app.wrong_code())) == WRONG
    for right in (sam.app.code(), sam.codes[0]):
        answer = browser.send("/login/code/", code=right)
        assert problems(answer).startswith("Too many wrong codes.")
    assert browser.get("/").status_code == 302
    assert sam.here.get("/").status_code == 200, "who is inside stays inside"


def test_row_31_strangers_who_know_the_password_lock_no_known_browser_out_of_the_codes(
    sam: Person, installation: Installation
) -> None:
    port = free_port()
    process = installation.start_server(port, UPLINE_BEHIND_PROXY="on")
    at = f"http://127.0.0.1:{port}"
    try:
        known = Visitor(at)
        known.sign_in(sam.username, STAFF_PASSWORD)
        assert known.send("/login/code/", code=sam.codes[0]).status_code == 302
        for number in range(11):
            thief = Visitor(at)
            thief.http.headers["X-Forwarded-For"] = f"192.0.2.{number}"
            thief.sign_in(sam.username, STAFF_PASSWORD)
            answer = thief.send("/login/code/", code="wrong")
        assert problems(answer).startswith("Too many wrong codes.")
        assert sam.codes[1] in _on_shell_after(sam), "the shell takes a code all the same"
        known.http.cookies.delete("office")
        known.sign_in(sam.username, STAFF_PASSWORD)
        assert known.send("/login/code/", code=sam.codes[2]).status_code == 302
        known.http.cookies.delete("office")
        known.sign_in(sam.username, STAFF_PASSWORD)
        for _ in range(5):
            assert problems(known.send("/login/code/", code="wrong")) == WRONG
        answer = known.send("/login/code/", code=sam.codes[3])
        assert problems(answer).startswith("Too many wrong codes.")
    finally:
        stop_group(process)


def _on_shell_after(person: Person) -> str:
    """The recovery code that the shell took; '' where it did not look at it."""
    said = _on_shell(person.username, STAFF_PASSWORD, person.codes[1])
    return person.codes[1] if "is not allowed to do this" in said else said


def test_a_browser_known_before_the_second_factor_is_a_stranger_to_its_codes(
    installation: Installation,
) -> None:
    """It may be that of a thief who knew the password, because of whom it was set up."""

    username, here = hire_staff(), Visitor(installation.base_url)
    here.sign_in(username, STAFF_PASSWORD)
    user = User.objects.get(username=username)
    before = devices.token_for(user.pk, user.password)
    set_up(here)
    since = second_factor.on_since(user.pk)
    after = devices.token_for(user.pk, user.password, since)
    known = [devices.known_as(username, user.pk, user.password, token, "", factor=since)
             for token in (before, after)]  # fmt: skip
    assert known[0] == ""
    assert known[1]


def test_a_recovery_code_works_once_and_is_told(
    sam: Person, browser: Visitor, audited: Callable[..., dict[str, Any]]
) -> None:
    for code, answers in ((sam.codes[0].upper(), 302), (sam.codes[0], 200)):
        browser.http.cookies.clear()
        browser.sign_in(sam.username, STAFF_PASSWORD)
        assert browser.send("/login/code/", code=code).status_code == answers
    audited("second_factor.recovery_code", f"user:{sam.id}")
    assert _mails(sam, "second_factor")[-1] == "A recovery code was used to sign in; 9 remain."


def test_new_recovery_codes_end_the_old_ones(sam: Person, browser: Visitor) -> None:
    fresh = recovery_codes_on(sam.here.send("/account/recovery-codes/").text)
    assert len(set(fresh) | set(sam.codes)) == 20
    browser.sign_in(sam.username, STAFF_PASSWORD)
    assert problems(browser.send("/login/code/", code=sam.codes[0])) == WRONG
    assert browser.send("/login/code/", code=fresh[0]).status_code == 302


def test_setting_up_ends_the_sessions_that_knew_only_the_password(
    installation: Installation,
) -> None:
    username, here, elsewhere = hire_staff(), *_two(installation)
    for visitor in (here, elsewhere):
        visitor.sign_in(username, STAFF_PASSWORD)
    set_up(here)
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302


def test_turned_off_the_password_is_enough_again(sam: Person, browser: Visitor) -> None:
    assert sam.here.send("/account/second-factor/off/").status_code == 302
    assert browser.sign_in(sam.username, STAFF_PASSWORD).headers["Location"] == "/office/"
    assert "turned off" in _mails(sam, "second_factor")[-1]


def test_where_the_office_demands_it_nothing_is_seen_before_it_is_set_up(
    browser: Visitor, office_sets: Callable[..., None]
) -> None:
    office_sets(staff_second_factor=True)
    browser.sign_in(hire_staff("members.view_member"), STAFF_PASSWORD)
    for path in ("/", "/members/member/", "/account/", "/password_change/"):
        assert browser.get(path).headers["Location"] == "/office/account/second-factor/"
    assert "Your office requires a second factor." in browser.get("/account/second-factor/").text
    set_up(browser)
    assert browser.get("/members/member/").status_code == 200
    browser.send("/account/second-factor/off/")
    assert "cannot be turned off" in said(browser.get("/account/"))


def test_an_owner_resets_a_colleagues_second_factor_and_both_are_told(
    sam: Person,
    olga: Visitor,
    browser: Visitor,
    audited: Callable[..., dict[str, Any]],
    owners_hear: Callable[[], list[str]],
) -> None:
    olga.press(f"/members/user/{sam.id}/reset-second-factor/")
    audited("second_factor.reset", f"user:{sam.id}")
    assert sam.here.get("/").status_code == 302, "signed out everywhere"
    assert browser.sign_in(sam.username, STAFF_PASSWORD).headers["Location"] == "/office/"
    assert "reset" in _mails(sam, "second_factor")[-1]
    assert owners_hear() == [f"The second factor of {sam.username} was reset."]


def test_the_shell_asks_for_the_code_too(sam: Person) -> None:
    assert WRONG in _on_shell(sam.username, STAFF_PASSWORD, sam.app.wrong_code())
    assert "is not allowed to do this" in _on_shell(sam.username, STAFF_PASSWORD, sam.app.code())


def _on_shell(username: str, *lines: str) -> str:
    """What a command says that acts as somebody, who answers what it asks."""
    done = subprocess.run(
        [sys.executable, "-m", "django", "payout", "batch", "--as", username],
        input="\n".join(lines), text=True, capture_output=True, check=False,
    )  # fmt: skip
    return done.stderr


def test_where_the_office_demands_it_the_shell_lets_nobody_act_without(
    office_sets: Callable[..., None],
) -> None:
    office_sets(staff_second_factor=True)
    assert "Set it up in the office first" in _on_shell(hire_staff(), STAFF_PASSWORD)


def test_confirming_asks_for_password_and_code(sam: Person) -> None:
    _age_confirmation(sam)
    answer = sam.here.http.get("/account/recovery-codes/")
    assert answer.headers["Location"].startswith("/office/account/confirm/")
    page = answer.headers["Location"].removeprefix("/office")
    code = sam.app.code()
    assert problems(sam.here.confirm(page, current_password="not mine", code=code))
    assert problems(sam.here.confirm(page, code=sam.app.wrong_code())) == WRONG
    assert (
        sam.here.confirm(page, code=code).headers["Location"] == "/office/account/recovery-codes/"
    )
    assert "stop working" in sam.here.http.get("/account/recovery-codes/").text


def _two(installation: Installation) -> tuple[Visitor, Visitor]:
    return Visitor(installation.base_url), Visitor(installation.base_url)


def _forget_last_step(person: Any) -> None:
    SecondFactor.objects.filter(user_id=person.id).update(last_step=0)


def _age_confirmation(person: Any) -> None:
    long_ago = clock.now() - timedelta(minutes=10)
    OfficeSession.objects.filter(user_id=person.id).update(confirmed_at=long_ago)
