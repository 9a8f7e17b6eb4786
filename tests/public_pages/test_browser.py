"""The same pages, and the API's documentation, in a real browser on a phone and on a desk."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from public_pages.conftest import FRESH, Page
from support.browser import INSTALL, IS_MISSING, WIDTHS, look_through
from support.cast import Cast
from support.installation import PASSWORD, Installation
from upline.members import actions as members
from upline.members.models import LinkPurpose
from upline.orders import actions as orders
from upline.orders.models import OrderKind

# Set to a folder, each page is kept there as a picture, to be looked at.
PICTURES = os.environ.get("PORTAL_PICTURES")

pytestmark = pytest.mark.skipif(
    IS_MISSING, reason=f"The pages are not looked at in a browser: {INSTALL}"
)


@pytest.fixture(params=WIDTHS)
def window(request: pytest.FixtureRequest, browser: Any) -> Any:
    """The browser as wide as a phone or a desk."""
    look_through(browser, request.param)
    browser.get_log("browser")
    browser.label = request.param
    return browser


def look(window: Any, name: str) -> None:
    """Nothing is cut off, the browser has nothing to complain of, and a picture where asked."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        window.save_screenshot(f"{PICTURES}/{name}-{window.label}.png")
    too_wide = "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not window.execute_script(too_wide), f"{name} is wider than the {window.label}"


def complaints(window: Any, *expected: str) -> list[str]:
    """What the console says, but for what is expected."""
    said = [entry["message"] for entry in window.get_log("browser")]
    return [line for line in said if not any(word in line for word in expected)]


def text_of(window: Any) -> str:
    return str(window.find_element(By.TAG_NAME, "main").text)


def fill_in(window: Any, password: str, again: str) -> None:
    typed = {"login_password": PASSWORD, "password": password, "again": again}
    for name, value in typed.items():
        found = window.find_elements(By.NAME, name)
        if not found:
            continue  # the page of the login password does not ask for it
        field = found[0]
        field.clear()
        field.send_keys(value)
    press(window)


def press(window: Any) -> None:
    """Press the page's only button and wait for the next page."""
    before = window.find_element(By.TAG_NAME, "html")
    window.find_element(By.CSS_SELECTOR, "button").click()
    WebDriverWait(window, 20).until(
        lambda driver: driver.find_element(By.TAG_NAME, "html") != before
    )


@pytest.mark.parametrize("purpose", ["login_password", "transaction_password"])
def test_a_password_is_set_by_hand(
    purpose: str, window: Any, cast: Cast, link: Callable[..., Page]
) -> None:
    page = link(cast.ben, purpose)
    window.get(page.url)
    look(window, f"{purpose}-form")
    fill_in(window, FRESH, "another horse")
    assert "The two passwords do not match." in text_of(window)
    look(window, f"{purpose}-wrong")
    fill_in(window, FRESH, FRESH)
    assert "Your password has been changed." in text_of(window)
    look(window, f"{purpose}-done")
    window.get(page.url)
    assert "This link has already been used" in text_of(window)
    look(window, f"{purpose}-used")
    assert complaints(window, "404 (Not Found)", "username fields") == []


def test_an_address_is_confirmed_by_hand(
    window: Any, cast: Cast, link: Callable[..., Page]
) -> None:
    page = link(cast.ben, "confirm_email", f"{cast.ben.username}@example.com")
    window.get(page.url)
    look(window, "confirm_email")
    press(window)
    assert "Your e-mail address is confirmed." in text_of(window)
    assert complaints(window) == []


def test_the_front_page_leads_to_the_doors(window: Any, installation: Installation) -> None:
    window.get(installation.base_url)
    look(window, "front")
    assert "Welcome to Acme" in text_of(window)
    links = {each.get_attribute("href") for each in window.find_elements(By.TAG_NAME, "a")}
    doors = {f"{installation.base_url}/{path}" for path in ("sign-in/", "office/", "api/docs")}
    assert links == doors
    assert {httpx.get(link, follow_redirects=True).status_code for link in doors} == {200}
    assert complaints(window) == []


def test_a_page_that_is_not_there_says_so(window: Any, installation: Installation) -> None:
    window.get(f"{installation.base_url}/nothing/here")
    assert "Page not found" in text_of(window)
    look(window, "not_found")
    assert complaints(window, "404 (Not Found)") == []


def test_the_documentation_of_the_api_shows_every_call(
    window: Any, installation: Installation
) -> None:
    window.get(f"{installation.base_url}/api/docs")
    served = httpx.get(f"{installation.base_url}/api/openapi.json").json()
    calls = sum(len(methods) for methods in served["paths"].values())
    WebDriverWait(window, 30).until(
        lambda driver: len(driver.find_elements(By.CSS_SELECTOR, ".opblock")) == calls
    )
    if PICTURES:
        window.save_screenshot(f"{PICTURES}/docs-{window.label}.png")
    window.find_element(By.CSS_SELECTOR, ".opblock-post .opblock-summary-control").click()
    WebDriverWait(window, 30).until(
        lambda driver: driver.find_elements(By.CSS_SELECTOR, ".opblock-body")
    )
    assert complaints(window) == []


def test_an_order_is_shown_before_it_is_confirmed(
    window: Any, cast: Cast, installation: Installation
) -> None:
    address = {"name": "Anna Example", "address": "Dock 9", "zip_code": "53111", "city": "Bonn"}
    order = orders.make(
        cast.anna.id, OrderKind.CHECKOUT, [orders.LineToOrder("Soap", 2, 1250)], address=address
    )
    secret = members.make_link(cast.anna.id, LinkPurpose.CONFIRM_ORDER, about=order.number)
    window.get(f"{installation.base_url}/link/confirm-order/{secret}/")
    look(window, "confirm-order")
    assert "25.00 EUR" in text_of(window)
    assert "Dock 9" in text_of(window)
    assert complaints(window) == []
