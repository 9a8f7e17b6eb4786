"""`profile/…`: what members say about themselves."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cast import Cast, Player, unique
from support.client import data, refused
from support.installation import PASSWORD, ROOT_MEMBER
from support.moves import worker_looks_up
from upline.api.http.fields import country_id, state_id
from upline.base import countries
from upline.mailings.models import Mail
from upline.members.models import Member

# The 26 fields in the published API's order, and what it lacks.
FIELDS = [
    "username", "rank_name", "profile_image", "placement_user", "sponsor_user", "position",
    "membership_package", "firstname", "lastname", "gender", "date_of_birth", "address_line1",
    "address_line2", "country", "state", "city", "zip_code", "email", "mobile", "landline",
    "bank_name", "branch_name", "account_holder", "account_number", "ifsc", "pan",
    "country_id", "state_id", "position_id", "position_status",
]  # fmt: skip
PERSONAL = {"firstname": "Mia", "lastname": "Example", "gender": "F", "date_of_birth": "1990-05-17"}
CONTACT = {
    "address_line1": "Hill 1", "address_line2": "Second floor", "country": "276", "city": "Bonn",
    "zip_code": "53111", "email": "mia@example.org", "mobile": "+49 170 1", "landline": "0228 1234",
}  # fmt: skip
BANK = {
    "bank_name": "Acme Bank", "branch_name": "Bonn", "account_holder": "Mia Example",
    "account_number": "DE89370400440532013000", "ifsc": "SBIN0005943", "pan": "ABCDE1234F",
}  # fmt: skip
BANK_ADDRESSES = ("profile/bank/", "profile/personal/")


def shown(member: Player) -> dict[str, Any]:
    found: dict[str, Any] = data(member.client.get("profile/"))
    return found


def state_of(member: Player, country: int, code: str) -> int:
    states = data(member.client.get(f"countries/{country}/states/"))["states"]
    return next(int(state["id"]) for state in states if state["code"] == code)


def test_the_profile_has_the_26_fields_in_the_documents_order(cast: Cast) -> None:
    found = shown(cast.dan)
    assert list(found) == FIELDS
    assert all(isinstance(found[name], str) for name in FIELDS[:26])
    assert found["placement_user"] == found["sponsor_user"] == cast.ben.username
    assert (found["position"], found["membership_package"]) == ("L", "Starter")
    assert shown(cast.cleo)["position"] == "R"


def test_what_has_no_value_is_an_empty_string(mia: Player) -> None:
    found = shown(mia)
    empty = {name for name in FIELDS[:26] if found[name] == ""}
    assert empty == {
        "rank_name", "profile_image", "gender", "address_line1", "address_line2", "country",
        "state", "city", "zip_code", "landline", *BANK,
    }  # fmt: skip
    assert (found["country_id"], found["state_id"]) == (None, None)


def test_the_root_stands_below_nobody(player: Callable[..., Player], stranger: Any) -> None:
    stranger.sign_in(ROOT_MEMBER, PASSWORD)
    found = data(stranger.get("profile/"))
    assert [found[name] for name in ("placement_user", "sponsor_user", "position")] == [""] * 3
    assert found["membership_package"] == ""


def test_personal_data_are_changed(mia: Player) -> None:
    answer = mia.client.put("profile/personal/", **PERSONAL)
    assert (answer.status_code, answer.content) == (204, b"")
    found = shown(mia)
    assert {name: found[name] for name in PERSONAL} == PERSONAL


def test_what_is_not_sent_stays_and_what_is_sent_empty_is_cleared(mia: Player) -> None:
    mia.client.put("profile/personal/", **PERSONAL)
    required = {name: PERSONAL[name] for name in ("firstname", "gender", "date_of_birth")}
    mia.client.put("profile/personal/", **required)
    assert shown(mia)["lastname"] == "Example"
    mia.client.call("PUT", "profile/personal/", json=required | {"lastname": None})
    assert shown(mia)["lastname"] == "Example"
    mia.client.put("profile/personal/", **required, lastname="")
    assert shown(mia)["lastname"] == ""


def test_wrong_personal_data_are_named_all_at_once(
    mia: Player, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = mia.client.put("profile/personal/", lastname="x")
        refused(answer, 422, "1004", "firstname", "gender", "date_of_birth")
        for gender in ("X", "male"):
            answer = mia.client.put("profile/personal/", **(PERSONAL | {"gender": gender}))
            refused(answer, 422, "1004", "gender")
        future = mia.client.put("profile/personal/", **(PERSONAL | {"date_of_birth": "2090-01-01"}))
        refused(future, 422, "1004", "date_of_birth")
        wrong = mia.client.put("profile/personal/", **(PERSONAL | {"date_of_birth": "1.1.1990"}))
        refused(wrong, 422, "1013", "date_of_birth")


def test_contact_data_are_changed_and_shown_with_names(mia: Player) -> None:
    state = state_of(mia, 276, "DE-NW")
    answer = mia.client.put("profile/contact/", **CONTACT, state=state)
    assert (answer.status_code, answer.content) == (204, b"")
    found = shown(mia)
    assert {name: found[name] for name in CONTACT} == CONTACT | {"country": "Germany"}
    assert found["state"] == "Nordrhein-Westfalen"
    assert (found["country_id"], found["state_id"]) == (276, state)


def test_country_and_state_are_also_taken_by_the_names_that_the_profile_gives(mia: Player) -> None:
    bavaria = state_of(mia, 276, "DE-BY")
    mia.client.put("profile/contact/", **CONTACT, state=bavaria)
    before = shown(mia)
    names = {"country": before["country"], "state": before["state"]}
    assert mia.client.put("profile/contact/", **CONTACT | names).status_code == 204
    assert shown(mia) == before
    typed = {"country": " germany ", "state": "BAYERN"}
    assert mia.client.put("profile/contact/", **CONTACT | typed).status_code == 204
    assert shown(mia) == before


def test_every_country_and_state_is_found_by_its_name() -> None:
    for country in countries.all_countries().values():
        assert country_id(country.name) == country.id
        states = countries.states_of(country.id).values()
        first = {state.name.casefold(): state.id for state in reversed(states)}
        for state in states:
            assert state_id(country.id, state.name) == first[state.name.casefold()]


def test_a_gender_is_read_in_any_case(mia: Player) -> None:
    assert mia.client.put("profile/personal/", **(PERSONAL | {"gender": "f"})).status_code == 204
    assert shown(mia)["gender"] == "F"


def test_optional_contact_data_stay_or_are_cleared(mia: Player) -> None:
    mia.client.put("profile/contact/", **CONTACT, state=state_of(mia, 276, "DE-NW"))
    optional = ("address_line2", "zip_code", "landline", "state")
    required = {name: value for name, value in CONTACT.items() if name not in optional}
    before = shown(mia)
    assert mia.client.put("profile/contact/", **required).status_code == 204
    assert shown(mia) == before
    mia.client.put("profile/contact/", **required, **dict.fromkeys(optional, ""))
    assert [shown(mia)[name] for name in (*optional, "state_id")] == ["", "", "", "", None]


def test_moving_to_another_country_leaves_the_old_state_behind(mia: Player) -> None:
    mia.client.put("profile/contact/", **CONTACT, state=state_of(mia, 276, "DE-NW"))
    mia.client.put("profile/contact/", **(CONTACT | {"country": "356"}))
    found = shown(mia)
    assert (found["country"], found["state"], found["state_id"]) == ("India", "", None)


def test_wrong_contact_data_are_named_all_at_once(
    mia: Player, nothing_changes: Callable[[], Any]
) -> None:
    bavaria = state_of(mia, 276, "DE-BY")
    required = ("address_line1", "country", "city", "email", "mobile")
    cases: list[tuple[dict[str, Any], tuple[str, ...]]] = [
        (dict.fromkeys(CONTACT, ""), required),
        (CONTACT | {"country": "999"}, ("country",)),
        (CONTACT | {"country": "DE"}, ("country",)),
        (CONTACT | {"country": "Atlantis", "state": "Bayern"}, ("country",)),
        (CONTACT | {"country": "India", "state": "Bayern"}, ("state",)),
        (CONTACT | {"country": "356", "state": bavaria}, ("state",)),
        (CONTACT | {"state": "1000001"}, ("state",)),
        (
            CONTACT | {"email": "mia@", "mobile": "x", "landline": "y"},
            ("email", "mobile", "landline"),
        ),
        (CONTACT | {"mobile": "0000000", "landline": "+00 (000) 00"}, ("mobile", "landline")),
    ]
    with nothing_changes():
        for body, fields in cases:
            refused(mia.client.put("profile/contact/", **body), 422, "1004", *fields)


def test_a_new_email_shows_at_once_but_resets_go_to_the_confirmed_one(
    mia: Player, stranger: Any
) -> None:
    mia.client.put("profile/contact/", **CONTACT)
    assert shown(mia)["email"] == "mia@example.org"
    stranger.post("profile/password/forget/", username=mia.username)
    worker_looks_up()
    confirmed = f"{mia.username}@example.com"
    mails = [(mail.kind, mail.to_address) for mail in Mail.objects.filter(user_id=mia.id)]
    assert sorted(mails) == [
        ("confirm_email", "mia@example.org"),
        ("email_changed", confirmed),
        ("reset_login", confirmed),
        ("welcome", confirmed),
    ]


def test_the_same_email_again_mails_nobody(mia: Player) -> None:
    mia.client.put("profile/contact/", **CONTACT)
    before = Mail.objects.count()
    assert mia.client.put("profile/contact/", **CONTACT).status_code == 204
    assert Mail.objects.count() == before


def test_another_members_email_is_refused_where_the_office_wants_one_each(
    mia: Player,
    player: Callable[..., Player],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    other = player("nora")
    taken = f"{other.username}@example.com".upper()
    office_sets(one_member_per_email=True)
    with nothing_changes():
        answer = mia.client.put("profile/contact/", **(CONTACT | {"email": taken}))
        refused(answer, 422, "1004", "email")
    own = CONTACT | {"email": f"{mia.username}@example.com"}
    assert mia.client.put("profile/contact/", **own).status_code == 204


@pytest.mark.parametrize("path", BANK_ADDRESSES)
def test_bank_data_are_changed_shown_whole_and_kept_encrypted(mia: Player, path: str) -> None:
    answer = mia.client.put(path, **BANK)
    assert (answer.status_code, answer.content) == (204, b"")
    found = shown(mia)
    assert {name: found[name] for name in BANK} == BANK
    sealed = bytes(Member.objects.get(pk=mia.id).bank_sealed or b"")
    assert sealed
    assert all(value.encode() not in sealed for value in BANK.values())


@pytest.mark.parametrize("path", BANK_ADDRESSES)
def test_bank_data_not_sent_stay_and_sent_empty_are_cleared(mia: Player, path: str) -> None:
    mia.client.put(path, **BANK)
    assert mia.client.put(path, pan="", ifsc="HDFC0000001").status_code == 204
    found = shown(mia)
    changed = BANK | {"pan": "", "ifsc": "HDFC0000001"}
    assert {name: found[name] for name in BANK} == changed


def test_a_bank_call_without_parameters_changes_nothing(
    mia: Player, nothing_changes: Callable[[], Any]
) -> None:
    mia.client.put("profile/bank/", **BANK)
    before = shown(mia)
    assert mia.client.put("profile/bank/").status_code == 204
    assert shown(mia) == before


def test_bank_data_longer_than_their_place_are_refused(
    mia: Player, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = mia.client.put("profile/bank/", **dict.fromkeys(BANK, "x" * 101))
        refused(answer, 422, "1004", *BANK)


def test_account_number_may_be_a_json_integer(mia: Player) -> None:
    answer = mia.client.call("PUT", "profile/bank/", json={"account_number": 12345678901234567890})
    assert answer.status_code == 204
    assert shown(mia)["account_number"] == "12345678901234567890"


def test_row_3_nobody_sees_anothers_data(mia: Player, player: Callable[..., Player]) -> None:
    mia.client.put("profile/bank/", **BANK)
    other = player(unique("nora"))
    assert shown(other)["account_number"] == ""
