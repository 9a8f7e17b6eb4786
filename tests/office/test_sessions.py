"""Sessions of the office: how long they last, and how they end."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from support.installation import STAFF_PASSWORD, Installation, free_port, stop_group
from support.office import Visitor, hire_staff
from upline.base import sql
from upline.flows import retention
from upline.members.models import OfficeSession

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def two(installation: Installation) -> tuple[Visitor, Visitor]:
    """One person in two browsers, the second of them a Firefox."""
    username, found = hire_staff(), (Visitor(installation.base_url), Visitor(installation.base_url))
    found[1].http.headers["User-Agent"] = FIREFOX
    for visitor in found:
        visitor.sign_in(username, STAFF_PASSWORD)
    return found


@pytest.fixture
def other_server(installation: Installation) -> Iterator[str]:
    """The address of another web process on the same database."""
    port = free_port()
    process = installation.start_server(port)
    yield f"http://127.0.0.1:{port}/office/"
    stop_group(process)


def _is_inside(visitor: Visitor) -> bool:
    return visitor.http.get("/").status_code == 200


def _age(visitors: tuple[Visitor, ...], column: str, minutes: float) -> None:
    keys = [each.http.cookies["office"] for each in visitors]
    sql.run(
        f"""UPDATE members_officesession SET {column} = {column} - %s * interval '1 minute'
            WHERE session_id = ANY(%s)""",
        [minutes, keys],
    )


def test_the_list_shows_browser_address_and_which_is_this_one(
    two: tuple[Visitor, Visitor],
) -> None:
    here, _ = two
    page = here.get("/account/").text
    items = re.findall(r"<li>\s*<div><strong>(.*?)</li>", page, re.DOTALL)
    assert len(items) == 2
    this, other = sorted(items, key=lambda each: "this browser" not in each)
    assert "python-httpx" in this
    assert "this browser" in this
    assert "Sign out" not in this
    assert "Firefox on Windows" in other
    assert "127.0.0.1" in other
    assert "this browser" not in other
    keys = [each.http.cookies["office"] for each in two]
    assert not any(key in page for key in keys)


def test_signing_one_browser_out_ends_it_at_once_on_every_web_process(
    two: tuple[Visitor, Visitor], other_server: str, audited: Callable[..., dict[str, Any]]
) -> None:
    here, there = two
    cookies = {"office": there.http.cookies["office"]}
    assert httpx.get(other_server, cookies=cookies).status_code == 200
    number = re.findall(r'name="session" value="(\d+)"', here.get("/account/").text)[0]
    here.post("/account/sign-out/", here.open("/account/") | {"session": number})
    audited("staff.sign_out_of")
    assert httpx.get(other_server, cookies=cookies).status_code == 302
    assert not _is_inside(there)
    assert _is_inside(here)


def test_signing_out_everywhere_else_leaves_this_one(two: tuple[Visitor, Visitor]) -> None:
    here, there = two
    here.post("/account/sign-out-elsewhere/", here.open("/account/"))
    assert _is_inside(here)
    assert not _is_inside(there)


def test_nobody_signs_out_somebody_else(two: tuple[Visitor, Visitor], olga: Visitor) -> None:
    newest = OfficeSession.objects.latest("id").pk
    olga.post("/account/sign-out/", olga.open("/account/") | {"session": str(newest)})
    assert all(_is_inside(each) for each in two)


def test_a_session_ends_when_it_was_idle_for_too_long(
    two: tuple[Visitor, Visitor], office_sets: Callable[..., None]
) -> None:
    here, there = two
    office_sets(office_idle_minutes=30)
    _age(two, "last_seen_at", 29.9)
    assert _is_inside(here), "and is seen by that"
    _age(two, "last_seen_at", 29.9)
    assert _is_inside(here)
    assert not _is_inside(there)
    assert there.http.get("/account/").headers["Location"].startswith("/office/login/?next=")


def test_a_session_ends_after_twelve_hours_whatever_happens(two: tuple[Visitor, Visitor]) -> None:
    here, _ = two
    _age(two, "signed_in_at", 12 * 60 - 1)
    assert _is_inside(here)
    _age(two, "signed_in_at", 1)
    assert not _is_inside(here)


def test_signing_in_gives_a_fresh_key_and_ends_the_one_before(
    two: tuple[Visitor, Visitor], installation: Installation
) -> None:
    here, _ = two
    before = here.http.cookies["office"]
    fixed = Visitor(installation.base_url)
    fixed.http.cookies.set("office", "a" * 32)
    fixed.sign_in(hire_staff(), STAFF_PASSWORD)
    assert httpx.get(
        f"{installation.base_url}/office/", cookies={"office": "a" * 32}
    ).status_code == 302, "a key that somebody else chose is not taken"  # fmt: skip
    username = re.search(r'id="user-tools">.*?<strong>([^<]+)', here.get("/").text, re.DOTALL)
    assert username
    here.post(
        "/login/", here.open("/account/") | {"username": username[1], "password": STAFF_PASSWORD}
    )
    assert here.http.cookies["office"] != before
    old = httpx.get(f"{installation.base_url}/office/", cookies={"office": before})
    assert old.status_code == 302


def test_a_password_change_ends_the_other_sessions(two: tuple[Visitor, Visitor]) -> None:
    here, there = two
    new = "a quite different password"
    here.send(
        "/password_change/", old_password=STAFF_PASSWORD, new_password1=new, new_password2=new
    )
    assert _is_inside(here)
    assert not _is_inside(there)
    assert "Sign out everywhere else" not in here.get("/account/").text


def test_what_expired_is_forgotten(two: tuple[Visitor, Visitor]) -> None:
    keys = [each.http.cookies["office"] for each in two]
    sql.run("UPDATE django_session SET expire_date = now() WHERE session_key = ANY(%s)", [keys])
    retention.clean_up()
    assert not OfficeSession.objects.filter(session_id__in=keys).exists()


def test_cookies_are_this_hosts_alone_and_no_scripts_business(installation: Installation) -> None:
    answer = httpx.get(f"{installation.base_url}/office/login/")
    for cookie in answer.headers.get_list("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_with_https_the_cookies_have_the_prefix_that_binds_them_to_the_host(
    installation: Installation,
) -> None:
    port = free_port()
    server = installation.start_server(port, UPLINE_BASE_URL="https://office.example.com")
    try:
        visitor = Visitor(f"http://127.0.0.1:{port}")
        page = visitor.get("/login/")
        form = next(each for each in page.headers.get_list("Set-Cookie") if "__Host-form" in each)
        assert "Secure" in form
    finally:
        stop_group(server)
