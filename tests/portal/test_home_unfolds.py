"""In a real browser: the eye hides all amounts on all pages, and the hero amount unfolds."""

from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from portal.test_pages import looked_at, pressed
from support.approved_runs import earning_so_far
from support.browser import INSTALL, IS_MISSING, look_through
from support.cast import Cast
from support.installation import PASSWORD, Installation

pytestmark = pytest.mark.skipif(
    IS_MISSING, reason=f"The portal is not looked at in a browser: {INSTALL}"
)


def test_the_eye_hides_amounts_here_and_on_the_next_page(
    installation: Installation, browser: Any, cast: Cast, fill: Any
) -> None:
    fill(cast.anna, "77.00")
    earning_so_far(cast.anna.id, 4_654)
    signed_in(browser, installation, cast)
    amount = browser.find_element(By.CSS_SELECTOR, ".amount.hero")
    assert "46.54" in amount.text.replace("\n", "")
    eye = browser.find_element(By.CSS_SELECTOR, "button.eye")
    eye.click()
    assert eye.get_attribute("aria-pressed") == "true"
    assert not amount.text.strip()
    browser.get(f"{installation.base_url}/money/")
    assert "77.00" not in browser.find_element(By.TAG_NAME, "main").text
    browser.get(f"{installation.base_url}/home/")
    looked_at(browser, "home-hidden")
    browser.find_element(By.CSS_SELECTOR, "button.eye").click()
    assert "46.54" in browser.find_element(By.CSS_SELECTOR, ".amount.hero").text


def test_the_hero_amount_opens_into_its_sum_below(
    installation: Installation, browser: Any, cast: Cast
) -> None:
    earning_so_far(cast.anna.id, 4_654)
    signed_in(browser, installation, cast)
    link = browser.find_element(By.CSS_SELECTOR, "a[data-unfolds]")
    assert link.get_attribute("aria-expanded") == "false"
    link.click()
    WebDriverWait(browser, 60).until(
        lambda _: link.get_attribute("aria-expanded") == "true" or "so-far" in browser.current_url
    )
    assert "so-far" not in browser.current_url
    assert browser.find_element(By.ID, "sum").is_displayed()
    looked_at(browser, "home-unfolded")


def signed_in(browser: Any, installation: Installation, cast: Cast) -> None:
    look_through(browser, "phone")
    browser.delete_all_cookies()
    browser.get(f"{installation.base_url}/sign-in/")
    browser.find_element(By.NAME, "name").send_keys(cast.anna.username)
    browser.find_element(By.NAME, "password").send_keys(PASSWORD)
    pressed(browser, "main button")
