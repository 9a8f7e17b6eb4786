"""What members do again and again on the way to what a test is about."""

from typing import Any

from support.cast import Player
from support.client import Client, data
from support.installation import PASSWORD, TRANSACTION_PASSWORD

ADDRESS = {
    "name": "Mia",
    "address": "Hill 1",
    "zip_code": "53111",
    "city": "Bonn",
    "phone": "12345",
}


def sign_up(member: Player, body: dict[str, Any], **other: Any) -> Any:
    return member.client.call("POST", "signup/", data=body | other)


def profile_of(client: Client, username: str) -> Any:
    fresh = Client(client.base_url, client.api_key)
    fresh.sign_in(username, PASSWORD)
    return data(fresh.get("profile/"))


def pay_in(member: Player, amount: str) -> None:
    answer = member.client.post(
        "ewallet/payment/", payment_amount=amount, purpose="purchase",
        ewallet_username=member.username, transaction_password=TRANSACTION_PASSWORD,
    )  # fmt: skip
    assert answer.status_code == 204


def balances(member: Player) -> tuple[str, str]:
    shown = data(member.client.get("ewallet/balance/"))
    return str(shown["balance"]), str(shown["purchase_balance"])
