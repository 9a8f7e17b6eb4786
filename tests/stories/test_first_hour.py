"""A member's first hour, as somebody who integrates against demo.json would script it."""

from decimal import Decimal
from typing import Any

from stories.conftest import Demo
from stories.test_demo_company import a_signup
from support.client import Client, data, refused

SEAT = 2
HOME = {
    "name": "Ines Integrator",
    "address": "7 Socket Street",
    "zip_code": "10119",
    "city": "Berlin",
    "phone": "+49 171 3920007",
}


def done(answer: Any) -> None:
    assert answer.status_code == 204, answer.text


def balance(client: Client) -> tuple[Decimal, Decimal]:
    shown = data(client.get("ewallet/balance/"))
    return shown["balance"], shown["purchase_balance"]


def pay(client: Client, member: dict[str, str], amount: str) -> None:
    done(
        client.post(
            "ewallet/payment/",
            payment_amount=amount,
            purpose="purchase",
            ewallet_username=member["username"],
            transaction_password=member["transaction_password"],
        )
    )


def test_a_member_s_first_hour(fresh_demo: Demo) -> None:
    member = fresh_demo.logins()["members"][SEAT]
    client = fresh_demo.client()
    refused(client.get("profile/"), 401, "1002")
    client.sign_in(member["username"], member["password"])

    profile = data(client.get("profile/"))
    assert profile["username"] == member["username"]
    assert profile["membership_package"]
    countries = data(client.get("countries/"))["countries"]
    assert profile["country"] in {each["name"] for each in countries}

    number = buy(client, member)
    newcomer = enrol(client, member)
    shop_with_epin(client, member, newcomer)
    orders = data(client.get("orders/"))["orders"]
    assert orders[1]["order_id"] == number


def buy(client: Client, member: dict[str, str]) -> str:
    """Address, cart, payment, checkout: the order is complete at once. Returns its number."""
    done(client.post("cart/shipping_address/", **HOME))
    addresses = data(client.get("cart/shipping_address/"))["address_list"]
    home = next(each for each in addresses if each["name"] == HOME["name"])
    done(client.post("cart/shipping_address/default/", address_id=home["address_id"]))

    wares = data(client.get("package/cart/"))["products"]
    cheap, dear = sorted(wares, key=lambda each: each["amount"])[:2]
    done(client.post("cart/products/", product_id=cheap["id"], quantity="2"))
    done(client.post("cart/products/", product_id=dear["id"], quantity="1"))
    items = data(client.get("cart/products/"))["cart_items"]
    total = sum(each["product_amount"] * each["quantity"] for each in items)
    assert total == 2 * cheap["amount"] + dear["amount"]

    wallet, _ = balance(client)
    pay(client, member, str(total))
    assert balance(client) == (wallet - total, total)
    checked_out = client.post("cart/checkout/")
    done(checked_out)
    order = data(client.get(checked_out.headers["Location"].removeprefix("/api/")))
    assert (order["status"], order["total_amount"], order["total_quantity"]) == (
        "complete", total, 3,
    )  # fmt: skip
    assert order["address"]["name"] == HOME["name"]
    assert balance(client) == (wallet - total, Decimal(0))
    assert data(client.get("cart/products/"))["cart_items"] == []
    return str(order["order_id"])


def enrol(client: Client, member: dict[str, str]) -> Client:
    """Enrol somebody into a free position, paid from the wallet; they sign in."""
    fields = a_signup(
        client,
        member["username"],
        username="first.hour",
        payment_method="ewallet",
        ewallet_username=member["username"],
        transaction_password=member["transaction_password"],
    )
    wallet, _ = balance(client)
    cheapest = data(client.get("package/membership/"))["products"][0]["amount"]
    cost = cheapest + data(client.get("signup/fee/"))["fee"]
    assert data(client.post("signup/", **fields)) == {"username": "first.hour"}
    assert balance(client) == (wallet - cost, Decimal(0))

    nodes = data(client.get("network/tree/", username=member["username"], depth=50))["nodes"]
    placed = next(node for node in nodes if node["username"] == "first.hour")
    assert (placed["parent"], placed["position"]) == (
        fields["placement_username"], fields["position"],
    )  # fmt: skip

    newcomer = Client(client.base_url, client.api_key)
    newcomer.sign_in("first.hour", fields["password"])
    mine = data(newcomer.get("profile/"))
    assert mine["sponsor_user"] == member["username"]
    assert mine["placement_user"] == fields["placement_username"]
    refused(newcomer.get("network/tree/", username=member["username"]), 404, "1102")
    return newcomer


def shop_with_epin(client: Client, member: dict[str, str], newcomer: Client) -> None:
    """Part of an e-pin buys something; what no order has used goes back to the e-pin."""
    mine = {"payment_amount": "60.00", "epin_code": member["epin_code"]}
    refused(newcomer.post("epin/payment/", **mine), 422, "1016")
    done(client.post("epin/payment/", **mine))
    assert balance(client)[1] == 60

    wares = data(client.get("package/cart/"))["products"]
    cheap = min(wares, key=lambda each: each["amount"])
    done(client.post("cart/products/", product_id=cheap["id"], quantity="1"))
    done(client.post("cart/checkout/"))
    assert balance(client)[1] == 60 - cheap["amount"]
    done(client.post("ewallet/payment/refund/"))
    assert balance(client)[1] == 0
    remaining = data(client.get("epins/", limit=200))["epins"]
    epin = next(each for each in remaining if each["code"] == member["epin_code"])
    assert epin["balance"] == 100 - cheap["amount"]
