"""Idempotency-Key: the first success is stored with the change and given again."""

import io
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import InvalidToken
from PIL import Image

from attacks.parallel import outcomes, times
from support import wire
from support.cast import Cast, Player
from support.client import Client, data, refused
from support.installation import PASSWORD, Installation, wait_for
from support.moves import ADDRESS, payment, signup_fields
from upline.base import clock, encryption, sql
from upline.base.models import StoredAnswer
from upline.flows import retention


@pytest.fixture
def mia(player: Callable[..., Player], fill: Callable[..., None]) -> Player:
    made = player("mia")
    fill(made, "100.00")
    return made


@pytest.fixture
def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


def pay(member: Player, amount: str, headers: dict[str, str], client: Client | None = None) -> Any:
    body = payment(member.username, amount)
    return (client or member.client).call("POST", "ewallet/payment/", headers=headers, data=body)


def paid_in(member: Player) -> str:
    return str(data(member.client.get("ewallet/balance/"))["purchase_balance"])


def test_the_first_success_is_given_again_and_not_done_again(
    mia: Player, key: dict[str, str]
) -> None:
    first = pay(mia, "10", key)
    again = pay(mia, "10", key)
    assert (first.status_code, again.status_code) == (204, 204)
    assert "Idempotency-Hit" not in first.headers
    assert again.headers["Idempotency-Hit"] == "true"
    assert again.content == b""
    assert paid_in(mia) == "10"


def test_without_a_key_a_call_repeated_is_done_twice(mia: Player) -> None:
    assert pay(mia, "10", {}).status_code == pay(mia, "10", {}).status_code == 204
    assert paid_in(mia) == "20"


def test_a_replay_carries_the_same_location_and_data(
    mia: Player, key: dict[str, str], product: Callable[[str], int]
) -> None:
    mia.client.post("cart/products/", product_id=product("soap"), quantity=1)
    mia.client.post("cart/shipping_address/", **ADDRESS)
    asked = key | {"Prefer": "return=representation"}
    first = mia.client.call("POST", "cart/checkout/", headers=asked)
    again = mia.client.call("POST", "cart/checkout/", headers=asked)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.text == first.text
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Location"] == f"/api/orders/{data(first)['order_id']}/"
    assert len(data(mia.client.get("orders/"))["orders"]) == 2  # this one, and the membership


def test_the_same_body_in_another_encoding_or_order_is_the_same_request(
    mia: Player, key: dict[str, str], product: Callable[[str], int]
) -> None:
    line = {"product_id": str(product("soap")), "quantity": "2"}
    turned = dict(reversed(line.items()))
    for encoding, body in (("form", line), ("multipart", turned), ("form", turned)):
        more = wire.encoded(encoding, body)
        answer = mia.client.call("POST", "cart/products/", headers=key, **more)
        assert answer.status_code == 204
    assert answer.headers["Idempotency-Hit"] == "true"
    assert data(mia.client.get("cart/products/"))["cart_items"][0]["quantity"] == 2


def test_put_and_delete_take_keys_too(mia: Player, product: Callable[[str], int]) -> None:
    soap = str(product("soap"))
    calls = [("PUT", {"product_id": soap, "quantity": "2"}), ("DELETE", {"product_id": soap})]
    for number, (method, body) in enumerate(calls):
        headers = {"Idempotency-Key": f"{mia.username}-{number}"}
        assert mia.client.call(method, "cart/products/", headers=headers, data=body).is_success
        mia.client.put("cart/products/", product_id=soap, quantity="5")
        again = mia.client.call(method, "cart/products/", headers=headers, data=body)
        assert again.headers["Idempotency-Hit"] == "true"
        assert data(mia.client.get("cart/products/"))["cart_items"][0]["quantity"] == 5


def test_the_same_key_with_another_body_is_1108(
    mia: Player, key: dict[str, str], nothing_changes: Callable[[], Any]
) -> None:
    assert pay(mia, "10", key).status_code == 204
    with nothing_changes():
        refused(pay(mia, "11", key), 422, "1108")
        elsewhere = mia.client.call("DELETE", "cart/products/all/", headers=key)
        refused(elsewhere, 422, "1108")


def test_a_refusal_is_not_stored_but_judged_anew(
    mia: Player, key: dict[str, str], fill: Callable[..., None]
) -> None:
    refused(pay(mia, "100.01", key), 422, "1014")
    fill(mia, "0.01")
    answer = pay(mia, "100.01", key)
    assert answer.status_code == 204
    assert "Idempotency-Hit" not in answer.headers


