"""Every page of the portal in a real browser: on phone and desk, in light and dark."""

import os
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By

from support.approved_runs import approved_run
from support.axe import violations
from support.browser import INSTALL, IS_MISSING, look_through, next_page
from support.cast import Cast
from support.installation import PASSWORD, Installation

# Set to a folder, each page is kept there as a picture, to be looked at.
PICTURES = os.environ.get("PORTAL_PICTURES")
TOO_WIDE = "return document.documentElement.scrollWidth > document.documentElement.clientWidth"

pytestmark = pytest.mark.skipif(
    IS_MISSING, reason=f"The portal is not looked at in a browser: {INSTALL}"
)


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", ["phone", "desk"])
def test_a_member_signs_in_looks_and_signs_out(
    installation: Installation, browser: Any, cast: Cast, width: str, colours: str
) -> None:
    look_through(browser, width)
    prefers = {"name": "prefers-color-scheme", "value": colours}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [prefers]})
    browser.delete_all_cookies()
    browser.get(f"{installation.base_url}/home/")
    looked_at(browser, f"sign-in-{colours}-{width}")
    browser.find_element(By.NAME, "name").send_keys(cast.anna.username)
    browser.find_element(By.NAME, "password").send_keys("not this one")
    pressed(browser, "main button")
    assert browser.switch_to.active_element.get_attribute("class") == "problems"
    looked_at(browser, f"sign-in-wrong-{colours}-{width}")
    browser.find_element(By.NAME, "password").send_keys(PASSWORD)
    pressed(browser, "main button")
    assert "Hello Anna" in browser.find_element(By.TAG_NAME, "main").text
    looked_at(browser, f"home-{colours}-{width}")
    run = approved_run(cast.anna.id)
    for name, path in {"earnings": "/earnings/", "period": f"/earnings/{run}/"}.items():
        browser.get(f"{installation.base_url}{path}")
        for line in browser.find_elements(By.CSS_SELECTOR, "details.fold summary"):
            line.click()
        looked_at(browser, f"{name}-{colours}-{width}")
    browser.get(f"{installation.base_url}/me/")
    looked_at(browser, f"me-{colours}-{width}")
    pressed(browser, "form[action='/sign-out/'] button")
    assert browser.title.startswith("Sign in")
    assert not [line for line in browser.get_log("browser") if line["level"] == "SEVERE"]


def looked_at(browser: Any, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        browser.save_screenshot(f"{PICTURES}/{name}.png")
    assert violations(browser) == []
    assert not browser.execute_script(TOO_WIDE)


def pressed(browser: Any, button: str) -> None:
    with next_page(browser):
        browser.find_element(By.CSS_SELECTOR, button).click()
