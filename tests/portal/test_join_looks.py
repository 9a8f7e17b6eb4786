"""Joining in a real browser, on a slow phone: everybody can use each step, and it is short."""

from typing import Any

import pytest
from selenium.webdriver.common.by import By

from portal.test_join import details
from portal.test_pages import looked_at, pressed
from support.browser import INSTALL, IS_MISSING, look_through
from support.cast import Cast
from support.installation import Installation

FIELDS_MOST, TAPS_MOST = 6, 6
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}

pytestmark = pytest.mark.skipif(
    IS_MISSING, reason=f"Joining is not looked at in a browser: {INSTALL}"
)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_member_joins_on_a_slow_phone_with_few_taps_and_fields(
    installation: Installation, browser: Any, cast: Cast, colours: str
) -> None:
    look_through(browser, "phone")
    prefers = {"name": "prefers-color-scheme", "value": colours}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [prefers]})
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", SLOW)
    browser.delete_all_cookies()
    browser.get(f"{installation.base_url}/join/{cast.anna.username}/")
    looked_at(browser, f"join-{colours}")
    pressed(browser, "a[href$='/pack/']")
    looked_at(browser, f"join-pack-{colours}")
    pressed(browser, ".foot button")
    looked_at(browser, f"join-you-{colours}")
    typed = 0
    for name, value in details().items():
        field = browser.find_element(By.NAME, name)
        if name == "date_of_birth":
            browser.execute_script("arguments[0].value = arguments[1]", field, value)
        else:
            field.send_keys(value)
        typed += 1
    assert typed <= FIELDS_MOST
    pressed(browser, ".foot button")
    looked_at(browser, f"join-pay-{colours}")
    agreed = browser.find_element(By.NAME, "agreed")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", agreed)
    agreed.click()
    pressed(browser, ".foot button")
    taps = 5
    assert taps <= TAPS_MOST
    assert "Nora" in browser.find_element(By.TAG_NAME, "main").text
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", SLOW | {
        "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})  # fmt: skip
    browser.get(f"{installation.base_url}/join/nobody-of-this-name/")
    looked_at(browser, f"join-dead-{colours}")
    browser.delete_all_cookies()
    browser.get(f"{installation.base_url}/join/{cast.anna.username}/buy/")
    looked_at(browser, f"join-buy-{colours}")
    severe = [line for line in browser.get_log("browser") if line["level"] == "SEVERE"]
    assert [line for line in severe if "404" not in line["message"]] == []
