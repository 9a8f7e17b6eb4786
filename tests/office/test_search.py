"""What staff type, in whatever spelling or notation, finds whom or what they mean."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cast import Player
from support.client import data
from support.moves import ADDRESS, ask_payout, tell_bank
from support.office import Visitor

PERSONAL = {"firstname": "Jürgen", "lastname": "Müller-Straße", "gender": "M",
            "date_of_birth": "1980-01-02"}  # fmt: skip
CONTACT = {"address_line1": "Hill 1", "country": "276", "city": "Łódź", "zip_code": "90-001",
           "email": "j.mueller@example.org", "mobile": "+49 (151) 234-56781",
           "landline": "0228 7654321"}  # fmt: skip


@pytest.fixture
def jurgen(player: Callable[..., Player]) -> Player:
    member = player("juergen")
    assert member.client.put("profile/personal/", **PERSONAL).status_code == 204
    assert member.client.put("profile/contact/", **CONTACT).status_code == 204
    return member


def is_found(visitor: Visitor, said: str, what: str) -> bool:
    page = visitor.get("/search/", q=said)
    assert page.status_code == 200
    return f">{what}</a>" in page.text


SPELLINGS = [
    "Müller", "Mu\u0308ller", "Muller", "MULLER", "muller strasse", "straße jürg",
    "Jurgen Muller", "lodz", "Łódź", "90-001", "j.mueller@example.org", "mueller",
    "+49 151 23456781", "0151/23456781", "00491512345 6781", "(0151) 234 567 81",
    "+49 228 7654321", "7654321",
]  # fmt: skip


@pytest.mark.parametrize("said", SPELLINGS)
def test_a_member_is_found_in_every_spelling(olga: Visitor, jurgen: Player, said: str) -> None:
    assert is_found(olga, said, jurgen.username)
    assert jurgen.username in olga.get("/members/member/", q=said).text


@pytest.mark.parametrize(
    "said", ["Möller", "uller", "Muller Berlin", "+49 151 23456782", "%", "':*"]
)
def test_somebody_else_is_not_found(olga: Visitor, jurgen: Player, said: str) -> None:
    assert not is_found(olga, said, jurgen.username)


def test_a_member_is_found_by_username_and_by_new_data_only(olga: Visitor, jurgen: Player) -> None:
    assert is_found(olga, jurgen.username.upper(), jurgen.username)
    jurgen.client.put("profile/personal/", **PERSONAL | {"lastname": "Øster"})
    assert is_found(olga, "jurgen oster", jurgen.username)
    assert not is_found(olga, "Müller", jurgen.username)


def test_an_order_a_payout_and_an_epin_are_found_by_their_own_names(
    olga: Visitor, jurgen: Player, fill: Any, give_epin: Any, product: Callable[[str], int]
) -> None:
    fill(jurgen, "50.00")
    tell_bank(jurgen)
    payout = data(ask_payout(jurgen, "10.00"))["payout_id"]
    code = give_epin(jurgen, "5.00")
    jurgen.client.post("cart/shipping_address/", **ADDRESS)
    jurgen.client.post("cart/products/", product_id=product("soap"), quantity=1)
    order = jurgen.client.post("cart/checkout/").headers["Location"].split("/")[-2]
    assert is_found(olga, order.lower(), order)
    assert is_found(olga, payout, payout)
    for number in (order, payout):
        assert is_found(olga, number.replace("-", "").lower(), number), "without its hyphen"
        assert is_found(olga, number[3:], number), "without its prefix"
    assert jurgen.username in olga.get("/search/", q=code.replace("-", "").lower()).text
    everything = olga.get("/search/", q="Müller-Straße").text
    assert all(each in everything for each in (jurgen.username, order, payout, code[-4:]))


def test_only_what_one_may_see_is_found(staff: Callable[..., Visitor], jurgen: Player) -> None:
    assert not is_found(staff("orders.view_order"), "Müller", jurgen.username)
    assert is_found(staff("members.view_member"), "Müller", jurgen.username)


@pytest.mark.parametrize(
    "said", ["", "   ", "nobody like this", "\x00", "'", "a" * 3000, "\\", "\u200d"]
)
def test_whatever_is_typed_makes_no_error(olga: Visitor, said: str) -> None:
    assert olga.get("/search/", q=said).status_code == 200
    assert olga.get("/members/member/", q=said).status_code in {200, 302}


def test_a_name_that_grows_when_it_is_taken_apart_can_be_kept(jurgen: Player) -> None:
    grows = PERSONAL | {"firstname": "\ufdfa" * 100}
    assert jurgen.client.put("profile/personal/", **grows).status_code == 204
