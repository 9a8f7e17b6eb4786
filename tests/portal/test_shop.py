"""The shop and the cart without scripts: what is for sale, at which price, and what has changed."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portal.buying import Opens, Product, in_cart, press
from support.cast import Cast, unique
from support.customers import customer_of
from support.logged import PACKAGE, logged
from support.pages import filled_in
from support.wares import put_on_sale
from upline.catalog.models import Package


@pytest.fixture
def lamp() -> Iterator[Any]:
    """A product of another category, with a price of its own for members."""
    made = put_on_sale(
        unique("L-"), 9900, name="Brass lamp", kind="cart", category="Light", points=4000,
        description="Warm light.",
    )  # fmt: skip
    yield made
    with logged(PACKAGE):
        Package.objects.filter(pk=made.pk).update(active=False)


def test_members_see_what_is_for_sale_with_its_points_and_customers_without(
    cast: Cast, browser_of: Opens, lamp: Any
) -> None:
    page = browser_of(cast.anna).get("/shop/").text
    assert "Brass lamp" in page
    assert "40 points" in page
    assert ">Gone<" not in page
    customers = browser_of(customer_of(cast.anna)).get("/shop/").text
    assert "Brass lamp" in customers
    assert "point" not in customers.partition("<main")[2]


def test_a_category_and_a_search_narrow_it_down(cast: Cast, browser_of: Opens, lamp: Any) -> None:
    browser = browser_of(cast.anna)
    assert 'href="/shop/?category=Light"' in browser.get("/shop/").text
    light = browser.get("/shop/?category=Light").text
    assert "1 product in Light" in light
    assert ">Soap<" not in light
    assert "1 product matches “brass WARM”" in browser.get("/shop/?search=brass+WARM").text
    nothing = browser.get("/shop/?search=brass+soap").text
    assert "Nothing matches “brass soap”" in nothing
    assert "Show all products" in nothing


@pytest.mark.parametrize("search", ["<b>x</b>", "\u202e", "%00", "x" * 5000, "'; --"])
def test_whatever_is_searched_for_is_shown_and_never_run(
    cast: Cast, browser_of: Opens, search: str
) -> None:
    answer = browser_of(cast.anna).http.get("/shop/", params={"search": search, "from": search})
    assert answer.status_code == 200
    assert "<b>x" not in answer.text


def test_a_product_is_put_into_the_cart_from_the_shop_and_from_its_page(
    cast: Cast, browser_of: Opens, product: Product
) -> None:
    browser = browser_of(cast.anna)
    led = press(browser, "/shop/?search=soap", "Add to cart: Soap")
    assert led.headers["Location"] == f"/shop/?search=soap&added={product('soap')}#added"
    assert "Soap is in your cart." in browser.get(led.headers["Location"]).text
    path = f"/shop/{product('tea')}/"
    assert "The tea." in browser.get(path).text
    press(browser, path, "Add to cart", quantity="3")
    assert in_cart(cast.anna) == {"Soap": 1, "Tea": 3}
    assert "Cart · 4" in browser.get("/shop/").text


def test_a_doubled_press_puts_it_in_once(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(cast.anna)
    action, sent = filled_in(browser.get("/shop/").text, "Add to cart: Soap")
    first, second = (browser.http.post(action, data=sent) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert in_cart(cast.anna) == {"Soap": 1}


@pytest.mark.parametrize("name", ["gone", "starter"])
def test_what_is_not_for_sale_has_no_page_and_goes_into_no_cart(
    cast: Cast, browser_of: Opens, product: Product, name: str
) -> None:
    browser = browser_of(cast.anna)
    assert browser.get(f"/shop/{product(name)}/").status_code == 404
    action, sent = filled_in(browser.get("/shop/").text, "Add to cart: Soap")
    answer = browser.http.post(action, data=sent | {"product": [str(product(name))]})
    assert answer.status_code == 422
    assert 'class="problems"' in answer.text
    assert in_cart(cast.anna) == {}


def test_the_way_back_from_the_cart_leads_to_no_other_host(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(cast.anna)
    for elsewhere in ("https://evil.example/shop/", "//evil.example/", "/office/"):
        action, sent = filled_in(browser.get("/shop/").text, "Add to cart: Soap")
        answer = browser.http.post(action, data=sent | {"back": [elsewhere]})
        assert answer.headers["Location"].startswith("/shop/?added=")


def test_the_quantity_goes_up_and_down_is_typed_and_taken_out(
    cast: Cast, browser_of: Opens
) -> None:
    browser = browser_of(cast.anna)
    press(browser, "/shop/", "Add to cart: Soap")
    press(browser, "/shop/cart/", "Soap: one more")
    assert in_cart(cast.anna) == {"Soap": 2}
    press(browser, "/shop/cart/", "Soap: update", quantity="12")
    assert in_cart(cast.anna) == {"Soap": 12}
    page = browser.get("/shop/cart/").text
    assert re.search(r'>150<span class="rest">.00&nbsp;EUR', page)
    assert "120 points" in page
    press(browser, "/shop/cart/", "Soap: one less")
    assert in_cart(cast.anna) == {"Soap": 11}
    press(browser, "/shop/cart/", "Remove Soap")
    assert in_cart(cast.anna) == {}
    assert "Your cart is empty" in browser.get("/shop/cart/").text


@pytest.mark.parametrize("typed", ["0", "1000", "-1", "1e3", "two", "", "٣", "9" * 30])
def test_a_quantity_that_cannot_be_is_said_and_kept(
    cast: Cast, browser_of: Opens, typed: str
) -> None:
    browser = browser_of(cast.anna)
    press(browser, "/shop/", "Add to cart: Soap")
    answer = press(browser, "/shop/cart/", "Soap: update", quantity=typed)
    assert answer.status_code == 422
    assert "Quantity of Soap" in answer.text
    assert f'value="{typed}"' in answer.text or not typed
    assert in_cart(cast.anna) == {"Soap": 1}


def test_a_price_that_changed_is_told_and_bought_only_once_accepted(
    cast: Cast, browser_of: Opens, changed: Callable[..., None]
) -> None:
    browser = browser_of(cast.anna)
    press(browser, "/shop/", "Add to cart: Tea")
    changed("tea", amount=599, member_amount=None)
    page = browser.get("/shop/cart/").text
    assert "Now 5.99 EUR each. It was 4.99 EUR when you put it in." in page
    assert "Check out" not in page
    assert browser.get("/shop/checkout/").headers["Location"] == "/shop/cart/"
    assert "It was 4.99 EUR" in browser.get("/shop/cart/").text, "looking accepts nothing"
    _, sent = filled_in(browser.get("/shop/cart/").text, "Accept what has changed")
    changed("tea", amount=699)
    browser.http.post("/shop/cart/", data=sent)
    page = browser.get("/shop/cart/").text
    assert "Now 6.99 EUR each. It was 4.99 EUR" in page, "what was not seen is not accepted"
    press(browser, "/shop/cart/", "Accept what has changed")
    page = browser.get("/shop/cart/").text
    assert "Your cart is ready to check out" in page
    assert "6.99 EUR" in page


def test_what_is_sold_out_is_told_and_the_rest_can_be_bought(
    cast: Cast, browser_of: Opens, changed: Callable[..., None]
) -> None:
    browser = browser_of(cast.anna)
    press(browser, "/shop/", "Add to cart: Tea")
    press(browser, "/shop/", "Add to cart: Soap")
    changed("tea", active=False)
    page = browser.get("/shop/cart/").text
    assert "Something in your cart is no longer for sale" in page
    assert "Check out" not in page
    press(browser, "/shop/cart/", "Remove Tea")
    assert "Your cart is ready to check out" in browser.get("/shop/cart/").text


def test_the_cart_is_the_member_s_own(cast: Cast, browser_of: Opens) -> None:
    press(browser_of(cast.anna), "/shop/", "Add to cart: Soap")
    assert "Your cart is empty" in browser_of(cast.ben).get("/shop/cart/").text
    assert in_cart(cast.ben) == {}


def test_nothing_goes_into_a_cart_without_the_form_s_token(
    cast: Cast, browser_of: Opens, product: Product
) -> None:
    browser = browser_of(cast.anna)
    sent = {"do": "add", "product": product("soap"), "quantity": 1}
    assert browser.http.post("/shop/cart/", data=sent).status_code == 403
    assert in_cart(cast.anna) == {}
