from support.cast import Cast
from support.client import data, refused
from support.installation import TRANSACTION_PASSWORD


def test_a_member_sees_their_profile(cast: Cast) -> None:
    shown = data(cast.ben.client.get("profile/"))
    assert shown["username"] == cast.ben.username
    assert shown["sponsor_user"] == cast.anna.username
    assert shown["position"] == "L"


def test_a_payment_moves_money_onto_the_purchase_account(cast, fill) -> None:
    fill(cast.anna, "100.00")
    answer = cast.anna.client.post(
        "ewallet/payment/",
        payment_amount="10.50",
        purpose="purchase",
        ewallet_username=cast.anna.username,
        transaction_password=TRANSACTION_PASSWORD,
    )
    assert answer.status_code == 204
    shown = data(cast.anna.client.get("ewallet/balance/"))
    assert str(shown["balance"]) == "89.5"
    assert str(shown["purchase_balance"]) == "10.5"


def test_without_a_key_nothing(stranger) -> None:
    refused(stranger.call("GET", "profile/", headers={"api_key": "no"}), 401, "1001")