def test_a_key_is_one_callers_own(
    cast: Cast, key: dict[str, str], fill: Callable[..., None]
) -> None:
    for member in (cast.anna, cast.erik):
        fill(member, "50.00")
        answer = pay(member, "10", key)
        assert (answer.status_code, "Idempotency-Hit" in answer.headers) == (204, False)
        assert paid_in(member) == "10"


def test_a_key_is_one_api_clients_own(
    mia: Player, key: dict[str, str], installation: Installation
) -> None:
    other = Client(mia.client.base_url, installation.store_api_key)
    other.sign_in(mia.username, PASSWORD)
    assert pay(mia, "10", key).status_code == 204
    answer = pay(mia, "10", key, client=other)
    assert (answer.status_code, "Idempotency-Hit" in answer.headers) == (204, False)
    assert paid_in(mia) == "20"


def test_a_replay_is_given_under_a_later_token(mia: Player, key: dict[str, str]) -> None:
    assert pay(mia, "10", key).status_code == 204
    mia.client.sign_in(mia.username, PASSWORD)
    assert pay(mia, "10", key).headers["Idempotency-Hit"] == "true"


@pytest.mark.parametrize("key", ["1234567", "x" * 256, "has space", "ümlauts-1"])
def test_a_key_is_8_to_255_visible_ascii_characters(
    mia: Player, key: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = pay(mia, "10", {"Idempotency-Key": key.encode("latin-1")})  # type: ignore[dict-item]
    refused(answer, 422, "1004", "Idempotency-Key")


@pytest.mark.parametrize("key", ["12345678", "!~" * 127 + "!"])
def test_the_shortest_and_the_longest_key_work(mia: Player, key: str) -> None:
    assert pay(mia, "10", {"Idempotency-Key": key}).status_code == 204
    assert pay(mia, "10", {"Idempotency-Key": key}).headers["Idempotency-Hit"] == "true"


def test_signing_in_ignores_the_key(mia: Player, key: dict[str, str]) -> None:
    login = {"username": mia.username, "password": PASSWORD}
    answers = [
        mia.client.call("POST", "auth/access/", headers=sent, data=login)
        for sent in (key, key, {"Idempotency-Key": "short"})
    ]
    assert len({data(answer)["access_token"] for answer in answers}) == 3


def test_signing_out_takes_a_key_that_names_one_token(mia: Player, key: dict[str, str]) -> None:
    """A key sent again with a later token is no replay: else that token would live on."""
    refused(
        mia.client.call("POST", "auth/logout/", headers={"Idempotency-Key": "short"}),
        422, "1004", "Idempotency-Key",
    )  # fmt: skip
    assert mia.client.call("POST", "auth/logout/", headers=key).status_code == 204
    refused(mia.client.call("POST", "auth/logout/", headers=key), 401, "1002")
    mia.client.sign_in(mia.username, PASSWORD)
    refused(mia.client.call("POST", "auth/logout/", headers=key), 422, "1108")
    refused(mia.client.call("DELETE", "cart/products/all/", headers=key), 422, "1108")
    assert mia.client.get("profile/").status_code == 200
    other = {"Idempotency-Key": str(uuid.uuid4())}
    assert mia.client.call("POST", "auth/logout/", headers=other).status_code == 204


def test_signing_out_twice_at_once_under_one_key_is_one_sign_out(
    mia: Player, key: dict[str, str]
) -> None:
    """Both were let in by the token; the second finds the first one's answer, or none yet."""
    answers = times(8, lambda: mia.client.call("POST", "auth/logout/", headers=key))
    seen = outcomes(answers)
    assert set(seen) <= {"204", "1002", "1109"}
    done = [answer for answer in answers if answer.status_code == 204]
    assert sum("Idempotency-Hit" not in answer.headers for answer in done) == 1


def test_a_key_is_forgotten_after_30_days(mia: Player, key: dict[str, str]) -> None:
    assert pay(mia, "10", key).status_code == 204
    stored = StoredAnswer.objects.get(member_id=mia.id)
    remaining = stored.expires_at - clock.now()
    assert timedelta(days=29, hours=23) < remaining <= timedelta(days=30)
    stored.expires_at = clock.now()
    stored.save(update_fields=["expires_at"])
    answer = pay(mia, "10", key)
    assert (answer.status_code, "Idempotency-Hit" in answer.headers) == (204, False)
    assert paid_in(mia) == "20"
    StoredAnswer.objects.filter(member_id=mia.id).update(expires_at=clock.now())
    retention.clean_up()
    assert not StoredAnswer.objects.filter(member_id=mia.id).exists()


def test_stored_answers_are_encrypted_with_the_persons_own_key(
    mia: Player, key: dict[str, str]
) -> None:
    headers = key | {"Prefer": "return=representation"}
    body = {"account_number": "DE89370400440532013000", "pan": "ABCDE1234F"}
    answer = mia.client.call("PUT", "profile/bank/", headers=headers, data=body)
    assert data(answer)["account_number"] == body["account_number"]
    stored = StoredAnswer.objects.get(member_id=mia.id)
    sealed, place = bytes(stored.sealed), f"answer:{bytes(stored.digest).hex()}"
    assert b"DE89" not in sealed
    assert b"account_number" not in sealed
    with pytest.raises(InvalidToken):
        encryption.masters().decrypt(sealed)
    own_key = encryption.wrapped_key_of(mia.id)
    assert own_key is not None
    opened = encryption.unseal(sealed, wrapped_key=own_key, context=place)
    assert body["account_number"] in opened
    again = mia.client.call("PUT", "profile/bank/", headers=headers, data=body)
    assert again.text == answer.text


def test_an_answer_is_replayed_as_it_was_not_as_it_is_now(
    mia: Player, key: dict[str, str], product: Callable[[str], int]
) -> None:
    headers = key | {"Prefer": "return=representation"}
    line = {"product_id": str(product("soap")), "quantity": "1"}
    first = mia.client.call("POST", "cart/products/", headers=headers, data=line)
    mia.client.delete("cart/products/all/")
    again = mia.client.call("POST", "cart/products/", headers=headers, data=line)
    assert again.text == first.text
    assert data(mia.client.get("cart/products/"))["cart_items"] == []


@contextmanager
def purchases_held_up(member: Player) -> Iterator[Any]:
    """Nobody can spend what this member paid in until the block ends: a payment that buys
    at once stands still in the middle of its transaction."""
    lock = "hashtextextended('spend', %s)"
    sql.run(f"SELECT pg_advisory_lock({lock})", [member.id])
    try:
        yield
    finally:
        sql.run(f"SELECT pg_advisory_unlock({lock})", [member.id])


def waiting_for_a_lock() -> bool:
    return bool(sql.value(bool, "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"))


def test_a_key_still_in_flight_is_1109(
    mia: Player, key: dict[str, str], product: Callable[[str], int]
) -> None:
    mia.client.post("cart/products/", product_id=product("soap"), quantity=1)
    mia.client.post("cart/shipping_address/", **ADDRESS)

    def check_out() -> Any:
        return mia.client.call("POST", "cart/checkout/", headers=key)

    with ThreadPoolExecutor() as pool:
        with purchases_held_up(mia):
            first = pool.submit(check_out)
            wait_for(waiting_for_a_lock)
            second = check_out()
            refused(second, 409, "1109")
            assert int(second.headers["Retry-After"]) >= 1
            assert not first.done()
        assert first.result().status_code == 204
    third = check_out()
    assert third.headers["Idempotency-Hit"] == "true"
    assert third.headers["Location"] == first.result().headers["Location"]


def test_a_signup_is_replayed_even_after_registration_has_closed(
    mia: Player,
    key: dict[str, str],
    product: Callable[[str], int],
    office_sets: Callable[..., None],
) -> None:
    body = signup_fields(mia.username, product("starter"))
    first = mia.client.call("POST", "signup/", headers=key, data=body)
    assert first.status_code == 201
    office_sets(registration_open=False)
    again = mia.client.call("POST", "signup/", headers=key, data=body)
    assert (again.status_code, again.text) == (201, first.text)
    assert again.headers["Idempotency-Hit"] == "true"


def test_an_upload_is_known_again_by_its_content(mia: Player, key: dict[str, str]) -> None:
    def upload(colour: str) -> Any:
        content = io.BytesIO()
        Image.new("RGB", (4, 4), colour).save(content, "PNG")
        files = {"image": ("me.png", content.getvalue())}
        return mia.client.call("POST", "profile/image/", headers=key, files=files)

    assert upload("red").status_code == 204
    url = data(mia.client.get("profile/"))["profile_image"]
    assert upload("red").headers["Idempotency-Hit"] == "true"
    refused(upload("blue"), 422, "1108")
    assert data(mia.client.get("profile/"))["profile_image"] == url


def test_a_call_without_parameters_ignores_what_is_sent_along_but_knows_it_again(
    mia: Player, key: dict[str, str]
) -> None:
    body = {"note": "a", "NOTE": "b"}
    for hit in (False, True):
        answer = mia.client.call("POST", "ewallet/password/forget/", headers=key, data=body)
        assert (answer.status_code, "Idempotency-Hit" in answer.headers) == (204, hit)
