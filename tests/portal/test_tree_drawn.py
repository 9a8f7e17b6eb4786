"""The drawn tree in a real browser: worked by keys, searched, and a list for readers."""

from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from portal.test_pages import looked_at
from support.browser import INSTALL, IS_MISSING, look_through
from support.cast import Cast, Player, enrol, unique
from support.installation import PASSWORD, Installation

pytestmark = pytest.mark.skipif(IS_MISSING, reason=f"Not looked at in a browser: {INSTALL}")

Drawn = Callable[..., Any]
PANEL = "[data-panel]"


@pytest.fixture
def drawn(installation: Installation, browser: Any) -> Drawn:
    """`drawn(cast.anna)` is Anna's tree once it has been drawn."""

    def show(
        player: Player, path: str = "/tree/", width: str = "desk", colours: str = "light"
    ) -> Any:
        look_through(browser, width)
        prefers = [{"name": "prefers-color-scheme", "value": colours},
                   {"name": "prefers-reduced-motion", "value": "reduce"}]  # fmt: skip
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": prefers})
        browser.delete_all_cookies()
        browser.get(f"{installation.base_url}/sign-in/?next={path}")
        browser.find_element(By.NAME, "name").send_keys(player.username)
        browser.find_element(By.NAME, "password").send_keys(PASSWORD, Keys.ENTER)
        until(browser, "return document.querySelector('[data-tree]')?.drawn > 0")
        return browser

    return show


def until(browser: Any, script: str) -> None:
    WebDriverWait(browser, 20).until(lambda driver: driver.execute_script(script))


def press(browser: Any, *keys: str) -> None:
    browser.find_element(By.CSS_SELECTOR, "[data-tree] canvas").send_keys(*keys)


def told(browser: Any, text: str) -> None:
    """The panel, which is read out, says this."""
    WebDriverWait(browser, 20).until(
        lambda driver: text in driver.find_element(By.CSS_SELECTOR, PANEL).text
    )


def focused(browser: Any) -> str:
    return str(browser.find_element(By.CSS_SELECTOR, f"{PANEL} strong").text)


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", ["phone", "desk"])
def test_the_page_can_be_used_by_everybody(
    cast: Cast, drawn: Drawn, width: str, colours: str
) -> None:
    browser = drawn(cast.anna, width=width, colours=colours)
    looked_at(browser, f"tree-{colours}-{width}")
    browser.find_element(By.CSS_SELECTOR, "[data-list] summary").click()
    looked_at(browser, f"tree-list-{colours}-{width}")
    assert not [line for line in browser.get_log("browser") if line["level"] == "SEVERE"]


def test_keys_move_open_and_enrol(cast: Cast, drawn: Drawn) -> None:
    gina = unique("gina")
    enrol(cast.dan.username, gina, cast.dan.username, "L")
    browser = drawn(cast.anna)
    press(browser, Keys.ARROW_DOWN)
    told(browser, "Ben")
    press(browser, Keys.ARROW_RIGHT)
    told(browser, "Cleo")
    press(browser, Keys.ARROW_LEFT, Keys.ARROW_DOWN)
    told(browser, "Dan")
    assert not browser.find_elements(By.PARTIAL_LINK_TEXT, gina.title())
    press(browser, Keys.ENTER)
    until(browser, "return document.querySelector('[data-tree]').drawn > 7")
    press(browser, Keys.ARROW_DOWN)
    told(browser, gina.title())
    press(browser, Keys.ARROW_RIGHT)
    told(browser, "Free on the right")
    press(browser, Keys.ENTER)
    WebDriverWait(browser, 20).until(lambda driver: "/tree/place/" in driver.current_url)
    assert (
        f"right below {cast.dan.username} is free" in browser.find_element(By.TAG_NAME, "h1").text
    )
    looked_at(browser, "tree-place")


def test_a_search_flies_to_whom_it_names_and_fetches_only_the_way(cast: Cast, drawn: Drawn) -> None:
    above = cast.dan.username
    for _ in range(5):
        below = unique("flown")
        enrol(above, below, above, "L")
        above = below
    browser = drawn(cast.anna)
    browser.find_element(By.NAME, "q").send_keys(above, Keys.ENTER)
    told(browser, above.title())
    assert browser.current_url.endswith("/tree/"), "nobody left the page"
    browser.find_element(By.NAME, "q").clear()
    browser.find_element(By.NAME, "q").send_keys("flown", Keys.ENTER)
    told(browser, "Several people")
    browser.find_element(By.CSS_SELECTOR, f"{PANEL} li button").click()
    told(browser, "Flown")
    browser.find_element(By.NAME, "q").clear()
    browser.find_element(By.NAME, "q").send_keys(cast.erik.username, Keys.ENTER)
    told(browser, "Nobody in your team")


def test_it_is_the_list_where_the_drawing_cannot_be_fetched(cast: Cast, drawn: Drawn) -> None:
    browser = drawn(cast.anna)
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/tree/branch/*"]})
    try:
        browser.refresh()
        until(browser, "return document.querySelector('[data-list]').open")
        assert not browser.find_element(By.CSS_SELECTOR, "[data-tree]").is_displayed()
        assert cast.ben.username in browser.find_element(By.CSS_SELECTOR, ".branch").get_attribute(
            "innerHTML"
        )
    finally:
        browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
