"""The front page says who the company is, what it sells and where its doors are, to everybody."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from support.axe import violations
from support.browser import INSTALL, IS_MISSING, WIDTHS, look_through
from support.installation import Installation
from support.wares import put_on_sale
from upline.catalog.models import PackageKind
from upline.pictures import actions as pictures
from upline.site.front import WARES_MOST

TOO_WIDE = "return document.documentElement.scrollWidth > document.documentElement.clientWidth"


def picture() -> Any:
    target = io.BytesIO()
    Image.new("RGB", (40, 40), "#d6e6da").save(target, "WEBP")
    return pictures.keep(pictures.draw_anew(target.getvalue()))


@pytest.fixture(scope="module")
def wares(installation: Installation) -> None:
    """Many things to buy, in two categories; one without a picture, one that is no more for sale,
    and a starter pack."""
    shown = picture()
    for number in range(9):
        for category in ("Tea", "Care"):
            code = f"{category}-{number}"
            put_on_sale(code, 1234, kind=PackageKind.CART, name=f"Good {code} <i>",
                        category=category, picture=shown)  # fmt: skip
    put_on_sale("bare", 1234, kind=PackageKind.CART, name="Without a picture")
    put_on_sale("gone", 1234, kind=PackageKind.CART, name="Gone", active=False, picture=shown)
    put_on_sale("pack", 1234, kind=PackageKind.MEMBERSHIP, name="A pack", picture=shown)


def front(installation: Installation) -> str:
    answer = httpx.get(installation.base_url, timeout=30)
    assert answer.status_code == 200
    return answer.text


def test_it_shows_some_of_each_category_and_no_price(
    installation: Installation, wares: None
) -> None:
    page = front(installation)
    assert "Welcome to Acme" in page
    found = page.partition('class="wares"')[2]
    assert found.count("<li>") == WARES_MOST
    assert found.index("Good Tea-0") < found.index("Good Care-0") < found.index("Good Tea-1")
    for hidden in ("Without a picture", "Gone", "A pack", "12.34", "<i>"):
        assert hidden not in page
    for address in ('href="/sign-in/"', 'href="/office/"', 'href="/api/docs"'):
        assert address in page
    assert "/demo/" not in page


@pytest.mark.skipif(IS_MISSING, reason=f"The front page is not looked at in a browser: {INSTALL}")
@pytest.mark.parametrize("width", WIDTHS)
def test_everybody_can_use_it(
    installation: Installation, wares: None, browser: Any, width: str
) -> None:
    look_through(browser, width)
    browser.get(installation.base_url)
    assert violations(browser) == []
    assert not browser.execute_script(TOO_WIDE)
