"""Where several rules fail: which one is told. Each table breaks its own rule and every one
after it, so that a line passes only if the rules are looked at in the order of docs/api.md."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cast import Cast, Player, unique
from support.client import refused
from support.installation import PASSWORD, TRANSACTION_PASSWORD
from support.moves import ADDRESS, tell_bank
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package
from upline.flows import verifying
from upline.kyc.models import KycStatus


@pytest.fixture
def kyc_needed(office_sets: Callable[..., None]) -> None:
    office_sets(kyc_needed_for=["signup", "ewallet_payment", "epin_payment", "checkout", "payout"])


def verify(member: Player) -> None:
    verifying.review_kyc(UnitOfWork(Shell()), member.id, KycStatus.VERIFIED)


def walk(call: Callable[[dict[str, Any]], Any], body: dict[str, Any], steps: list[Any]) -> None:
    """Mend one thing after the other; before each mending, its code is the one told."""
    for status, code, mend in steps:
        refused(call(body), status, code)
        if callable(mend):
            mend()
        else:
            body |= mend


def test_signup(
    cast: Cast,
    product: Callable[[str], int],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
    kyc_needed: None,
) -> None:
    office_sets(registration_open=False)
    body = {
        "sponsor_username": cast.erik.username, "placement_username": cast.erik.username,
        "position": "L", "product_id": product("retired"), "firstname": "Nora",
        "lastname": "Example", "date_of_birth": "", "email": "nora@example.com",
        "mobile": "12345", "username": cast.ben.username, "password": PASSWORD,
        "password_confirmation": PASSWORD, "agree_terms": "true", "payment_method": "ewallet",
        "ewallet_username": unique("nobody"), "transaction_password": "wrong",
    }  # fmt: skip
    call: Callable[[dict[str, Any]], Any] = lambda sent: cast.anna.client.post("signup/", **sent)  # noqa: E731
    steps = [
        (403, "1006", lambda: office_sets(registration_open=True)),
        (422, "1004", {"date_of_birth": "1.1.1990"}),
        (422, "1013", {"date_of_birth": "1990-01-01"}),
        (422, "1007", {"sponsor_username": cast.anna.username}),
        (422, "1009", {"placement_username": cast.anna.username}),
        (422, "1008", {"placement_username": cast.dan.username}),
        (422, "1010", {"username": unique("nora")}),
        (422, "1012", {"product_id": product("starter")}),
    ]
    with nothing_changes():
        walk(call, body, steps)
        refused(call(body), 403, "1019")
        office_sets(kyc_needed_for=[])
        rest = [
            (422, "1011", {"ewallet_username": cast.anna.username}),
            (422, "1015", {"transaction_password": TRANSACTION_PASSWORD}),
            (422, "1014", {"payment_method": "epin", "epin_code": "AAAA-BBBB-CCCC-DDDD"}),
            (422, "1016", {"payment_method": "free_join"}),
        ]
        walk(call, body, rest)
    assert call(body).status_code == 201


def test_payment_from_a_wallet(
    cast: Cast,
    kyc_needed: None,
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    body = {"payment_amount": "0", "purpose": "gift", "ewallet_username": unique("nobody"),
            "transaction_password": "wrong"}  # fmt: skip
    steps = [
        (422, "1004", {"payment_amount": "1", "purpose": "purchase"}),
        (403, "1019", lambda: verify(cast.anna)),
        (422, "1011", {"ewallet_username": cast.ben.username}),
        (422, "1015", {"transaction_password": TRANSACTION_PASSWORD}),
        (422, "1014", {}),
    ]
    with nothing_changes():
        walk(lambda sent: cast.anna.client.post("ewallet/payment/", **sent), body, steps)


def test_payment_from_an_epin(
    cast: Cast, kyc_needed: None, nothing_changes: Callable[[], Any]
) -> None:
    body = {"payment_amount": "0", "epin_code": "AAAA-BBBB-CCCC-DDDD"}
    steps = [
        (422, "1004", {"payment_amount": "1"}),
        (403, "1019", lambda: verify(cast.anna)),
        (422, "1016", {}),
    ]
    with nothing_changes():
        walk(lambda sent: cast.anna.client.post("epin/payment/", **sent), body, steps)


def test_a_payout(
    cast: Cast,
    kyc_needed: None,
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    office_sets(payouts_open=False, payout_multiple=1000)
    body = {"amount": "15", "transaction_password": "wrong"}
    steps = [
        (403, "1101", lambda: office_sets(payouts_open=True)),
        (422, "1004", {"amount": "10"}),
        (422, "1004", lambda: tell_bank(cast.anna)),
        (403, "1019", lambda: verify(cast.anna)),
        (422, "1015", {"transaction_password": TRANSACTION_PASSWORD}),
    ]
    walk(lambda sent: cast.anna.client.post("payouts/", **sent), body, steps)
    with nothing_changes():
        refused(cast.anna.client.post("payouts/", **body), 422, "1014")


def test_checkout(cast: Cast, kyc_needed: None, product: Callable[[str], int]) -> None:
    client = cast.anna.client
    scales = product("scales")

    def fill_cart() -> None:
        Package.objects.filter(pk=scales).update(active=True)
        client.post("cart/products/", product_id=scales, quantity=1)
        Package.objects.filter(pk=scales).update(active=False)

    def add_address() -> None:
        client.post("cart/shipping_address/", **ADDRESS)

    body = {"address_id": "x", "payment_method": "ewallet", "ewallet_username": unique("nobody"),
            "transaction_password": "wrong"}  # fmt: skip
    steps = [
        (422, "1004", {"address_id": "999999999"}),
        (422, "1110", fill_cart),
        (404, "1102", {"address_id": ""}),
        (422, "1004", add_address),
        (422, "1012", lambda: Package.objects.filter(pk=scales).update(active=True)),
        (403, "1019", lambda: verify(cast.anna)),
        (422, "1011", {"ewallet_username": cast.anna.username}),
        (422, "1015", {"transaction_password": TRANSACTION_PASSWORD}),
        (422, "1014", {"payment_method": ""}),
    ]
    try:
        walk(lambda sent: client.post("cart/checkout/", **sent), body, steps)
        assert client.post("cart/checkout/", **body).status_code == 204
    finally:
        Package.objects.filter(pk=scales).update(active=True)


def test_completing_an_order(
    cast: Cast, product: Callable[[str], int], nothing_changes: Callable[[], Any]
) -> None:
    client = cast.anna.client
    client.post("cart/products/", product_id=product("soap"), quantity=2)
    client.post("cart/shipping_address/", **ADDRESS)
    order_id = client.post("cart/checkout/").headers["Location"].strip("/").rpartition("/")[2]
    body = {"order_id": "not one of ours", "total_amount": "1", "total_quantity": "x",
            "total_pv": "1"}  # fmt: skip
    steps = [
        (422, "1004", {"total_quantity": "1"}),
        (403, "1101", {"order_id": "UP-000000000000"}),
        (404, "1102", {"order_id": order_id}),
        (422, "1107", {"total_amount": "25", "total_quantity": "2", "total_pv": "20"}),
        (422, "1014", {}),
    ]
    with nothing_changes():
        walk(lambda sent: client.post("order/", **sent), body, steps)
    client.delete(f"orders/{order_id}/")
    refused(client.post("order/", **(body | {"total_pv": "1"})), 422, "1004", "order_id")


def test_a_body_that_cannot_be_read_comes_before_every_rule(
    cast: Cast, office_sets: Callable[..., None]
) -> None:
    office_sets(registration_open=False, payouts_open=False)
    json = {"Content-Type": "application/json"}
    for path in ("signup/", "payouts/", "cart/checkout/", "order/", "ewallet/payment/"):
        refused(cast.anna.client.call("POST", path, headers=json, content=b"{"), 400, "1100")
        text = {"Content-Type": "text/plain"}
        refused(cast.anna.client.call("POST", path, headers=text, content=b"{"), 415, "1106")
