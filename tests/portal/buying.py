"""What members do in the shop again and again, without scripts."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import httpx

from portal.conftest import Browser
from support.cast import Player
from support.client import data
from support.installation import TRANSACTION_PASSWORD
from support.moves import ADDRESS
from support.pages import filled_in

Opens = Callable[..., Browser]
Product = Callable[[str], int]
BY_TRANSFER = {
    "checkout_by_bank_transfer": True,
    "pay_in_account": "DE89370400440532013000",
    "pay_in_bank": "Sparkasse Bonn",
}


def press(browser: Browser, path: str, button: str, **typed: str) -> httpx.Response:
    """Press a button of a page. The answer leads on to another page, or shows this one again."""
    action, sent = filled_in(browser.get(path).text, button, **typed)
    return browser.http.post(action or path, data=sent)


def in_cart(member: Player) -> dict[str, int]:
    items = data(member.client.get("cart/products/"))["cart_items"]
    return {item["product_name"]: item["quantity"] for item in items}


def orders_of(member: Player) -> list[dict[str, Any]]:
    """What they bought in the shop, the newest first."""
    found: list[dict[str, Any]] = data(member.client.get("orders/"))["orders"]
    return [order for order in found if order["lines"][0]["product_name"] != "Starter"]


def fill_cart(browser: Browser, product: str = "Soap") -> None:
    press(browser, "/shop/", f"Add to cart: {product}")


def add_address(browser: Browser, **other: str) -> str:
    """Save an address; its id."""
    led = press(
        browser, "/shop/checkout/address/", "Save this address", **(ADDRESS | other)
    ).headers["Location"]
    return led.partition("address=")[2]


def review(browser: Browser, pay: str, product: str = "Soap") -> str:
    """Fill the cart and choose: the address of the page that pays."""
    fill_cart(browser, product)
    return f"/shop/checkout/?address={add_address(browser)}&pay={pay}"


def paid(browser: Browser, path: str, button: str = "Pay ", **typed: str) -> httpx.Response:
    """Press the button that pays."""
    if 'name="transaction_password"' in browser.get(path).text:
        typed = {"transaction_password": TRANSACTION_PASSWORD} | typed
    return press(browser, path, button, **typed)


def order_page(answer: httpx.Response) -> str:
    """Where a press has led: the page of the order that was made."""
    assert answer.status_code in (302, 303), problem(answer)
    assert re.fullmatch("/orders/UP-[0-9A-F]{12}/", answer.headers["Location"])
    return answer.headers["Location"]


def problem(answer: httpx.Response) -> str:
    """What a page says is wrong."""
    found = re.search(r'class="problems".*?<ul>(.*?)</ul>', answer.text, re.S)
    return found[1] if found else ""


def said(answer: httpx.Response) -> str:
    """What somebody reads on a page, without its markup."""
    text = re.sub("<[^>]+>", "", answer.text.partition("<main")[2])
    return " ".join(unescape(text).split())
