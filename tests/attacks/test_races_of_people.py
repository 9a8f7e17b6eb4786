"""More requests that leave at the same moment: carts, addresses, names, passwords."""

import re
from collections import Counter
from collections.abc import Callable

import httpx

from attacks.parallel import Gate, at_once, outcomes
from support.cast import Cast
from support.client import Client, data, refused
from support.installation import PASSWORD, Installation, wait_for
from support.moves import ADDRESS, signup_fields
from upline.members import actions as members
from upline.members.models import LinkPurpose

RACERS = 16

# --- Carts, addresses, names ---------------------------------------------------------------


def test_16_additions_of_one_product_at_once_add_up(
    cast: Cast, product: Callable[[str], int]
) -> None:
    tea, soap = product("tea"), product("soap")
    anna = cast.anna.client
    first = [lambda: anna.post("cart/products/", product_id=tea, quantity=3)] * RACERS
    second = [lambda: anna.post("cart/products/", product_id=soap, quantity=1)] * RACERS
    answers = at_once(first + second, Gate(RACERS, "cart_cartline"))
    assert outcomes(answers) == {"204": 2 * RACERS}
    items = data(anna.get("cart/products/"))["cart_items"]
    assert {item["product_id"]: item["quantity"] for item in items} == {tea: 48, soap: 16}


def test_of_32_addresses_made_the_default_at_once_one_is_it(cast: Cast) -> None:
    anna = cast.anna.client
    gate = Gate(8, "shipping_shippingaddress")
    at_once([lambda: anna.post("cart/shipping_address/", **ADDRESS)] * 8, gate)
    shown = data(anna.get("cart/shipping_address/"))["address_list"]
    assert sum(each["is_default"] for each in shown) == 1, "of 8 first addresses one is it"

    def choose(address_id: int) -> Callable[[], httpx.Response]:
        return lambda: anna.post("cart/shipping_address/default/", address_id=address_id)

    answers = at_once([choose(each["address_id"]) for each in shown] * 4, gate)
    assert outcomes(answers) == {"204": 32}
    shown = data(anna.get("cart/shipping_address/"))["address_list"]
    assert sum(each["is_default"] for each in shown) == 1


def test_of_two_free_joins_for_one_username_one_gets_it(
    cast: Cast, product: Callable[[str], int]
) -> None:
    starter = product("starter")
    left = signup_fields(cast.dan.username, starter)
    right = left | {"position": "R", "username": left["username"].upper()}
    dan = cast.dan.client
    both = [lambda: dan.post("signup/", **left), lambda: dan.post("signup/", **right)]
    answers = at_once(both, Gate(2, "members_user"))
    assert outcomes(answers) == {"201": 1, "1010": 1}
    nodes = data(dan.get("network/tree/"))["nodes"]
    assert len(nodes) == 2, "dan, and the one who got the name"


# --- Passwords -----------------------------------------------------------------------------


def test_no_token_of_the_old_password_survives_its_change(
    installation: Installation, cast: Cast, office_sets: Callable[..., None]
) -> None:
    office_sets(login_limit=0, login_limit_by_address=0)
    new = "another horse, same battery"
    tokens: list[str] = []

    def sign_in() -> None:
        client = Client(installation.base_url, installation.api_key)
        for _ in range(50):
            answer = client.post("auth/access/", username=cast.anna.username, password=PASSWORD)
            if not answer.is_success:
                # 503: the password was changed between the check and the token.
                assert answer.status_code in {401, 503}, answer.text
                return
            tokens.append(data(answer)["access_token"])

    def change() -> None:
        wait_for(lambda: tokens)
        answer = cast.anna.client.put(
            "profile/password/",
            current_password=PASSWORD,
            new_password=new,
            password_confirmation=new,
        )
        assert answer.status_code == 204, answer.text

    at_once([sign_in] * 8 + [change])
    assert tokens, "somebody got in before the change"
    for token in tokens:
        holder = Client(installation.base_url, installation.api_key, token)
        refused(holder.get("profile/"), 401, "1002")
    cast.anna.client.sign_in(cast.anna.username, new)


def test_a_reset_link_used_by_16_at_once_works_for_one(
    installation: Installation, cast: Cast
) -> None:
    secret = members.make_link(cast.anna.id, LinkPurpose.LOGIN_PASSWORD)
    address = f"{installation.base_url}/link/login-password/{secret}/"

    def use(new: str) -> Callable[[], httpx.Response]:
        browser = httpx.Client(timeout=30)
        page = browser.get(address)
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert found, page.text
        form = {"csrfmiddlewaretoken": found[1], "password": new, "again": new}
        return lambda: browser.post(address, data=form)

    passwords = [f"a password of racer {number}" for number in range(RACERS)]
    answers = at_once([use(new) for new in passwords], Gate(RACERS, "members_mailedlink"))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 404: 15}
    winner = next(new for new, answer in zip(passwords, answers, strict=True) if answer.is_success)
    cast.anna.client.sign_in(cast.anna.username, winner)


def test_row_22_a_cart_cleared_while_it_is_checked_out_is_ordered_whole_or_not_at_all(
    cast: Cast, product: Callable[[str], int]
) -> None:
    client = cast.anna.client
    client.post("cart/shipping_address/", **ADDRESS)
    for _ in range(10):
        for name in ("soap", "tea"):
            client.post("cart/products/", product_id=product(name), quantity=1)
        before = len(data(client.get("orders/"))["orders"])
        checkout, cleared = at_once(
            [
                lambda: client.post("cart/checkout/"),
                lambda: client.delete("cart/products/all/"),
            ],
            Gate(2, "cart_cartline"),
        )
        assert cleared.status_code == 204
        assert data(client.get("cart/products/"))["cart_items"] == []
        orders = data(client.get("orders/"))["orders"]
        if checkout.status_code == 204:
            assert len(orders) == before + 1
            assert orders[0]["total_quantity"] == 2
        else:
            refused(checkout, 422, "1110")
            assert len(orders) == before
