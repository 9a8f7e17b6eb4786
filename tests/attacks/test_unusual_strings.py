"""Whatever text is sent, it is shown as it was meant, or refused with a sentence."""

from collections.abc import Callable
from typing import Any

import pytest

from attacks.unusual_strings import REFUSED, SHOWN
from support import wire
from support.cast import Player
from support.client import data, refused
from support.moves import ADDRESS

# Each text of a member's own, with the call that changes it and what else that call needs.
PERSONAL = {"firstname": "Mia", "lastname": "Example", "gender": "F", "date_of_birth": "1990-05-17"}
CONTACT = {
    "address_line1": "Hill 1", "address_line2": "Second floor", "country": "276", "city": "Bonn",
    "email": "mia@example.org", "mobile": "+49 170 1234567",
}  # fmt: skip
BANK = {"bank_name": "Acme Bank", "branch_name": "Bonn", "account_holder": "Mia Example"}
TEXTS = [
    ("profile/personal/", PERSONAL, "firstname"),
    ("profile/personal/", PERSONAL, "lastname"),
    ("profile/contact/", CONTACT, "address_line1"),
    ("profile/contact/", CONTACT, "address_line2"),
    ("profile/contact/", CONTACT, "city"),
    ("profile/bank/", BANK, "bank_name"),
    ("profile/bank/", BANK, "branch_name"),
    ("profile/bank/", BANK, "account_holder"),
]


@pytest.fixture
def mia(player: Callable[..., Player]) -> Player:
    return player("mia")


@pytest.mark.parametrize(("path", "body", "name"), TEXTS)
def test_a_profile_shows_text_as_it_was_meant(
    mia: Player, path: str, body: dict[str, str], name: str
) -> None:
    for what, (sent, shown) in SHOWN.items():
        answer = mia.client.call("PUT", path, **wire.encoded("json", body | {name: sent}))
        assert answer.status_code == 204, f"{what}: {answer.text}"
        assert data(mia.client.get("profile/"))[name] == shown, what


@pytest.mark.parametrize(("path", "body", "name"), TEXTS)
def test_a_profile_refuses_text_that_misleads(
    mia: Player, path: str, body: dict[str, str], name: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for sent in REFUSED.values():
            refused(
                mia.client.call("PUT", path, **wire.encoded("json", body | {name: sent})),
                422,
                "1004",
                name,
            )


@pytest.mark.parametrize("name", ["name", "address", "city", "zip_code"])
def test_an_address_shows_text_as_it_was_meant_or_refuses_it(
    mia: Player, name: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for sent in REFUSED.values():
            address = ADDRESS | {name: sent}
            answer = mia.client.call(
                "POST", "cart/shipping_address/", **wire.encoded("json", address)
            )
            refused(answer, 422, "1004", name)
    for what, (sent, shown) in SHOWN.items():
        if len(sent) <= 20:
            address = ADDRESS | {name: sent}
            answer = mia.client.call(
                "POST", "cart/shipping_address/", **wire.encoded("json", address)
            )
            assert answer.status_code == 204, f"{what}: {answer.text}"
            kept = data(mia.client.get("cart/shipping_address/"))["address_list"][-1]
            assert kept[name] == shown, what
            mia.client.delete("cart/shipping_address/", address_id=kept["address_id"])


@pytest.mark.parametrize("name", ["firstname", "account_holder", "city"])
def test_a_name_has_a_letter(mia: Player, name: str, nothing_changes: Callable[[], Any]) -> None:
    [(path, body)] = [(path, body) for path, body, each in TEXTS if each == name]
    with nothing_changes():
        for sent in ("---", ".", "\u2019", "👍"):
            refused(
                mia.client.call("PUT", path, **wire.encoded("json", body | {name: sent})),
                422,
                "1004",
                name,
            )


@pytest.mark.parametrize("name", ["mobile", "landline"])
def test_a_phone_number_is_one_that_somebody_can_have(
    mia: Player, name: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for sent in ("-----", "(((((", "1234", "+999 1234567", "+49", "12 +34 56 78", "٠١٢٣٤٥٦",
                     "+49 170 1234567 890123456", "0170-1234567x1"):  # fmt: skip
            answer = mia.client.put("profile/contact/", **CONTACT | {name: sent})
            refused(answer, 422, "1004", name)
    for sent in ("+49 (170) 123-4567", "0170 1234567", "9876543210", "+1 555 123 4567"):
        assert mia.client.put("profile/contact/", **CONTACT | {name: sent}).status_code == 204
        assert data(mia.client.get("profile/"))[name] == sent
