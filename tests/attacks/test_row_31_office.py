"""Every address of the office, from Django's own list of them: closed to members, whatever they
hold, and to staff who have no right to it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from support.cast import Cast
from support.installation import STAFF, STAFF_PASSWORD, Installation
from support.office import Visitor, hire_staff
from upline.members.models import Member

# Pages that stand before the door.
OPEN = {"login/", "login/code/", "login/forgot/"}
# Pages of everybody who is inside.
OWN = {
    "", "account/", "account/confirm/", "account/language/", "account/own-member/",
    "account/recovery-codes/", "account/second-factor/",
    "account/second-factor/begin/", "account/second-factor/off/", "account/sign-out/",
    "account/sign-out-elsewhere/", "jsi18n/", "logout/", "password_change/",
    "password_change/done/", "search/",
}  # fmt: skip


def _addresses() -> list[str]:
    office = next(each for each in get_resolver().url_patterns if str(each.pattern) == "office/")
    assert isinstance(office, URLResolver)
    return sorted(set(_flat(office, "")))


def _flat(resolver: URLResolver, before: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield re.sub(r"<[^>]+>", "1", path)
        else:
            yield from _flat(each, path)


def _plain(path: str) -> str | None:
    """An address that can be asked for; patterns of regular expressions lead on to others."""
    return None if re.search(r"[\^$()?]", path) else path


ADDRESSES = [path for path in map(_plain, _addresses()) if path is not None]


def test_row_31_the_list_is_of_the_whole_office() -> None:
    assert len(ADDRESSES) > 80
    assert set(ADDRESSES) >= OPEN | OWN


def test_row_31_no_page_of_the_office_opens_to_a_member(
    cast: Cast, installation: Installation, nothing_changes: Callable[[], Any]
) -> None:
    headers = {
        "api_key": installation.api_key,
        "access_token": cast.anna.client.access_token,
        "Authorization": f"Bearer {cast.anna.client.access_token}",
    }
    cookies = {"office": cast.anna.client.access_token, "sessionid": "a" * 32}
    with (
        nothing_changes(),
        httpx.Client(
            base_url=f"{installation.base_url}/office",
            headers=headers,
            limits=httpx.Limits(max_keepalive_connections=0),
        ) as http,
    ):
        http.cookies.update(cookies)
        for path in ADDRESSES:
            if path in OPEN:
                continue
            got, posted = http.get(f"/{path}"), http.post(f"/{path}", data={"once": "x" * 20})
            assert got.status_code == 302, path
            leads_to = got.headers["Location"]
            assert leads_to.startswith("/office/login/") or path == "logout/", path
            assert posted.status_code == 403, f"{path}: without a token of a form"


def test_row_31_staff_without_rights_see_their_own_pages_and_no_other(
    installation: Installation, nothing_changes: Callable[[], Any]
) -> None:
    visitor = Visitor(installation.base_url)
    visitor.sign_in(hire_staff(), STAFF_PASSWORD)
    token = visitor.token()
    with nothing_changes():
        for path in ADDRESSES:
            if path in OPEN | OWN:
                continue
            for answer in (
                visitor.http.get(f"/{path}"),
                visitor.http.post(
                    f"/{path}", data={"csrfmiddlewaretoken": token, "once": "x" * 20}
                ),
            ):
                refused = answer.status_code in {403, 404, 405}
                leads_home = answer.headers.get("Location") == "/office/"
                assert refused or leads_home, f"{path}: {answer.status_code}"


@pytest.fixture
def olga(installation: Installation) -> Visitor:
    """The owner."""
    visitor = Visitor(installation.base_url)
    assert visitor.sign_in(STAFF, STAFF_PASSWORD).status_code == 302
    return visitor


@pytest.mark.parametrize("where", ["firstname", "address_line1", "city"])
def test_row_31_what_a_member_writes_is_text_in_the_office(
    where: str, cast: Cast, olga: Visitor
) -> None:
    Member.objects.filter(pk=cast.anna.id).update(**{where: "<script>alert(1)</script>"})
    page = olga.get(f"/members/member/{cast.anna.id}/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
