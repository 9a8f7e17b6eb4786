"""A real browser, for the tests that look at pages: Chromium, where the machine has it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
IS_MISSING = not (CHROMIUM and DRIVER)
INSTALL = "apt-get install chromium chromium-driver"
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in ("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run",
                 "disable-background-networking", "disable-component-update", "disable-sync",
                 f"user-data-dir={tmp_path_factory.mktemp('chromium')}"):  # fmt: skip
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


def look_through(browser: Any, width: str) -> None:
    """From now on the window is as wide as a `desk` or a `phone`."""
    across, down = WIDTHS[width]
    metrics = {"width": across, "height": down, "deviceScaleFactor": 1, "mobile": width == "phone"}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


@contextmanager
def next_page(browser: Any) -> Iterator[None]:
    """What is done inside leads to another page, which has been read when this ends. While pages
    change, the driver answers with errors of many kinds; they pass."""
    before = browser.find_element(By.TAG_NAME, "html")
    yield
    WebDriverWait(browser, 20, ignored_exceptions=[WebDriverException]).until(
        lambda driver: (
            driver.find_element(By.TAG_NAME, "html") != before
            and driver.execute_script("return document.readyState") == "complete"
        )
    )
