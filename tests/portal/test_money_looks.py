"""The pages about money in a real browser: on phone and desk, in light and dark."""

from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.by import By

from portal.test_pages import looked_at, pressed
from support.browser import INSTALL, IS_MISSING, look_through
from support.cast import Cast
from support.installation import PASSWORD, TRANSACTION_PASSWORD, Installation
from support.moves import pay_in, tell_bank

pytestmark = pytest.mark.skipif(
    IS_MISSING, reason=f"The portal is not looked at in a browser: {INSTALL}"
)


def typed(browser: Any, **fields: str) -> None:
    for name, text in fields.items():
        browser.find_element(By.NAME, name).send_keys(text)


@pytest.mark.parametrize(("width", "colours"), [("phone", "light"), ("desk", "dark")])
def test_money_is_looked_at_asked_for_and_seen_on_its_way(
    installation: Installation,
    browser: Any,
    cast: Cast,
    fill: Callable[..., None],
    bring_to: Callable[..., str],
    office_sets: Callable[..., None],
    width: str,
    colours: str,
) -> None:
    def opened(path: str, name: str) -> None:
        browser.get(f"{installation.base_url}{path}")
        looked_at(browser, f"money-{name}-{colours}-{width}")

    look_through(browser, width)
    prefers = {"name": "prefers-color-scheme", "value": colours}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [prefers]})
    browser.delete_all_cookies()
    browser.get(f"{installation.base_url}/money/")
    typed(browser, name=cast.anna.username, password=PASSWORD)
    pressed(browser, "main button")
    looked_at(browser, f"money-empty-{colours}-{width}")
    opened("/money/payout/", "not-now")
    opened("/money/bank/", "bank-none")
    fill(cast.anna, "1234.50")
    tell_bank(cast.anna)
    pay_in(cast.anna, "30.00")
    returned = bring_to(cast.anna, "returned", "20.00")
    opened(f"/money/payout/{returned}/", "returned")
    opened("/money/payout/?amount=1e3", "amount-wrong")
    assert browser.switch_to.active_element.get_attribute("class") == "problems"
    opened("/money/payout/?amount=150.25", "preview")
    typed(browser, transaction_password=TRANSACTION_PASSWORD)
    pressed(browser, "main form button")
    looked_at(browser, f"money-payout-{colours}-{width}")
    opened("/money/", "full")
    browser.execute_script("document.documentElement.dir='rtl'")
    looked_at(browser, f"money-rtl-{colours}-{width}")
    opened(f"{browser.find_element(By.CSS_SELECTOR, '.beside a.row').get_attribute('href')}"
           .removeprefix(installation.base_url) + "cancel/", "cancel")  # fmt: skip
    opened("/money/bank/", "bank")
    typed(browser, account_number="AT61 1904 3002 3457 3201", bank_name="Erste Bank")
    pressed(browser, "main form button")
    looked_at(browser, f"money-bank-preview-{colours}-{width}")
    opened("/money/password/", "password")
    office_sets(kyc_needed_for=["payout"])
    opened("/money/identity/", "identity")
    assert not [line for line in browser.get_log("browser") if line["level"] == "SEVERE"]
