"""People at the office's door."""

import io
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from support.browser import look_through
from support.cast import Cast, Player
from support.installation import STAFF, STAFF_PASSWORD, Installation
from support.office import Visitor, hire_staff


@pytest.fixture
def nobody(installation: Installation) -> Visitor:
    """Somebody who has not signed in."""
    return Visitor(installation.base_url)


@pytest.fixture(scope="module")
def olga(installation: Installation) -> Visitor:
    """The superuser whom the company was founded with."""
    visitor = Visitor(installation.base_url)
    assert visitor.sign_in(STAFF, STAFF_PASSWORD).status_code == 302
    return visitor


@pytest.fixture
def staff(installation: Installation) -> Callable[..., Visitor]:
    """A staff user with only these permissions: `staff("members.view_member")`."""

    def hire(*permissions: str) -> Visitor:
        visitor = Visitor(installation.base_url)
        username = hire_staff(*permissions)
        assert visitor.sign_in(username, STAFF_PASSWORD).status_code == 302
        return visitor

    return hire


@pytest.fixture
def shelves(
    cast: Cast,
    fill: Callable[[Player, str], None],
    give_epin: Callable[..., str],
    product: Callable[[str], int],
    bring_to: Callable[..., str],
) -> dict[str, int]:
    """Something of everything that the office shows: the id of one thing for each list."""
    from office.shelves import stock

    return stock(cast, fill, give_epin, product, bring_to)


@pytest.fixture
def member_session(installation: Installation) -> Callable[[int], Visitor]:
    """A browser that somehow holds a session of a member, who is no staff user."""

    def make(user_id: int) -> Visitor:
        from django.conf import settings
        from django.contrib.auth import (
            BACKEND_SESSION_KEY,
            HASH_SESSION_KEY,
            SESSION_KEY,
        )
        from django.contrib.sessions.backends.db import SessionStore

        from upline.members.models import User
        from upline.members.security import sessions

        session = SessionStore()
        session[SESSION_KEY] = str(user_id)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = User.objects.get(pk=user_id).get_session_auth_hash()
        session.create()
        visitor = Visitor(installation.base_url)
        assert session.session_key
        sessions.begin(session.session_key, user_id, "", "127.0.0.1")
        visitor.http.cookies.set(settings.SESSION_COOKIE_NAME, session.session_key)
        return visitor

    return make


@pytest.fixture
def audited() -> Callable[..., dict[str, Any]]:
    """The one audit entry of an event since the test began: `audited("wallet.credited")`."""
    from upline.base.models import AuditEntry

    before = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0

    def entry(event: str, subject: str = "") -> dict[str, Any]:
        found = AuditEntry.objects.get(id__gt=before, event=event)
        assert not subject or found.subject == subject
        assert found.by_staff is not None, "who did it is recorded"
        assert found.address == "127.0.0.1"
        assert found.request_id
        return dict(found.facts)

    return entry


@pytest.fixture
def owners_hear() -> Callable[[], list[str]]:
    """What all owners have been mailed of changes of staff since the test began to act; the
    founder has an address for it."""
    from upline.mailings.models import Mail
    from upline.members.models import User

    address = "olga@example.com"
    User.objects.filter(username=STAFF).update(email=address)
    before = Mail.objects.order_by("-id").values_list("id", flat=True).first() or 0

    def heard() -> list[str]:
        found = Mail.objects.filter(
            id__gt=before, kind="staff_changed", to_address="olga@example.com"
        )
        return [sentence for each in found.order_by("id") for sentence in each.facts["what"]]

    return heard


@pytest.fixture
def run_member(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """`./upline member` as somebody whose password is typed: `run_member("correct", "anna", …)`."""

    def call(*words: str, by: str = STAFF) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{STAFF_PASSWORD}\n"))
        said = io.StringIO()
        why = ("--reason", "mistyped at signup")
        call_command("member", *words, "--as", by, *why, stdout=said)
        return said.getvalue()

    return call


@pytest.fixture
def desk(installation: Installation, browser: Any) -> Iterator[Any]:
    """A browser in which olga is signed in: `desk("orders/order/")` opens a page."""
    look_through(browser, "desk")
    browser.get(f"{installation.base_url}/office/login/")
    browser.delete_all_cookies()
    browser.get(f"{installation.base_url}/office/login/")
    browser.find_element(By.NAME, "username").send_keys(STAFF)
    browser.find_element(By.NAME, "password").send_keys(STAFF_PASSWORD, Keys.ENTER)
    WebDriverWait(browser, 20).until(lambda _: browser.find_elements(By.CSS_SELECTOR, ".tiles"))

    def go(page: str) -> Any:
        browser.get(f"{installation.base_url}/office/{page}")
        return browser

    yield go
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
