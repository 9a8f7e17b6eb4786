"""`cart/shipping_address/…`."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cast import Player
from support.client import data, refused
from support.moves import ADDRESS


def addresses(member: Player) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data(member.client.get("cart/shipping_address/"))["address_list"]
    return found


def add(member: Player, **other: str) -> int:
    answer = member.client.post("cart/shipping_address/", **(ADDRESS | other))
    assert (answer.status_code, answer.content) == (204, b"")
    return int(addresses(member)[-1]["address_id"])


def defaults(member: Player) -> list[int]:
    return [each["address_id"] for each in addresses(member) if each["is_default"]]


def test_the_first_address_is_the_default(mia: Player) -> None:
    first = add(mia)
    second = add(mia, city="Köln")
    assert addresses(mia) == [
        {"address_id": first} | ADDRESS | {"is_default": True},
        {"address_id": second} | ADDRESS | {"city": "Köln", "is_default": False},
    ]
    shown = ["address_id", "name", "address", "zip_code", "city", "phone", "is_default"]
    assert list(addresses(mia)[0]) == shown


@pytest.mark.parametrize(
    "path", ["cart/shipping_address/default/", "cart/shipping_address/default"]
)
def test_another_address_can_be_the_default(mia: Player, path: str) -> None:
    first, second = add(mia), add(mia)
    for each in (second, second, first):
        answer = mia.client.post(path, address_id=each)
        assert (answer.status_code, answer.content) == (204, b"")
        assert defaults(mia) == [each]


def test_removing_the_default_makes_the_oldest_one_it(mia: Player) -> None:
    first, second, third = add(mia), add(mia), add(mia)
    mia.client.post("cart/shipping_address/default/", address_id=third)
    assert mia.client.delete("cart/shipping_address/", address_id=third).status_code == 204
    assert defaults(mia) == [first]
    assert mia.client.delete("cart/shipping_address/", address_id=first).status_code == 204
    assert defaults(mia) == [second]
    assert mia.client.delete("cart/shipping_address/", address_id=second).status_code == 204
    assert addresses(mia) == []


def test_every_part_is_required(mia: Player, nothing_changes: Callable[[], Any]) -> None:
    with nothing_changes():
        refused(mia.client.post("cart/shipping_address/"), 422, "1004", *ADDRESS)
        refused(mia.client.delete("cart/shipping_address/"), 422, "1004", "address_id")
        answer = mia.client.post("cart/shipping_address/default/")
        refused(answer, 422, "1004", "address_id")


def test_a_foreign_and_an_unknown_address_answer_alike(
    mia: Player, player: Callable[..., Player], nothing_changes: Callable[[], Any]
) -> None:
    foreign = add(player("nora"))
    add(mia)
    with nothing_changes():
        calls = [("DELETE", "cart/shipping_address/"), ("POST", "cart/shipping_address/default/")]
        for method, path in calls:
            answers = [
                mia.client.call(method, path, data={"address_id": str(each)})
                for each in (foreign, 999_999_999)
            ]
            refused(answers[0], 404, "1102")
            assert answers[0].text == answers[1].text


def test_a_member_keeps_twenty_addresses(mia: Player, nothing_changes: Callable[[], Any]) -> None:
    for _ in range(20):
        add(mia)
    with nothing_changes():
        answer = mia.client.post("cart/shipping_address/", **ADDRESS)
        refused(answer, 422, "1004", "address")
