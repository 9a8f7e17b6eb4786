"""The three addresses that the published API uses for several calls, and all their mixes."""

from collections.abc import Callable
from itertools import product as all_of
from typing import Any

import pytest

from support import wire
from support.cast import Player
from support.client import Client, data, refused
from support.installation import PASSWORD
from support.moves import worker_looks_up
from upline.mailings.models import Mail

PERSONAL = {"firstname": "Mia", "lastname": "New", "gender": "F", "date_of_birth": "1990-05-17"}
BANK = {
    "bank_name": "Acme Bank", "branch_name": "Bonn", "account_holder": "Mia", "ifsc": "SBIN1",
    "account_number": "DE89", "pan": "ABCDE1234F",
}  # fmt: skip
NEW = "another horse entirely"
PASSWORDS = {"current_password": PASSWORD, "new_password": NEW, "password_confirmation": NEW}


def shown(member: Player) -> dict[str, Any]:
    found: dict[str, Any] = data(member.client.get("profile/"))
    return found


@pytest.mark.parametrize("encoding", wire.ENCODINGS)
def test_put_personal_is_told_apart_by_what_is_sent(mia: Player, encoding: str) -> None:
    def put(body: dict[str, str]) -> int:
        more = wire.encoded(encoding, body)
        return int(mia.client.call("PUT", "profile/personal/", **more).status_code)

    assert put(PERSONAL) == 204
    assert {name: shown(mia)[name] for name in PERSONAL} == PERSONAL
    assert put(BANK) == 204
    assert {name: shown(mia)[name] for name in BANK} == BANK
    assert put(PASSWORDS) == 204
    assert mia.client.get("profile/").status_code == 401
    mia.client.sign_in(mia.username, NEW)


@pytest.mark.parametrize("name", BANK)
def test_one_field_of_the_bank_is_enough(mia: Player, name: str) -> None:
    assert mia.client.put("profile/personal/", **{name.upper(): BANK[name]}).status_code == 204
    assert shown(mia)[name] == BANK[name]
    assert mia.client.put("profile/personal/", **{name: ""}).status_code == 204
    assert shown(mia)[name] == ""


@pytest.mark.parametrize("name", PASSWORDS)
def test_one_field_of_the_password_asks_for_the_others(
    mia: Player, name: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = mia.client.put("profile/personal/", **{name: PASSWORDS[name]})
        wrong = refused(answer, 422, "1004")
    assert set(PASSWORDS) - {name} <= set(wrong)


@pytest.mark.parametrize("body", [{}, {"unknown": "x"}, {"lastname": "x"}])
def test_nothing_known_or_one_personal_field_is_personal(
    mia: Player, body: dict[str, str], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = mia.client.put("profile/personal/", **body)
        refused(answer, 422, "1004", "firstname", "gender", "date_of_birth")


MIXES = [
    (one, other)
    for one, other in all_of(
        [PERSONAL, BANK, PASSWORDS], [{"firstname": "X"}, {"pan": "X"}, {"new_password": NEW}]
    )
    if not set(other) <= set(one)
]


@pytest.mark.parametrize(("one", "other"), MIXES)
def test_fields_of_more_than_one_call_are_1004_and_nothing_is_done(
    mia: Player,
    one: dict[str, str],
    other: dict[str, str],
    nothing_changes: Callable[[], Any],
) -> None:
    with nothing_changes():
        answer = mia.client.put("profile/personal/", **(one | other))
        strangers = set(refused(answer, 422, "1004"))
    assert strangers in (set(one), set(other))
    assert mia.client.get("profile/").status_code == 200


def test_fields_of_all_three_calls_name_the_strangers(
    mia: Player, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = mia.client.put("profile/personal/", **PERSONAL, **BANK, **PASSWORDS)
        refused(answer, 422, "1004", *PERSONAL, *BANK)


def test_an_address_for_one_call_ignores_the_fields_of_the_others(mia: Player) -> None:
    assert mia.client.put("profile/bank/", **BANK, **PERSONAL).status_code == 204
    found = shown(mia)
    assert (found["pan"], found["lastname"]) == (BANK["pan"], "Example")


def test_post_personal_is_the_forgotten_password_and_needs_no_token(
    mia: Player, stranger: Client, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        refused(stranger.put("profile/personal/", **PERSONAL), 401, "1002")
        refused(stranger.post("profile/personal/", **PERSONAL), 422, "1004", "username")
        refused(stranger.post("profile/personal/"), 422, "1004", "username")
    body = {"ccccc": mia.username} | PERSONAL
    assert stranger.post("profile/personal/", **body).status_code == 204
    worker_looks_up()
    assert Mail.objects.filter(user_id=mia.id, kind="reset_login").count() == 1
    assert shown(mia)["lastname"] == "Example"


@pytest.mark.parametrize("encoding", wire.ENCODINGS)
def test_post_products_without_its_parameters_lists_and_with_any_adds(
    mia: Player, product: Callable[[str], int], encoding: str, nothing_changes: Callable[[], Any]
) -> None:
    def post(body: dict[str, Any]) -> Any:
        return mia.client.call("POST", "cart/products/", **wire.encoded(encoding, body))

    line = {"product_id": product("soap"), "quantity": 2}
    assert post(line).status_code == 204
    with nothing_changes():
        for body in ({"page": "1"}, {"product": "1", "product_ids": "2"}):
            answer = post(body)
            assert (answer.status_code, data(answer)["cart_items"][0]["quantity"]) == (200, 2)
        for name in line:
            answer = post({name: line[name]})
            refused(answer, 422, "1004", *(set(line) - {name}))
    listed = mia.client.call("POST", "cart/products/")
    assert listed.text == mia.client.get("cart/products/").text


def test_an_empty_parameter_is_a_parameter(mia: Player, nothing_changes: Callable[[], Any]) -> None:
    with nothing_changes():
        answer = mia.client.post("cart/products/", product_id="")
        refused(answer, 422, "1004", "product_id", "quantity")
