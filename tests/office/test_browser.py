"""Every page of the office in a real browser, on a desk and on a phone."""

import os
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from office.shelves import desks
from support.browser import INSTALL, IS_MISSING, WIDTHS, look_through
from support.installation import STAFF, STAFF_PASSWORD, Installation

# Set to a folder, each page is kept there as a picture, to be looked at.
PICTURES = os.environ.get("OFFICE_PICTURES")

# Tables of which a part is not seen.
CUT = """return [...document.querySelectorAll('.results, .scroll')]
    .filter(each => each.scrollWidth > each.clientWidth)
    .map(each => `a table is ${each.scrollWidth - each.clientWidth} pixels too wide`)"""
# Texts whose colour is too near to the one behind them, after WCAG 2.2, 1.4.3 (AA).
PALE = """
const rgb = colour => colour.match(/[\\d.]+/g).map(Number);
const over = (top, below) => top.slice(0, 3).map((c, i) => {
  const part = top[3] ?? 1; return c * part + below[i] * (1 - part); });
const behind = each => { if (!each) return [255, 255, 255];
  const own = rgb(getComputedStyle(each).backgroundColor);
  return own[3] === 0 ? behind(each.parentElement) : over(own, behind(each.parentElement)); };
const light = colour => colour.map(c => (c /= 255) <= 0.03928 ? c / 12.92
  : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const contrast = each => { const back = behind(each);
  const [low, high] = [light(over(rgb(getComputedStyle(each).color), back)), light(back)].sort(
    (a, b) => a - b); return (high + 0.05) / (low + 0.05); };
return [...document.querySelectorAll('body *')]
  .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.disabled
    && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .filter(each => contrast(each) < 4.5)
  .map(each => `${each.textContent.trim().slice(0, 30)}: ${contrast(each).toFixed(2)}`)"""

pytestmark = pytest.mark.skipif(
    IS_MISSING, reason=f"The office is not looked at in a browser: {INSTALL}"
)


def _pages(shelves: dict[str, int]) -> list[str]:
    """Every address of the office that can be opened: lists, things, and the form of every
    button."""

    found = [
        "",
        "account/",
        "account/confirm/",
        "account/second-factor/",
        "account/second-factor/off/",
        "password_change/",
        "company/company/",
    ]
    for model, desk in desks().items():
        shelf = f"{model._meta.app_label}/{model._meta.model_name}"
        if shelf == "company/company":
            continue
        found += [f"{shelf}/", f"{shelf}/{shelves[shelf]}/"]
        found += [f"{shelf}/{each.name}/" for each in desk.list_buttons]
        found += [f"{shelf}/{shelves[shelf]}/{each.name}/" for each in desk.buttons]
    return found


def test_every_page_fits_desk_and_phone_and_breaks_no_rule_of_its_policy(
    installation: Installation, browser: Any, shelves: dict[str, int]
) -> None:
    """Each page is opened on one of the two and looked at on both, with the first one in turn."""
    problems: list[str] = []
    widths = list(WIDTHS)
    browser.delete_all_cookies()
    for page in ("login/forgot/", "login/"):
        _look(browser, installation, page, widths, problems)
    _sign_in(browser)
    for page in _pages(shelves):
        widths.reverse()
        _look(browser, installation, page, widths, problems)
    _verify_now(browser, installation)
    _check(browser, "verify/", widths, problems)
    assert problems == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(
    installation: Installation, browser: Any, shelves: dict[str, int], colours: str
) -> None:
    look_through(browser, "desk")
    prefers = {"name": "prefers-color-scheme", "value": colours}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [prefers]})
    pale: dict[str, list[str]] = {}
    browser.delete_all_cookies()
    browser.get(f"{installation.base_url}/office/login/")
    pale["login"] = browser.execute_script(PALE)
    _sign_in(browser)
    order = f"orders/order/{shelves['orders/order']}/"
    run = f"commissions/run/{shelves['commissions/run']}/"
    for page in ("", "search/?q=anna", "orders/order/", order, run, "account/", "company/company/"):
        browser.get(f"{installation.base_url}/office/{page}")
        pale[page] = browser.execute_script(PALE)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert {page: texts for page, texts in pale.items() if texts} == {}


def test_on_a_phone_the_menu_opens_and_leads_on(installation: Installation, browser: Any) -> None:
    look_through(browser, "phone")
    browser.delete_all_cookies()
    browser.get(f"{installation.base_url}/office/login/")
    assert not browser.find_elements(By.ID, "phone-menu")
    _sign_in(browser)
    browser.get(f"{installation.base_url}/office/orders/order/")
    link = browser.find_element(By.CSS_SELECTOR, "#phone-menu a[href='/office/members/member/']")
    assert not link.is_displayed()
    browser.find_element(By.CSS_SELECTOR, "#phone-menu summary").click()
    link.click()
    WebDriverWait(browser, 20).until(lambda _: browser.title.startswith("Members"))


def _look(
    browser: Any, installation: Installation, page: str, widths: list[str], problems: list[str]
) -> None:
    look_through(browser, widths[0])
    browser.get(f"{installation.base_url}/office/{page}")
    _check(browser, page, widths, problems)


def _sign_in(browser: Any) -> None:
    browser.find_element(By.NAME, "username").send_keys(STAFF)
    browser.find_element(By.NAME, "password").send_keys(STAFF_PASSWORD)
    browser.find_element(By.CSS_SELECTOR, "#login-form [type=submit]").click()
    _wait_for(browser, ".tiles")


def _verify_now(browser: Any, installation: Installation) -> None:
    browser.get(f"{installation.base_url}/office/")
    browser.find_element(By.CSS_SELECTOR, ".verify button").click()
    _wait_for(browser, ".promises")
    assert "Everything is in order." in browser.page_source


def _wait_for(browser: Any, selector: str) -> None:
    WebDriverWait(browser, 20).until(lambda _: browser.find_elements(By.CSS_SELECTOR, selector))


def _check(browser: Any, page: str, widths: list[str], problems: list[str]) -> None:
    for width in widths:
        look_through(browser, width)
        _check_at(browser, page, width, problems)


def _check_at(browser: Any, page: str, width: str, problems: list[str]) -> None:
    problems += [
        f"{page} on a {width}: {entry['message']}"
        for entry in browser.get_log("browser")
        if entry["level"] != "DEBUG"  # hints to developers
    ]
    wide = browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        problems.append(f"{page} on a {width}: {wide} pixels too wide")
    problems += [f"{page} on a {width}: {cut}" for cut in browser.execute_script(CUT)]
    if not browser.title:
        problems.append(f"{page} on a {width}: no title")
    if PICTURES:
        _keep(browser, page, width)


def _keep(browser: Any, page: str, width: str) -> None:
    name = page.strip("/").replace("/", "_") or "index"
    browser.save_screenshot(str(Path(PICTURES or "") / f"{width}_{name}.png"))
