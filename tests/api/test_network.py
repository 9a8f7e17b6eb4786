"""`network/tree/` and `countries/…`."""

from typing import Any

import pytest

from support.cast import Cast, Player, unique
from support.client import data, refused
from support.installation import ROOT_MEMBER
from upline.members.models import Member
from upline.members.queries import Caller
from upline.screens import team


def tree(cast: Cast, **query: Any) -> list[tuple[Any, ...]]:
    found = data(cast.anna.client.get("network/tree/", **query))
    assert found["is_complete"] is True
    return [
        (node["username"], node["parent"], node["position"], node["depth"])
        for node in found["nodes"]
    ]


def test_members_see_their_own_team_level_by_level(cast: Cast) -> None:
    anna, ben, cleo, dan = (each.username for each in (cast.anna, cast.ben, cast.cleo, cast.dan))
    own = tree(cast)
    assert (own[0][0], own[0][1], own[0][3]) == (anna, None, 0)
    assert own[1:] == [(ben, anna, "L", 1), (cleo, anna, "R", 1), (dan, ben, "L", 2)]
    assert tree(cast, depth=1) == own[:3]
    assert tree(cast, depth=0) == own[:1]


def test_a_branch_of_the_team_is_numbered_from_its_top(cast: Cast) -> None:
    ben, dan = cast.ben.username, cast.dan.username
    assert tree(cast, username=ben.upper()) == [(ben, None, "L", 0), (dan, ben, "L", 1)]
    assert tree(cast, username=cast.cleo.username) == [(cast.cleo.username, None, "R", 0)]


def test_when_each_joined_is_told_in_utc(cast: Cast) -> None:
    node = data(cast.anna.client.get("network/tree/"))["nodes"][0]
    joined = Member.objects.get(pk=cast.anna.id).joined_at
    assert node["joined"] == joined.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_outside_the_team_everybody_is_404_known_or_not(cast: Cast) -> None:
    outside = (cast.erik.username, ROOT_MEMBER, "olga", unique("nobody"))
    answers = [cast.anna.client.get("network/tree/", username=each) for each in outside]
    for answer in answers:
        refused(answer, 404, "1102")
    assert len({answer.text for answer in answers}) == 1
    refused(cast.ben.client.get("network/tree/", username=cast.anna.username), 404, "1102")
    refused(cast.ben.client.get("network/tree/", username=cast.cleo.username), 404, "1102")


@pytest.mark.parametrize("depth", ["-1", "51", "x", "1.0"])
def test_the_depth_is_0_to_50(cast: Cast, depth: str) -> None:
    refused(cast.anna.client.get("network/tree/", depth=depth), 422, "1004", "depth")


def test_a_branch_is_cut_and_says_so(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(team, "NODES_MAX", 2)
    nodes, is_complete = team.branch(
        Caller(0, frozenset(), cast.anna.id, cast.anna.username), "", 3
    )
    assert (len(nodes), is_complete) == (2, False)


def test_all_countries_are_listed_whole(cast: Cast) -> None:
    countries = data(cast.anna.client.get("countries/"))["countries"]
    assert len(countries) == 250
    assert {"id": 276, "name": "Germany", "code": "DE"} in countries
    assert {"id": 4, "name": "Afghanistan", "code": "AF"} in countries
    assert len({each["id"] for each in countries}) == 250


@pytest.mark.parametrize(("country", "count"), [("276", 16), ("840", 57), ("10", 0), ("010", 0)])
def test_the_states_of_a_country_are_listed_whole(cast: Cast, country: str, count: int) -> None:
    states = data(cast.anna.client.get(f"countries/{country}/states/"))["states"]
    assert len(states) == count


@pytest.mark.parametrize("country", ["999", "0", "0276", "DE", "-1", "2.0", "%D9%A3"])
def test_the_states_of_no_country_are_404(cast: Cast, country: str) -> None:
    refused(cast.anna.client.get(f"countries/{country}/states/"), 404, "1102")


# Written down for good: profiles hold these numbers.
STATE_IDS = {"DE-BY": 907, "DE-NW": 913, "IN-DL": 2006, "IN-KL": 2014, "US-NY": 4829}


def test_state_ids_never_change(cast: Cast) -> None:
    shown = [
        state
        for country in (276, 356, 840)
        for state in data(cast.anna.client.get(f"countries/{country}/states/"))["states"]
    ]
    by_code = {each["code"]: each["id"] for each in shown}
    assert {code: by_code[code] for code in STATE_IDS} == STATE_IDS


def test_countries_have_the_names_people_use_in_the_order_of_a_dictionary(mia: Player) -> None:
    names = [each["name"] for each in data(mia.client.get("countries/"))["countries"]]
    assert names[:3] == ["Afghanistan", "Åland Islands", "Albania"]
    assert {"Kosovo", "Taiwan", "Türkiye", "Côte d\u2019Ivoire", "South Korea"} <= set(names)
    assert mia.client.get("countries/983/states/").json()["data"] == {"states": []}
