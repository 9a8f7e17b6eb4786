"""The pages of the shop in a real browser: nobody is kept out, and nothing is too wide."""

from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.by import By

from portal.buying import BY_TRANSFER, Product, add_address, fill_cart, order_page, paid, review
from portal.conftest import Browser
from portal.test_pages import looked_at, pressed
from support.browser import INSTALL, IS_MISSING, look_through
from support.cast import Cast, Player
from support.installation import PASSWORD, Installation

pytestmark = pytest.mark.skipif(
    IS_MISSING, reason=f"The portal is not looked at in a browser: {INSTALL}"
)


@pytest.mark.parametrize(("width", "colours"), [("phone", "light"), ("desk", "dark")])
def test_each_page_of_the_shop_can_be_used_by_everybody(
    installation: Installation,
    browser: Any,
    browser_of: Callable[..., Browser],
    cast: Cast,
    fill: Callable[[Player, str], None],
    office_sets: Callable[..., None],
    product: Product,
    changed: Callable[..., None],
    width: str,
    colours: str,
) -> None:
    office_sets(**BY_TRANSFER)
    fill(cast.anna, "90.00")
    plain = browser_of(cast.anna)
    waiting = order_page(paid(plain, review(plain, "bank_transfer"), "Order for"))
    order_page(paid(plain, review(plain, "wallet")))
    fill_cart(plain, "Tea")
    fill_cart(plain, "Scales")
    home = add_address(plain, name="Maximiliane Freifrau von und zu Hohenlohe-Langenburg")
    look_through(browser, width)
    prefers = {"name": "prefers-color-scheme", "value": colours}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [prefers]})
    browser.delete_all_cookies()
    browser.get(f"{installation.base_url}/sign-in/")
    browser.find_element(By.NAME, "name").send_keys(cast.anna.username)
    browser.find_element(By.NAME, "password").send_keys(PASSWORD)
    pressed(browser, "main button")
    changed("tea", amount=599)
    pages = {
        "shop": "/shop/", "shop-none": "/shop/?search=zzz", "product": f"/shop/{product('tea')}/",
        "cart-changed": "/shop/cart/", "orders": "/orders/", "order-waits": waiting,
        "order-pay": f"{waiting}pay/", "address": "/shop/checkout/address/",
    }  # fmt: skip
    for name, path in pages.items():
        browser.get(f"{installation.base_url}{path}")
        looked_at(browser, f"{name}-{colours}-{width}")
    changed("tea", amount=499)
    for name, path in {
        "cart": "/shop/cart/",
        "checkout": f"/shop/checkout/?address={home}",
        "review": f"/shop/checkout/?address={home}&pay=bank_transfer",
        "lacks": f"/shop/checkout/?address={home}&pay=wallet",
    }.items():
        browser.get(f"{installation.base_url}{path}")
        looked_at(browser, f"{name}-{colours}-{width}")
    assert browser.switch_to.active_element.get_attribute("class") == "problems"
    assert not [line for line in browser.get_log("browser") if line["level"] == "SEVERE"]
