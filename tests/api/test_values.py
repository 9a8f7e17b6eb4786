"""What each kind of parameter takes: numbers, text, dates, truth values."""

from collections.abc import Callable
from typing import Any

import pytest

from support import wire
from support.cast import Player
from support.client import data, refused
from support.installation import TRANSACTION_PASSWORD
from support.moves import ADDRESS, payment

NOT_AMOUNTS = [
    "NaN", "Infinity", "-Infinity", "1e3", "1E3", "-1", "-0.01", "0", "0.00", "1.234",
    "10.000", "1,50", "1_000", " 10", "+10", ".5", "5.", "0x10", "ten", "\u0663",
    "\uff11\uff10", "1" * 30, "10000000000.01",
]  # fmt: skip
NOT_JSON_AMOUNTS = ["NaN", "Infinity", "1e3", "1.5E+1", "-1", "-1.5", "1.234", "true", "[]", "0"]


@pytest.fixture
def mia(player: Callable[..., Player], fill: Callable[..., None]) -> Player:
    made = player("mia")
    fill(made, "1000.00")
    return made


def pay(member: Player, amount: str) -> Any:
    return member.client.post("ewallet/payment/", **payment(member.username, amount))


def pay_json(member: Player, amount: str) -> Any:
    body = (
        f'{{"payment_amount": {amount}, "purpose": "purchase", "ewallet_username": '
        f'"{member.username}", "transaction_password": "{TRANSACTION_PASSWORD}"}}'
    )
    headers = {"Content-Type": "application/json"}
    return member.client.call("POST", "ewallet/payment/", headers=headers, content=body.encode())


