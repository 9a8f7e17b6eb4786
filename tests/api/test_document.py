"""A client written word for word from the published API, its misprints included: its addresses, its
methods, its spellings, its header names, its form encoding. All 28 calls, one after another."""

import io
from collections.abc import Callable
from decimal import Decimal
from json import loads
from typing import Any

import httpx
import pytest
from PIL import Image

from support.cast import Player, unique
from support.installation import PASSWORD, TRANSACTION_PASSWORD, Installation

NEW = "a new password 1"


class DocumentClient:
    """Knows nothing but the published API."""

    def __init__(self, base_url: str, api_key: str) -> None:
        self.base_url = base_url + "/api/"
        self.headers = {"api_key": api_key, "Accept": "application/json"}

    def call(self, method: str, url: str, status: int, **parameters: Any) -> Any:
        """Form-encoded, as "commonly used format is application/x-www-form-urlencoded"."""
        answer = httpx.request(
            method, self.base_url + url, headers=self.headers, data=parameters or None
        )
        return self.read(answer, status)

    def read(self, answer: httpx.Response, status: int) -> Any:
        assert answer.status_code == status, answer.text
        if status == 204:
            assert answer.content == b""
            return None
        body = loads(answer.text, parse_float=Decimal)
        assert body["status"] is True
        return body["data"]


@pytest.fixture
def mia(
    player: Callable[..., Player], fill: Callable[..., None], give_epin: Callable[..., str]
) -> Player:
    made = player("mia")
    fill(made, "1000.00")
    return made


@pytest.fixture
def client(installation: Installation, mia: Player) -> DocumentClient:
    found = DocumentClient(installation.base_url, installation.api_key)
    given = found.call("POST", "auth/access/", 200, username=mia.username, password=PASSWORD)
    found.headers["access_token"] = given["access_token"]
    return found


def test_register_new_user(client: DocumentClient, mia: Player) -> None:
    packages = client.call("GET", "package/membership/", 200)["products"]
    assert list(packages[0]) == ["id", "name", "amount", "currency"]
    fee = client.call("POST", "signup/fee/", 200)["fee"]
    assert fee == 10
    name = unique("nora")
    for number, method in enumerate(("free_join", "ewallet")):
        if method == "ewallet":
            client.call(
                "POST", "ewallet/payment/", 204, payment_amount=packages[0]["amount"] + fee,
                purpose="purchase", ewallet_username=mia.username,
                transaction_password=TRANSACTION_PASSWORD,
            )  # fmt: skip
        made = client.call(
            "POST", "signup/", 201, sponsor_username=mia.username,
            placement_username=mia.username, position="LR"[number], product_id=packages[0]["id"],
            Firstname="Nora", lastname="Example", date_of_birth="1990-05-17",
            email="nora@example.com", mobile="+49 170 1234567", username=f"{name}{number}",
            password="a long password", password_confirmation="a long password",
            agree_terms="true", payment_method=method,
        )  # fmt: skip
        assert made == {"username": f"{name}{number}"}


def test_profile(client: DocumentClient, mia: Player) -> None:
    client.call("PUT", "profile/personal/", 204, firstname="Mia", lastname="New", gender="F",
                date_of_birth="1990-05-18")  # fmt: skip
    client.call("PUT", "profile/contact/", 204, address_line1="Hill 1", address_line2="2nd floor",
                country=356, state=2014, city="Kochi", zip_code="682001", email="mia@example.org",
                mobile="+91 484 123456", landline="0484 1234")  # fmt: skip
    bank = {"bank_name": "State Bank", "branch_name": "Kochi", "account_holder": "Mia New",
            "account_number": "00112233", "ifsc": "SBIN0005943", "pan": "ABCDE1234F"}  # fmt: skip
    client.call("PUT", "profile/personal/", 204, **bank)
    shown = client.call("GET", "profile/", 200)
    expected = bank | {
        "username": mia.username, "firstname": "Mia", "lastname": "New", "gender": "F",
        "date_of_birth": "1990-05-18", "country": "India", "state": "Kerala", "city": "Kochi",
        "zip_code": "682001", "membership_package": "Starter", "position": shown["position"],
    }  # fmt: skip
    assert {name: shown[name] for name in expected} == expected


def test_upload_profile_image(client: DocumentClient) -> None:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "PNG")
    answer = httpx.post(
        client.base_url + "profile/image/", headers=client.headers,
        files={"image": ("me.png", content.getvalue())},
    )  # fmt: skip
    client.read(answer, 204)
    assert client.call("GET", "profile/", 200)["profile_image"].startswith("http")


def test_login_password(client: DocumentClient, mia: Player) -> None:
    client.call("PUT", "profile/personal/", 204, current_password=PASSWORD,
                new_password=NEW, password_confirmation=NEW)  # fmt: skip
    del client.headers["access_token"]
    client.call("POST", "profile/personal/", 204, ccccc=mia.username)
    given = client.call("POST", "auth/access/", 200, username=mia.username,
                        password=NEW)  # fmt: skip
    assert given["access_token"]


def test_transaction_password(client: DocumentClient) -> None:
    client.call("PUT", "ewallet/password/", 204, current_password=TRANSACTION_PASSWORD,
                new_password=NEW, password_confirmation=NEW)  # fmt: skip
    client.call("POST", "ewallet/password/forget/", 204)


