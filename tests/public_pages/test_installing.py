"""The pages can be installed like an app, and what is shown without a network is one page that
knows of nobody."""

import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from PIL import Image
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from support.browser import INSTALL, IS_MISSING, look_through
from support.cast import Cast
from support.installation import PASSWORD, Installation, free_port, stop_group
from upline.design import marks

KEPT = """
const done = arguments[arguments.length - 1];
(async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) {
      found.push(new URL(request.url).pathname);
    }
  }
  done(found);
})();
"""
READY = """
const done = arguments[arguments.length - 1];
navigator.serviceWorker.ready.then(() => done(true));
"""


def get(installation: Installation, path: str) -> httpx.Response:
    return httpx.get(installation.base_url + path, timeout=30)


def test_the_manifest_names_the_company_and_its_icons(installation: Installation) -> None:
    answer = get(installation, "/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    said = answer.json()
    assert (said["name"], said["start_url"], said["display"]) == ("Acme", "/home/", "standalone")
    purposes = {(each["sizes"], each["purpose"]) for each in said["icons"]}
    assert purposes == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    for each in said["icons"]:
        icon = get(installation, each["src"])
        assert icon.headers["Cache-Control"].endswith("immutable")
        image = Image.open(io.BytesIO(icon.content))
        assert "x".join(map(str, image.size)) == each["sizes"]
        is_whole = image.convert("RGBA").getpixel((0, 0))[3] == 255  # type: ignore[index]
        assert is_whole == (each["purpose"] == "maskable")


def test_every_page_names_the_icons(installation: Installation) -> None:
    for path in ("/", "/sign-in/", "/offline/"):
        page = get(installation, path).text
        assert '<link rel="manifest" href="/manifest.webmanifest">' in page
        for rel, side in {"icon": 48, "apple-touch-icon": 180}.items():
            address = re.search(rf'<link rel="{rel}"[^>]* href="([^"]+)"', page)
            assert address, rel
            image = Image.open(io.BytesIO(get(installation, address[1]).content))
            assert image.size == (side, side)


def test_an_icon_of_another_day_is_not_kept_and_another_name_is_not_found(
    installation: Installation,
) -> None:
    old = get(installation, "/icons/0123456789abcdef/icon-192.png")
    assert (old.status_code, old.headers["Cache-Control"]) == (200, "no-store")
    assert get(installation, "/icons/0123456789abcdef/icon-193.png").status_code == 404


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Acme", "A"), ("Tillwater Home", "TH"), ("Šárka & Synové", "SS"), ("شركة النور", "SA"),
     ("स्वास्थ्य", "S"), ("!!!", "U")],
)  # fmt: skip
def test_a_mark_has_the_initials_in_latin_letters(name: str, letters: str) -> None:
    found = marks.initials(name)
    assert len(found) == len(letters)
    assert found.isascii()
    assert found[0] == letters[0] or not name.isascii()
    assert len(marks.mark(name, "#ffff00", "icon-192.png").text) > 500


def test_the_worker_keeps_nothing_but_the_offline_page_and_its_looks(
    installation: Installation,
) -> None:
    answer = get(installation, "/worker.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    kept = json.loads(re.search(r"^const KEPT = (\[.*\]);$", answer.text, re.M)[1])  # type: ignore[index]
    assert kept[0] == "/offline/"
    assert all(re.fullmatch(r"/design/[0-9a-f]{16}/[a-z.]+", each) for each in kept[1:])
    # The one place that writes into a cache.
    assert answer.text.count("addAll") == 1
    assert ".put(" not in answer.text
    assert ".add(" not in answer.text
    offline = get(installation, "/offline/")
    assert "Set-Cookie" not in offline.headers
    assert "<form" not in offline.text


@pytest.fixture
def own_server(installation: Installation) -> Iterator[tuple[str, Callable[[], None]]]:
    """A server that can be stopped: its address, and what stops it."""
    port = free_port()
    server = installation.start_server(port)
    yield f"http://127.0.0.1:{port}", lambda: stop_group(server)
    stop_group(server)


@pytest.mark.skipif(IS_MISSING, reason=f"No browser to be offline in: {INSTALL}")
def test_without_a_network_a_browser_shows_the_offline_page_and_has_kept_nothing_else(
    own_server: tuple[str, Callable[[], None]], browser: Any, cast: Cast
) -> None:
    base_url, stop = own_server
    look_through(browser, "phone")
    browser.set_script_timeout(60)
    browser.get(f"{base_url}/sign-in/")
    browser.find_element(By.NAME, "name").send_keys(cast.anna.username)
    browser.find_element(By.NAME, "password").send_keys(PASSWORD)
    browser.find_element(By.CSS_SELECTOR, "main button").click()
    WebDriverWait(browser, 20).until(lambda driver: driver.current_url.endswith("/home/"))
    assert browser.execute_async_script(READY)
    # Pages that go through the worker from now on.
    for path in ("/home/", "/earnings/", "/home/"):
        browser.get(base_url + path)
    kept = browser.execute_async_script(KEPT)
    assert "/offline/" in kept
    assert all(path == "/offline/" or path.startswith("/design/") for path in kept)
    stop()
    browser.get(f"{base_url}/home/")
    said = browser.find_element(By.TAG_NAME, "main").text
    assert "You are offline" in said
    assert cast.anna.username not in browser.page_source
