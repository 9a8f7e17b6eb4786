"""A NUL character, which the database takes nowhere: no page of the portal or of a link fails at
it, wherever it stands."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from django.urls import URLPattern, get_resolver

from portal.buying import fill_cart, review
from portal.conftest import Browser
from support.cast import Cast
from upline.portal import addresses

NUL = "a\0b"
_READS = re.compile(r"""(?:GET|POST|query|sent|chosen|typed)(?:\.get(?:list)?\(|\[)\s*"(\w+)\"""")
_SAME_EVERYWHERE = ("once", "place", "next")
PUBLIC = ("r/", "link/", "pictures/", "design/", "icons/")


def pages() -> Iterator[tuple[str, URLPattern]]:
    """Every page outside the API and the office, as the route that leads to it."""
    outer = [each for each in get_resolver().url_patterns if isinstance(each, URLPattern)]
    for each in (*addresses.urlpatterns, *outer):
        route = str(each.pattern).removeprefix("^").removesuffix("$")
        if each in addresses.urlpatterns or route.startswith(PUBLIC):
            yield route, each


def filled(route: str, said: str) -> str:
    """The address with this in each of its places."""
    route = re.sub(r"\(\?P<\w+>(?:[^()\[\]]|\[[^\]]*\])*\)", "<>", route).replace("\\", "")
    return "/" + re.sub(r"<[^>]*>", said, route)


def names_read(page: URLPattern) -> set[str]:
    """The parameters and fields that the module of a page reads by their names."""
    module = sys.modules[page.callback.__module__]
    assert module.__file__
    return {*_READS.findall(Path(module.__file__).read_text()), *_SAME_EVERYWHERE}


def send(browser: Browser, path: str, fields: dict[str, Any]) -> httpx.Response:
    token = browser.http.cookies.get("form", "")
    return browser.http.post(path, data={"csrfmiddlewaretoken": token, **fields})


def failed(answers: list[httpx.Response]) -> list[str]:
    return [f"{each.request.method} {each.url}" for each in answers if each.status_code >= 500]


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_no_address_fails_at_a_nul(cast: Cast, browser_of: Any, is_signed_in: bool) -> None:
    browser: Browser = browser_of(cast.anna if is_signed_in else None)
    browser.get("/sign-in/")
    answers = []
    for route, _ in pages():
        if (path := filled(route, quote(NUL))) != "/" + route:
            answers += [browser.get(path), send(browser, path, {})]
    assert len(answers) > 50
    assert failed(answers) == []
    assert {each.status_code for each in answers} == {404}


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_no_parameter_and_no_field_fails_at_a_nul(
    cast: Cast, browser_of: Any, is_signed_in: bool
) -> None:
    browser: Browser = browser_of(cast.anna if is_signed_in else None)
    if is_signed_in:
        fill_cart(browser)
    browser.get("/sign-in/")
    answers = []
    for route, page in pages():
        if route.startswith(("sign-out", *PUBLIC)):
            continue
        path = filled(filled(route, "1"), "1").lstrip("/")
        path = "/" + path.replace("join/1", f"join/{cast.anna.username}")
        for name in sorted(names_read(page)):
            answers.append(browser.get(path, params={name: NUL}))
            answers.append(send(browser, path, {name: NUL}))
        answers.append(send(browser, path, dict.fromkeys(names_read(page), NUL)))
    assert failed(answers) == []


def test_an_order_put_into_the_cart_again_and_a_purchase_do_not_fail_at_a_nul(
    cast: Cast, browser_of: Any
) -> None:
    browser: Browser = browser_of(cast.anna)
    review(browser, "wallet")
    answers = [
        send(browser, "/shop/cart/", {"do": "again", "order": NUL}),
        send(browser, "/shop/cart/", {"do": NUL}),
        send(browser, "/shop/checkout/", {"address": "1", "pay": "wallet", "seen": NUL}),
        send(browser, "/shop/checkout/", {"pay": "wallet", "transaction_password": NUL}),
        browser.get("/orders/", params={"before": NUL}),
    ]
    assert failed(answers) == []


@pytest.mark.parametrize("path", ["/home/", "/shop/", "/office/", "/join/{anna}/you/"])
def test_no_cookie_fails_at_a_nul(cast: Cast, browser_of: Any, path: str) -> None:
    names = ("portal", "device", "form", "office", "sessionid", "kept-form", "messages")
    of_anna = [f"{name}-{cast.anna.id}" for name in ("join", "join-key", "place")]
    for name in (*names, *of_anna):
        cookie = {"Cookie": f'{name}="a\\000b"'}
        answer = browser_of().get(path.format(anna=cast.anna.username), headers=cookie)
        assert answer.status_code < 500, name