def test_cart_and_checkout(client: DocumentClient, mia: Player) -> None:
    products = client.call("POST", "package/cart/", 200)["products"]
    assert set(products[0]) >= {"id", "name", "amount", "pv", "category", "image"}
    soap, tea = products[0]["id"], products[1]["id"]
    details = client.call("GET", f"package/{soap}/", 200)
    assert set(details) >= {"id", "name", "amount", "package_id", "pv", "category", "image",
                            "description"}  # fmt: skip
    client.call("POST", "cart/products/", 204, product_id=tea, quantity=1)
    client.call("POST", "cart/products/all/", 204)
    client.call("POST", "cart/products/", 204, product_id=soap, quantity=2)
    client.call("POST", "cart/products/", 204, product_id=tea, quantity=1)
    client.call("DELETE", "cart/products/", 204, product_id=tea)
    items = client.call("POST", "cart/products/", 200)["cart_items"]
    assert items == [{"product_id": soap, "product_name": "Soap", "product_amount": Decimal("12.5"),
                      "quantity": 2}]  # fmt: skip
    ship_it(client)
    before = client.call("POST", "ewallet/balance/", 200)["balance"]
    client.call(
        "POST", "ewallet/payment/", 204, payment_amount=25, purpose="purchase",
        ewallet_username=mia.username, transaction_password=TRANSACTION_PASSWORD,
    )  # fmt: skip
    client.call("POST", "cart/checkout/", 204)
    assert client.call("POST", "ewallet/balance/", 200)["balance"] == before - 25
    assert client.call("POST", "cart/products/", 200)["cart_items"] == []


def ship_it(client: DocumentClient) -> None:
    for city in ("Bonn", "Kochi"):
        client.call("POST", "cart/shipping_address/", 204, name="Mia", address="Hill 1",
                    zip_code="53111", city=city, phone="0228 1234")  # fmt: skip
    bonn, kochi = client.call("GET", "cart/shipping_address/", 200)["address_list"]
    documented = {"address_id", "name", "address", "zip_code", "city", "phone"}
    assert documented <= set(bonn)
    client.call("POST", "cart/shipping_address/default", 204, address_id=kochi["address_id"])
    client.call("DELETE", "cart/shipping_address/", 204, address_id=bonn["address_id"])
    remaining = client.call("GET", "cart/shipping_address/", 200)["address_list"]
    assert [each["city"] for each in remaining] == ["Kochi"]


def test_pay_by_epin_and_complete_the_order(
    client: DocumentClient, mia: Player, give_epin: Callable[..., str]
) -> None:
    soap = client.call("POST", "package/cart/", 200)["products"][0]
    client.call("POST", "cart/products/", 204, product_id=soap["id"], quantity=2)
    ship_it(client)
    answer = httpx.post(client.base_url + "cart/checkout/", headers=client.headers)
    client.read(answer, 204)
    order_id = answer.headers["Location"].strip("/").rpartition("/")[2]
    client.call("POST", "epin/payment/", 204, payment_amount=25, epin_code=give_epin(mia, "25.00"))
    client.call("POST", "order/", 204, order_id=order_id, total_amount="25.00",
                total_quantity="2", total_pv="20")  # fmt: skip


def test_a_web_shop_completes_its_orders(installation: Installation, mia: Player) -> None:
    shop = DocumentClient(installation.base_url, installation.store_api_key)
    given = shop.call("POST", "auth/access/", 200, username=mia.username, password=PASSWORD)
    shop.headers["access_token"] = given["access_token"]
    shop.call("POST", "order/", 204, order_id=unique("wp-"), total_amount=49.9,
              total_quantity="3", total_pv=31.5)  # fmt: skip


def test_a_validation_error_has_the_documents_shape(client: DocumentClient) -> None:
    answer = httpx.put(client.base_url + "profile/personal/", headers=client.headers, data={})
    body = answer.json()
    assert (answer.status_code, body["status"], body["error"]["code"]) == (422, False, "1004")
    assert set(body["error"]["fields"]) == {"firstname", "gender", "date_of_birth"}


# The address that we add, and the published one, where they differ.
PAIRS: list[tuple[tuple[str, str], tuple[str, str], dict[str, str]]] = [
    (("GET", "ewallet/balance/"), ("POST", "ewallet/balance/"), {}),
    (("GET", "signup/fee/"), ("POST", "signup/fee/"), {}),
    (("GET", "package/cart/"), ("POST", "package/cart/"), {}),
    (("GET", "cart/products/"), ("POST", "cart/products/"), {}),
    (("DELETE", "cart/products/all/"), ("POST", "cart/products/all/"), {}),
    (("PUT", "profile/bank/"), ("PUT", "profile/personal/"), {"pan": "ABCDE1234F"}),
    (("PUT", "profile/bank/"), ("PUT", "profile/personal/"), {"pan": "x" * 21}),
    (
        ("PUT", "profile/password/"),
        ("PUT", "profile/personal/"),
        {"current_password": "wrong", "new_password": "long enough 1",
         "password_confirmation": "long enough 1"},
    ),
    (
        ("PUT", "profile/password/"),
        ("PUT", "profile/personal/"),
        {"current_password": "x", "new_password": "short", "password_confirmation": "other"},
    ),
    (("POST", "profile/password/forget/"), ("POST", "profile/personal/"), {"username": "nobody"}),
    (("POST", "profile/password/forget/"), ("POST", "profile/personal/"), {}),
    (
        ("POST", "cart/shipping_address/default/"),
        ("POST", "cart/shipping_address/default"),
        {"address_id": "999999"},
    ),
]  # fmt: skip


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize(("ours", "printed", "body"), PAIRS)
def test_both_columns_answer_alike(
    mia: Player,
    stranger: Any,
    ours: tuple[str, str],
    printed: tuple[str, str],
    body: dict[str, str],
    signed_in: bool,
) -> None:
    client = mia.client if signed_in else stranger
    first, second = (client.call(*each, data=dict(body)) for each in (ours, printed))
    assert (first.status_code, first.text) == (second.status_code, second.text)
    own = {"x-request-id", "date", "connection"}
    names = [{name for name in answer.headers if name not in own} for answer in (first, second)]
    assert names[0] == names[1]
