"""Signing in with a second factor in a real browser, by keyboard alone, in light and dark."""

from typing import Any

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from support.browser import INSTALL, IS_MISSING, WIDTHS, look_through
from support.installation import STAFF_PASSWORD, Installation
from support.office import hire_staff
from support.second_factors import App, secret_on

pytestmark = pytest.mark.skipif(
    IS_MISSING, reason=f"The office is not looked at in a browser: {INSTALL}"
)


class Typist:
    """Somebody who has a keyboard and no mouse."""

    def __init__(self, browser: Any, base_url: str) -> None:
        self.browser, self.base_url = browser, base_url
        self.problems: list[str] = []

    def open(self, path: str, heading: str) -> None:
        self.browser.get(f"{self.base_url}/office/{path}")
        self.await_heading(heading)

    def await_heading(self, heading: str) -> None:
        """Wait for a page, and look it over."""
        WebDriverWait(self.browser, 20, ignored_exceptions=[WebDriverException]).until(
            lambda found: heading in found.find_element(By.ID, "content").text
        )
        wide = "return document.documentElement.scrollWidth - window.innerWidth"
        if self.browser.execute_script(wide) > 0:
            self.problems.append(f"{heading}: too wide")
        self.problems += [
            f"{heading}: {entry['message']}"
            for entry in self.browser.get_log("browser")
            if entry["level"] != "DEBUG"
        ]

    def type(self, *keys: str) -> None:
        for each in keys:
            ActionChains(self.browser).send_keys(each).perform()

    def go_to(self, label: str) -> None:
        """Press Tab until what has the focus is called this, and is seen to have it."""
        for _ in range(60):
            focused = self.browser.switch_to.active_element
            if label in (focused.text, focused.accessible_name):
                assert focused.value_of_css_property("outline-style") != "none", label
                return
            self.type(Keys.TAB)
        raise AssertionError(f"Tab never comes to {label}")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_second_factor_is_set_up_and_used_by_keyboard_alone(
    width: str, installation: Installation, browser: Any
) -> None:
    username = hire_staff()
    look_through(browser, width)
    typist = Typist(browser, installation.base_url)
    browser.delete_all_cookies()
    typist.open("account/", "The office is for staff.")
    typist.type(username, Keys.TAB, STAFF_PASSWORD, Keys.ENTER)
    typist.await_heading("Your account")
    typist.go_to("Set up a second factor")
    typist.type(Keys.ENTER)
    typist.await_heading("authenticator app on your phone")
    typist.go_to("Set up")
    typist.type(Keys.ENTER)
    typist.await_heading("Scan this with your authenticator app")
    app = App(secret_on(browser.page_source))
    typist.go_to("Code from your app")
    typist.type(app.code(), Keys.ENTER)
    typist.await_heading("They are not shown again.")

    browser.delete_all_cookies()
    typist.open("", "The office is for staff.")
    typist.type(username, Keys.TAB, STAFF_PASSWORD, Keys.ENTER)
    typist.await_heading("Enter your code")
    typist.type(app.code(), Keys.ENTER)
    typist.await_heading("Today")
    assert typist.problems == []
