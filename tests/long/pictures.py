"""A picture of every page of the portal, to be looked at, with contact sheets of twelve.

    ./upline test tests/long/pictures.py -s

It builds a demo company, or looks at the one that runs and whose demo.json DEMO_JSON names, signs
in as its people, and takes each page on a phone and on a desk, in light, in dark, and from right
to left. PICTURES names the folder, `var/pictures` otherwise. An address of the portal that is
neither in PAGES nor in LEFT_OUT fails the programme.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from PIL import Image, ImageDraw

from stories.conftest import Demo, built_database, demo
from stories.test_showroom import Passer
from support.browser import INSTALL, IS_MISSING, WIDTHS
from support.installation import ROOT
from upline.portal.addresses import urlpatterns

pytestmark = [
    pytest.mark.timeout(7200),
    pytest.mark.skipif(IS_MISSING, reason=f"No pictures are taken: {INSTALL}"),
]

FOLDER = Path(os.environ.get("PICTURES", ROOT / "var" / "pictures"))
MODES = ("light", "dark", "rtl")
TALLEST = 3000
# Of a contact sheet: how many in a row, and how large each is.
SHEETS = {"phone": (6, 300, 760), "desk": (4, 560, 620)}
OF_A_SHEET = 12
RTL = "document.documentElement.dir = 'rtl'"
HEIGHT = "return document.documentElement.scrollHeight"
# All pictures are there, also those that are far below.
LOADED = """
const done = arguments[arguments.length - 1];
const images = [...document.images];
for (const each of images) each.loading = "eager";
Promise.allSettled(images.map((each) => each.decode())).then(() => done());
"""


class Look(NamedTuple):
    """A page as somebody sees it: `path`, or the first link of that page that `link` matches."""

    who: str
    path: str
    link: str = ""


# By the name of the address, who looks at it.
PAGES: dict[str, list[Look]] = {
    "front": [Look("", "/")],
    "offline": [Look("", "/offline/")],
    "sign-in": [Look("", "/sign-in/")],
    "forgot": [Look("", "/sign-in/forgot/")],
    "home": [Look(who, "/home/") for who in ("anna", "marc", "lea")],
    "earnings": [Look("marc", "/earnings/"), Look("anna", "/earnings/")],
    "earnings-period": [Look("marc", "/earnings/", r"/earnings/\d+/")],
    "earnings-so-far": [Look("anna", "/earnings/so-far/"), Look("marc", "/earnings/so-far/")],
    "me": [Look("anna", "/me/")],
    "join": [Look("", "/join/anna/")],
    "join-pack": [Look("", "/join/anna/pack/")],
    "shop": [Look("lea", "/shop/"), Look("marc", "/shop/")],
    "product": [Look("lea", "/shop/", r"/shop/\d+/")],
    "cart": [Look("lea", "/shop/cart/"), Look("anna", "/shop/cart/")],
    "checkout": [Look("lea", "/shop/checkout/")],
    "checkout-address": [Look("lea", "/shop/checkout/address/")],
    "orders": [Look("lea", "/orders/"), Look("anna", "/orders/")],
    "order": [Look("lea", "/orders/", r"/orders/UP-[^/]+/")],
    "order-pay": [Look("lea", "/orders/", r"/orders/UP-[^/]+/pay/")],
    "tree": [Look("marc", "/tree/"), Look("anna", "/tree/")],
    "tree-sponsored": [Look("marc", "/tree/sponsored/")],
    "tree-place": [Look("marc", "/tree/", r"/tree/place/\?[^\"]+")],
    "money": [Look(who, "/money/") for who in ("anna", "marc", "lea")],
    "payout-request": [Look("anna", "/money/payout/"), Look("marc", "/money/payout/")],
    "payout": [Look("marc", "/money/", r"/money/payout/[^/]+/")],
    "bank": [Look("anna", "/money/bank/"), Look("marc", "/money/bank/")],
    "transaction-password": [Look("marc", "/money/password/")],
    "identity": [Look("anna", "/money/identity/")],
}
LEFT_OUT = {
    "sign-out": "a button",
    "earnings-paper": "a file",
    "money-file": "a file",
    "payout-cancel": "a button and its question",
    "transaction-password-link": "a button",
    "transaction-password-change": "asks for what the page before has asked",
    "join-you": "a step that needs the one before",
    "join-pay": "a step that needs the one before",
    "join-buy": "a step that needs the one before",
    "join-discard": "a button",
    "tree-find": "a part of the tree",
    "tree-branch": "a part of the tree",
    "tree-way": "a part of the tree",
}


@pytest.fixture(autouse=True)
def books_hold() -> None:
    """Nothing is changed."""


@pytest.fixture(scope="module")
def base_url(request: pytest.FixtureRequest) -> str:
    """Where the demo answers."""
    if file := os.environ.get("DEMO_JSON"):
        said: dict[str, Any] = json.loads(Path(file).read_text())
        return str(said["base_url"])
    built: Demo = request.getfixturevalue("demo")
    return built.base_url


def test_a_picture_of_every_page_is_taken(base_url: str, browser: Any) -> None:
    missing = set(_names(urlpatterns)) - set(PAGES) - set(LEFT_OUT)
    assert not missing, f"Addresses of the portal without a picture: {sorted(missing)}"
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    troubles = []
    for who in sorted({look.who for looks in PAGES.values() for look in looks}):
        visitor = Passer(base_url)
        if who:
            visitor.click(who)
        browser.get(f"{base_url}/offline/")
        browser.delete_all_cookies()
        for cookie in visitor.http.cookies.jar:
            browser.add_cookie({"name": cookie.name, "value": cookie.value, "path": "/"})
        for name, path in _pages_of(who, visitor.http):
            status = visitor.http.get(path).status_code if path else 0
            if status != httpx.codes.OK:
                troubles.append(f"{name} {who}: {status or 'no link to it was found'}")
                continue
            _take(browser, base_url + path, f"{name}-{who}" if who else name)
    count = len(list(FOLDER.glob("*.png")))
    sheets = [sheet for size in WIDTHS for mode in MODES for sheet in _contact_sheets(size, mode)]
    print(
        f"\n{count} pictures are in {FOLDER}; look at",
        *sheets,
        sep="\n  ",
    )
    assert not troubles, troubles


def _names(patterns: Iterable[Any]) -> Iterator[str]:
    """The names of all addresses, also of those that are included."""
    for each in patterns:
        if hasattr(each, "url_patterns"):
            yield from _names(each.url_patterns)
        else:
            yield from [each.name] if each.name else []


def _pages_of(who: str, http: httpx.Client) -> Iterator[tuple[str, str]]:
    """The pages that somebody looks at: a name for the picture, and the path."""
    for name, looks in PAGES.items():
        for number, look in enumerate(each for each in looks if each.who == who):
            path = look.path
            if look.link:
                found = re.search(rf'href="({look.link})"', http.get(look.path).text)
                path = unescape(found[1]) if found else ""
            yield f"{name}-{number}" if number else name, path


def _take(browser: Any, url: str, name: str) -> None:
    for size, (across, down) in WIDTHS.items():
        for mode in MODES:
            prefers = {
                "name": "prefers-color-scheme",
                "value": "dark" if mode == "dark" else "light",
            }
            still = {"name": "prefers-reduced-motion", "value": "reduce"}
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [prefers, still]})
            _be(browser, across, down, size)
            browser.get(url)
            if mode == "rtl":
                browser.execute_script(RTL)
            _be(browser, across, min(max(browser.execute_script(HEIGHT), down), TALLEST), size)
            browser.execute_async_script(LOADED)
            browser.save_screenshot(str(FOLDER / f"{size}-{mode}-{name}.png"))


def _be(browser: Any, across: int, down: int, size: str) -> None:
    metrics = {"width": across, "height": down, "deviceScaleFactor": 1, "mobile": size == "phone"}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def _contact_sheets(size: str, mode: str) -> Iterator[Path]:
    """Twelve pictures each, with their names."""
    in_a_row, across, down = SHEETS[size]
    pictures = sorted(FOLDER.glob(f"{size}-{mode}-*.png"))
    for number, first in enumerate(range(0, len(pictures), OF_A_SHEET), 1):
        shown = pictures[first : first + OF_A_SHEET]
        rows = -(-len(shown) // in_a_row)
        sheet = Image.new("RGB", (in_a_row * (across + 12), rows * (down + 30)), "#888888")
        draw = ImageDraw.Draw(sheet)
        for index, each in enumerate(shown):
            picture = Image.open(each).convert("RGB")
            small = picture.resize((across, round(picture.height * across / picture.width)))
            left, top = index % in_a_row * (across + 12), index // in_a_row * (down + 30)
            sheet.paste(small.crop((0, 0, across, min(small.height, down))), (left, top + 22))
            draw.text((left + 4, top + 5), each.stem, fill="#ffffff")
        target = FOLDER / f"sheet-{size}-{mode}-{number}.png"
        sheet.save(target)
        yield target


__all__ = ["built_database", "demo"]  # fixtures