def test_what_is_no_plain_amount_is_a_wrong_field(
    mia: Player, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for amount in NOT_AMOUNTS:
            refused(pay(mia, amount), 422, "1004", "payment_amount")
        for amount in NOT_JSON_AMOUNTS:
            refused(pay_json(mia, amount), 422, "1004", "payment_amount")


def test_amounts_are_exact_from_the_wire_to_the_answer(mia: Player) -> None:
    for amount in ("0.01", "00.10", "8.2"):
        assert pay(mia, amount).status_code == 204
    for amount in ("0.07", "1.10", '"0.29"', "3"):
        assert pay_json(mia, amount).status_code == 204
    answer = mia.client.get("ewallet/balance/")
    assert '"purchase_balance": 12.77' in answer.text
    assert '"balance": 987.23' in answer.text


def test_a_json_number_is_the_unit_that_it_is_nearest_to_as_doubles_add_up(mia: Player) -> None:
    for number in (0.1 + 0.2, 3 * 24.9, 3 * 1.1, 0.7 + 0.1, 10.000000000000002, 4.35 * 100):
        assert pay_json(mia, repr(number)).status_code == 204
    assert str(data(mia.client.get("ewallet/balance/"))["purchase_balance"]) == "524.1"


def test_what_no_sum_of_doubles_is_stays_a_wrong_field(
    mia: Player, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for number in ("12.3400001", "12.345", "0.000000001"):
            refused(pay_json(mia, number), 422, "1004", "payment_amount")
        for text in ('"74.69999999999999"', '"0.30000000000000004"', '"12.3400000000001"'):
            refused(pay_json(mia, text), 422, "1004", "payment_amount")


@pytest.mark.parametrize(
    "number", ["2.0", "1e0", "-1", "0", "1000", "two", "", "²", "٢", "1 ", "0x1"]
)
def test_an_integer_is_written_in_digits(
    mia: Player, product: Callable[[str], int], number: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = mia.client.post("cart/products/", product_id=product("soap"), quantity=number)
    refused(answer, 422, "1004", "quantity")


def test_a_json_number_with_a_fraction_is_no_integer(
    mia: Player, product: Callable[[str], int], nothing_changes: Callable[[], Any]
) -> None:
    headers = {"Content-Type": "application/json"}
    with nothing_changes():
        for number in ("2.0", "1e0", "-1", "9" * 400):
            body = f'{{"product_id": {product("soap")}, "quantity": {number}}}'
            answer = mia.client.call(
                "POST", "cart/products/", headers=headers, content=body.encode()
            )
            refused(answer, 422, "1004", "quantity")


@pytest.mark.parametrize("product_id", ["9223372036854775808", "999999999999999999", "0"])
def test_an_id_as_large_as_can_be_is_just_unknown(
    mia: Player, product_id: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = mia.client.post("cart/products/", product_id=product_id, quantity=1)
        assert answer.status_code == 422
        address = mia.client.delete("cart/shipping_address/", address_id=product_id)
        assert address.status_code in {404, 422}


def test_a_json_integer_is_text_where_text_is_asked_for(mia: Player) -> None:
    body = ADDRESS | {"zip_code": 12345, "phone": 4917012345}
    assert mia.client.call("POST", "cart/shipping_address/", json=body).status_code == 204
    shown = data(mia.client.get("cart/shipping_address/"))["address_list"][0]
    assert (shown["zip_code"], shown["phone"]) == ("12345", "4917012345")


@pytest.mark.parametrize("value", [1.5, True, False, ["a"], {"a": "b"}])
def test_other_json_values_are_no_text(
    mia: Player, value: Any, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = mia.client.call(
            "POST", "cart/shipping_address/", json=ADDRESS | {"zip_code": value}
        )
    refused(answer, 422, "1004", "zip_code")


@pytest.mark.parametrize(
    "letter", ["\x00", "\x01", "\n", "\r", "\x1b", "\x7f", "\x85", "\ud800", "\uffff"]
)
def test_characters_that_cannot_be_used_are_wrong_fields(
    mia: Player, letter: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        address = wire.encoded("json", ADDRESS | {"city": f"Bo{letter}nn"})
        answer = mia.client.call("POST", "cart/shipping_address/", **address)
        refused(answer, 422, "1004", "city")
        login = {"username": mia.username, "password": f"x{letter}x"}
        answer = mia.client.call("POST", "auth/access/", **wire.encoded("json", login))
        refused(answer, 422, "1004", "password")


def test_text_of_the_whole_world_comes_back_as_it_was_sent(mia: Player) -> None:
    city = "São Paulo 東京 กรุงเทพ Łódź 🏙"
    answer = mia.client.post("cart/shipping_address/", **(ADDRESS | {"city": f"  {city} "}))
    assert answer.status_code == 204
    shown = data(mia.client.get("cart/shipping_address/"))["address_list"][0]
    assert shown["city"] == city


def test_text_longer_than_its_place_is_a_wrong_field(
    mia: Player, nothing_changes: Callable[[], Any]
) -> None:
    longest = {"name": 100, "address": 300, "zip_code": 20, "city": 100}
    too_long = {name: "x" * (most + 1) for name, most in longest.items()}
    with nothing_changes():
        answer = mia.client.post("cart/shipping_address/", **(ADDRESS | too_long))
    refused(answer, 422, "1004", *too_long)
    as_long = {name: "x" * most for name, most in longest.items()}
    assert mia.client.post("cart/shipping_address/", **(ADDRESS | as_long)).status_code == 204


PERSONAL = {"firstname": "Mia", "gender": "F", "date_of_birth": "1990-05-17"}


@pytest.mark.parametrize(
    "day",
    ["17.05.1990", "1990-5-17", "1990-02-30", "1990-13-01", "90-05-17", "1990-05-17T00:00:00",
     "1990-05-17 ", "\uff11990-05-17", "0000-01-01", "1899-12-31", "19900517", "yesterday"],
)  # fmt: skip
def test_a_date_that_is_not_a_real_day_is_1013(
    mia: Player, day: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = mia.client.put("profile/personal/", **(PERSONAL | {"date_of_birth": day}))
        refused(answer, 422, "1013", "date_of_birth")
        both = PERSONAL | {"date_of_birth": day, "gender": "X"}
        refused(mia.client.put("profile/personal/", **both), 422, "1004", "date_of_birth", "gender")


def test_a_date_that_is_missing_is_1004(mia: Player, nothing_changes: Callable[[], Any]) -> None:
    with nothing_changes():
        answer = mia.client.put("profile/personal/", **(PERSONAL | {"date_of_birth": ""}))
    refused(answer, 422, "1004", "date_of_birth")


def test_a_leap_day_is_a_day(mia: Player) -> None:
    answer = mia.client.put("profile/personal/", **(PERSONAL | {"date_of_birth": "1996-02-29"}))
    assert answer.status_code == 204
    assert data(mia.client.get("profile/"))["date_of_birth"] == "1996-02-29"


@pytest.mark.parametrize("phone", ["1234", "1" * 21, "0170-ABC", "+49.170.123", "١٢٣٤٥٦"])
def test_phone_numbers_hold_5_to_20_of_digits_blanks_and_signs(
    mia: Player, phone: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = mia.client.post("cart/shipping_address/", **(ADDRESS | {"phone": phone}))
        refused(answer, 422, "1004", "phone")


@pytest.mark.parametrize("phone", ["12345", "+49 (170) 123-4567"])
def test_phone_numbers_are_kept_as_they_are_written(mia: Player, phone: str) -> None:
    assert mia.client.post("cart/shipping_address/", **(ADDRESS | {"phone": phone})).is_success
    shown = data(mia.client.get("cart/shipping_address/"))["address_list"][0]
    assert shown["phone"] == phone
