"""A member's team over the API: who sees whom, and what of them."""

from collections.abc import Callable

import pytest

from support.cast import Cast, Player
from support.client import Client, data, refused
from support.customers import customer_of
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.members import actions as members
from upline.members.models import Standing

NEVER = ("amount", "balance", "iban", "account_number", "bank", "address_line1", "city", "wallet")
BELOW = {
    "anna": {"ben", "cleo", "dan"},
    "ben": {"dan"},
    "cleo": set(),
    "dan": set(),
    "erik": set(),
}


def usernames(client: Client, **asked: object) -> list[str]:
    return [each["username"] for each in data(client.get("network/team/", **asked))["members"]]


@pytest.mark.parametrize("seen", BELOW)
@pytest.mark.parametrize("viewer", BELOW)
def test_one_sees_those_below_and_nobody_else(shared_cast: Cast, viewer: str, seen: str) -> None:
    who: Player = getattr(shared_cast, viewer)
    whom: Player = getattr(shared_cast, seen)
    answer = who.client.get(f"network/team/{whom.username}/")
    if seen in BELOW[viewer]:
        assert data(answer)["username"] == whom.username
    else:
        nobody = who.client.get("network/team/nobody-of-this-name/")
        refused(answer, 404, "1102")
        assert answer.json() == nobody.json()
    assert (whom.username in usernames(who.client)) == (seen in BELOW[viewer])


def test_contact_is_shown_by_whoever_allows_it(cast: Cast) -> None:
    asked = f"network/team/{cast.dan.username}/"
    hidden = data(cast.anna.client.get(asked))
    assert (hidden["email"], hidden["mobile"]) == ("", "")
    assert data(cast.dan.client.get("profile/visibility/")) == {"is_contact_shown": False}
    assert cast.dan.client.put("profile/visibility/", show="true").status_code == 204
    for above in (cast.anna, cast.ben):
        shown = data(above.client.get(asked))
        assert shown["email"] == f"{cast.dan.username}@example.com"
        assert shown["mobile"] == "+49 170 1234567"
    refused(cast.erik.client.get(asked), 404, "1102")
    cast.dan.client.put("profile/visibility/", show="false")
    assert data(cast.anna.client.get(asked))["email"] == ""


def test_nothing_is_told_of_money_and_addresses(cast: Cast) -> None:
    cast.dan.client.put("profile/visibility/", show="true")
    listed = cast.anna.client.get("network/team/").text
    one = cast.anna.client.get(f"network/team/{cast.dan.username}/").text
    for word in NEVER:
        assert word not in listed
        assert word not in one


def test_a_sponsor_above_the_viewer_is_not_named(cast: Cast, player: Callable[..., Player]) -> None:
    spilled = player("gus", cast.anna.username, cast.dan.username, "L")
    seen = data(cast.ben.client.get(f"network/team/{spilled.username}/"))
    assert seen["sponsor"] == ""
    assert data(cast.anna.client.get(f"network/team/{spilled.username}/"))["sponsor"] == (
        cast.anna.username
    )
    assert spilled.username in usernames(cast.ben.client, team="left")
    assert spilled.username not in usernames(cast.ben.client)


def test_parts_and_filters_narrow_it(shared_cast: Cast) -> None:
    anna, ben, cleo, dan = shared_cast.anna, shared_cast.ben, shared_cast.cleo, shared_cast.dan
    assert usernames(anna.client) == [dan.username, cleo.username, ben.username]
    assert usernames(anna.client, team="direct") == [cleo.username, ben.username]
    # Families of other tests stand below, at the outer end of anna's left leg.
    left = usernames(anna.client, team="left", limit=200)
    assert [each for each in left if each in (ben.username, cleo.username, dan.username)] == [
        dan.username, ben.username,
    ]  # fmt: skip
    assert usernames(anna.client, team="right") == [cleo.username]
    assert usernames(anna.client, show="new", team="right") == [cleo.username]
    assert usernames(anna.client, search=dan.username.upper()) == [dan.username]
    assert usernames(anna.client, search="exam", team="right") == [cleo.username]
    assert usernames(anna.client, search="nobody") == []


def test_the_search_does_not_find_by_what_is_not_shown(shared_cast: Cast) -> None:
    anna, dan = shared_cast.anna, shared_cast.dan
    for secret in (f"{dan.username}@example.com", "example.com", "+49 170 1234567", "1234567"):
        found = usernames(anna.client, search=secret)
        assert dan.username not in found, secret


@pytest.mark.parametrize(
    "odd",
    ["'", '"', "%", "_", "\\", ":*", "& |", "' OR 1=1 --", "(", "ß", "🙂", "a" * 100, "--", "!"],
)
def test_odd_searches_find_nobody_and_break_nothing(shared_cast: Cast, odd: str) -> None:
    assert usernames(shared_cast.anna.client, search=odd) == []


def test_pages_follow_each_other_by_key(shared_cast: Cast) -> None:
    client = shared_cast.anna.client
    first = data(client.get("network/team/", limit=2))
    second = data(client.get("network/team/", limit=2, cursor=first["next_cursor"]))
    assert [first["count"], first["is_count_exact"]] == [3, True]
    assert [each["level"] for each in first["members"] + second["members"]] == [2, 1, 1]
    assert second["next_cursor"] is None


def test_unknown_filters_are_refused(shared_cast: Cast) -> None:
    client = shared_cast.anna.client
    refused(client.get("network/team/", show="rich"), 422, "1004", "show")
    refused(client.get("network/team/", team="up"), 422, "1004", "team")
    refused(client.get("network/team/", city="Berlin"), 422, "1004", "city")


def test_who_has_left_is_not_in_the_list(cast: Cast) -> None:
    unit = UnitOfWork(Shell())
    unit.commit(lambda: members.change_standing(unit, cast.cleo.id, Standing.CLOSED, "left"))
    assert cast.cleo.username not in usernames(cast.anna.client)
    refused(cast.anna.client.get(f"network/team/{cast.cleo.username}/"), 404, "1102")


def test_customers_have_no_team(cast: Cast) -> None:
    carl = customer_of(cast.anna)
    refused(carl.client.get("network/team/"), 403, "1101")
    refused(carl.client.get(f"network/team/{cast.anna.username}/"), 403, "1101")
    assert carl.username not in usernames(cast.anna.client)
    refused(cast.anna.client.get(f"network/team/{carl.username}/"), 404, "1102")
