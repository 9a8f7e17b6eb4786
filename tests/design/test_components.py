"""Every component in a real browser: on phone and desk, light and dark, in both directions."""

import os
from pathlib import Path
from typing import Any

import pytest

from support.axe import violations
from support.browser import INSTALL, IS_MISSING, look_through
from support.installation import Installation

pytestmark = pytest.mark.skipif(
    IS_MISSING, reason=f"The components are not looked at in a browser: {INSTALL}"
)
# Set to a folder, each is kept there as a picture, to be looked at.
PICTURES = os.environ.get("DESIGN_PICTURES")
TOO_WIDE = "return document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_components_break_no_rule_of_accessibility(
    installation: Installation, browser: Any, scheme: str, direction: str
) -> None:
    look_through(browser, "phone")
    browser.get(f"{installation.base_url}/design/?scheme={scheme}&direction={direction}")
    assert violations(browser) == []
    for width in ("phone", "desk"):
        look_through(browser, width)
        assert not browser.execute_script(TOO_WIDE), width
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            browser.save_screenshot(f"{PICTURES}/components-{scheme}-{direction}-{width}.png")


def test_what_is_wrong_with_a_form_takes_the_focus(
    installation: Installation, browser: Any
) -> None:
    browser.get(f"{installation.base_url}/design/")
    focused = browser.switch_to.active_element
    assert "problems" in focused.get_attribute("class")
    assert "E-mail address" in focused.text
