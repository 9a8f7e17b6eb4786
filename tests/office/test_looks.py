"""How the office's pages look and are worked by keyboard, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from support.browser import INSTALL, IS_MISSING
from support.cast import Cast, Player

ALIGNED = "return getComputedStyle(arguments[0]).textAlign"

pytestmark = pytest.mark.skipif(
    IS_MISSING, reason=f"The office is not looked at in a browser: {INSTALL}"
)


def _wait_for(browser: Any, selector: str) -> Any:
    return WebDriverWait(browser, 20).until(
        lambda _: browser.find_elements(By.CSS_SELECTOR, selector)
    )[0]


def test_amounts_stand_below_each_other_at_the_end_of_their_column(
    desk: Any, cast: Cast, fill: Callable[[Player, str], None]
) -> None:
    fill(cast.anna, "1000.00")
    browser = desk("wallet/transfer/")
    for cell in ("thead .column-sum .text", "tbody .field-sum"):
        found = browser.find_element(By.CSS_SELECTOR, f"#result_list {cell}")
        assert browser.execute_script(ALIGNED, found) == "end"
    date = browser.find_element(By.CSS_SELECTOR, "#result_list tbody .field-when")
    assert browser.execute_script(ALIGNED, date) != "end"
    browser = desk(f"members/member/{cast.anna.id}/")
    balances = browser.find_element(By.CSS_SELECTOR, "dl.figures dd")
    assert browser.execute_script(ALIGNED, balances) == "end"


def test_a_refused_form_leads_the_keyboard_to_the_field_that_is_wrong(
    desk: Any, cast: Cast
) -> None:
    browser = desk(f"members/member/{cast.anna.id}/credit/")
    browser.find_element(By.NAME, "amount").send_keys("lots", Keys.ENTER)
    summary = _wait_for(browser, ".errornote")
    assert browser.title.startswith("Error: ")
    assert browser.switch_to.active_element == summary
    assert "Nothing was changed. What you typed is still here." in summary.text
    summary.find_element(By.LINK_TEXT, "Amount").send_keys(Keys.ENTER)
    field = browser.switch_to.active_element
    assert field.get_attribute("name") == "amount"
    assert field.get_attribute("value") == "lots"
    assert field.get_attribute("aria-invalid") == "true"
    told = field.get_attribute("aria-describedby").split()
    assert any("59.90" in browser.find_element(By.ID, each).text for each in told)


def test_an_empty_list_says_what_will_appear_in_it(desk: Any) -> None:
    browser = desk("orders/order/?q=no-such-order")
    assert browser.find_element(By.CSS_SELECTOR, ".nothing").text.startswith("Nothing in this list")
    browser.find_element(By.LINK_TEXT, "Show the whole list").click()
    WebDriverWait(browser, 20).until(
        lambda _: not browser.find_elements(By.CSS_SELECTOR, ".nothing")
    )
    browser = desk("mailings/mail/?q=no-such-mail")
    assert not browser.find_elements(By.CSS_SELECTOR, ".actions")


def test_the_first_tab_leads_past_the_menu(desk: Any) -> None:
    browser = desk("orders/order/")
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    first = browser.switch_to.active_element
    assert first.text == "Skip to main content"
    first.send_keys(Keys.ENTER)
    assert browser.switch_to.active_element.get_attribute("id") == "content-start"


def test_the_menu_is_there_without_scripts(desk: Any) -> None:
    browser = desk("orders/order/")
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.refresh()
    assert browser.find_element(By.CSS_SELECTOR, "#nav-sidebar a").is_displayed()
