"""The tree as a list: one's own branch downwards, both trees, and free places to enrol into."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.conftest import Browser
from support.approved_runs import approved_run
from support.cast import Cast, enrol, unique
from support.customers import customer_of
from upline.base import clock
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.company import current, queries
from upline.flows import opening, place_links
from upline.genealogy.models import Position
from upline.members.queries import Caller
from upline.screens import branch, own_tree

Opens = Callable[..., Browser]


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def listed(page: str) -> list[str]:
    """The positions of the list, by the names that their links have."""
    part = page[page.index('class="branch"') :]
    return [parse_qs(urlsplit(unescape(each)).query)["at"][0]
            for each in re.findall(r'class="first"><a href="([^"]+)"', part)]  # fmt: skip


def caller_of(member_id: int, username: str) -> Caller:
    return Caller(0, frozenset(), member_id, username)


def second_of(member_id: int, username: str, side: int) -> int:
    wish = opening.PositionRequest(member_id, username, side)
    return opening.open_position(UnitOfWork(Shell()), wish, "a test").id


def test_it_starts_at_me_with_two_levels_and_goes_on_by_links(
    cast: Cast, browser_of: Opens
) -> None:
    below = unique("gina")
    enrol(cast.dan.username, below, cast.dan.username, "L")
    browser = browser_of(cast.anna)
    page = browser.get("/tree/").text
    names = [cast.anna.username, cast.ben.username, cast.dan.username, cast.cleo.username]
    assert listed(page) == names
    assert "1 directly below" in words(page)
    deeper = browser.get(f"/tree/?at={cast.dan.username}").text
    assert listed(deeper) == [cast.dan.username, below]
    crumbs = deeper[deeper.index('class="tree-crumbs"') :]
    assert re.findall(r"at=([^\"]+)", crumbs)[0] == cast.ben.username
    assert 'href="/tree/">You<' in crumbs


def test_nobody_looks_above_or_beside_their_own_branch(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(cast.ben)
    for name in (cast.anna.username, cast.cleo.username, cast.erik.username, "acme", "nobody",
                 f"{cast.anna.username}/2", "%00", "ü", "a/b/c"):  # fmt: skip
        for path in ("tree/", "tree/sponsored/", "tree/branch/placed/", "tree/branch/sponsored/",
                     "tree/way/placed/", "tree/way/sponsored/"):  # fmt: skip
            assert browser.get(f"/{path}?at={name}").status_code == 404, (path, name)
        assert browser.get(f"/tree/place/?below={name}&side=L").status_code == 404
    assert browser.get("/tree/branch/other/").status_code == 404
    page = browser.get("/tree/").text
    assert "Your sponsor is Anna" in words(page)
    for name in (cast.anna.username, cast.cleo.username):
        assert name not in page


def test_the_way_among_sponsors_ends_before_those_above_me(cast: Cast, browser_of: Opens) -> None:
    """Anna sponsors somebody who stands in Ben's team."""
    spilled = unique("spill")
    enrol(cast.anna.username, spilled, cast.ben.username, "R")
    page = browser_of(cast.ben).get(f"/tree/sponsored/?at={spilled}").text
    assert cast.anna.username not in page
    assert listed(page) == [spilled]
    assert spilled not in browser_of(cast.ben).get("/tree/sponsored/").text
    assert spilled in browser_of(cast.ben).get("/tree/").text


def test_customers_and_strangers_have_no_tree(cast: Cast, browser_of: Opens) -> None:
    customer = browser_of(customer_of(cast.anna))
    for path in ("tree/", "tree/sponsored/", "tree/find/?q=a", "tree/branch/placed/",
                 "tree/way/placed/", f"tree/place/?below={cast.anna.username}&side=L"):  # fmt: skip
        assert customer.get(f"/{path}").status_code == 404
        assert browser_of().get(f"/{path}").headers["Location"].startswith("/sign-in/")


def test_both_trees_have_addresses_and_the_sponsor_tree_has_people_once(
    cast: Cast, browser_of: Opens, office_sets: Any
) -> None:
    office_sets(positions_max=2)
    second = second_of(cast.dan.id, cast.dan.username, 2)
    browser = browser_of(cast.anna)
    page = browser.get(f"/tree/?at={cast.dan.username}").text
    assert f'href="/tree/sponsored/?at={cast.dan.username}"' in page
    switch = f"/tree/?at={cast.dan.username}%2F2"
    assert f'href="{switch}" ' in page or f'href="{switch}">' in page
    other = browser.get(switch).text
    assert listed(other) == [f"{cast.dan.username}/2"]
    assert browser.get(switch.replace("/tree/", "/tree/sponsored/")).status_code == 404
    assert f"{cast.dan.username}/2" not in listed(browser.get("/tree/sponsored/").text)
    assert Position.objects.get(pk=second).member_id == cast.dan.id


@pytest.mark.parametrize("asked", ["first", "user", "both"])
def test_search_leads_to_whom_it_names(cast: Cast, browser_of: Opens, asked: str) -> None:
    said = {"first": "Dan", "user": cast.dan.username[:-1], "both": f"example {cast.dan.username}"}
    browser = browser_of(cast.ben)
    answer = browser.get(f"/tree/?q={said[asked]}")
    assert answer.headers.get("Location") == f"/tree/?at={cast.dan.username}", answer.text
    found = browser.get(f"/tree/find/?q={said[asked]}").json()["found"]
    assert [each["at"] for each in found] == [cast.dan.username]


def test_search_finds_nobody_elsewhere_nor_by_what_a_sponsor_may_not_know(
    cast: Cast, browser_of: Opens
) -> None:
    browser = browser_of(cast.ben)
    for said in (cast.cleo.username, cast.anna.username, f"{cast.dan.username}@example.com",
                 "Berlin", "1701234567", "4917", "!", "%00", "x" * 5000):  # fmt: skip
        answer = browser.get(f"/tree/?q={said}")
        assert answer.status_code == 200
        assert "Nobody in your team" in words(answer.text)
        assert browser.get(f"/tree/find/?q={said}").json() == {"found": []}


def test_search_in_a_large_team_finds_the_same_people(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        enrol(cast.ben.username, unique("zora"))
    me = caller_of(cast.ben.id, cast.ben.username)
    small = {each.id for each in own_tree.search(me, "zora")}
    monkeypatch.setattr(own_tree, "_SMALL_TEAM", 1)
    assert {each.id for each in own_tree.search(me, "zora")} == small
    assert len(small) == 3
    assert own_tree.search(me, cast.cleo.username) == []


def test_a_wide_level_is_paged_by_key(cast: Cast, browser_of: Opens) -> None:
    names = [unique("wide") for _ in range(30)]
    for name in names:
        enrol(cast.erik.username, name)
    browser = browser_of(cast.erik)
    first = browser.get("/tree/sponsored/").text
    assert listed(first)[1:] == names[:25]
    more = re.search(r'href="(/tree/sponsored/\?[^"]*after=\d+)"', first)
    assert more
    assert listed(browser.get(unescape(more[1])).text)[1:] == names[25:]
    data = browser.get("/tree/branch/sponsored/").json()["nodes"]
    assert len(data) == 26
    assert data[0]["after"]
    later = browser.get(f"/tree/branch/sponsored/?after={data[0]['after']}").json()["nodes"]
    assert [each["at"] for each in later[1:]] == names[25:]
    assert later[0]["after"] == 0


def test_free_places_lead_to_a_link_that_names_the_place(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(cast.anna)
    page = browser.get("/tree/").text
    assert f"/tree/place/?below={cast.ben.username}&amp;side=R" in page
    assert f"below={cast.ben.username}&amp;side=L" not in page, "Dan stands there"
    place = browser.get(f"/tree/place/?below={cast.ben.username}&side=R").text
    assert f"The place on the right below {cast.ben.username} is free." in words(place)
    link = re.search(rf'href="/join/{cast.anna.username}/\?place=([^"]+)"', place)
    assert link
    with current.bound(queries.load_company()):
        opened = place_links.unseal(cast.anna.username, link[1])
        assert opened == place_links.OpenPlace(cast.ben.username, cast.ben.id, "R")
        assert place_links.unseal(cast.ben.username, link[1]) is None, "another sponsor's link"
        assert place_links.unseal(cast.anna.username, f"{link[1]}x") is None


def test_a_place_that_is_taken_or_a_closed_door_says_so(
    cast: Cast, browser_of: Opens, office_sets: Any
) -> None:
    browser = browser_of(cast.anna)
    taken = browser.get(f"/tree/place/?below={cast.anna.username}&side=L")
    assert "This position is taken." in words(taken.text)
    assert "?place=" not in taken.text
    for side in ("", "l", "X"):
        address = f"/tree/place/?below={cast.anna.username}&side={side}"
        assert browser.get(address).status_code == 404
    office_sets(registration_open=False)
    assert "Registration is closed." in words(
        browser.get(f"/tree/place/?below={cast.ben.username}&side=R").text
    )
    assert "/tree/place/" not in browser.get("/tree/").text


def test_a_sealed_place_is_good_for_seven_days(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with current.bound(queries.load_company()):
        me = caller_of(cast.anna.id, cast.anna.username)
        link = place_links.seal(me, cast.ben.username, "R")
        assert place_links.unseal(cast.anna.username, link.sealed) == link.place
        monkeypatch.setattr(clock, "now", lambda: link.ends)
        assert place_links.unseal(cast.anna.username, link.sealed) is None


def test_the_tree_tells_points_and_legs_and_nothing_of_earnings(
    cast: Cast, browser_of: Opens
) -> None:
    approved_run(cast.ben.id)
    browser = browser_of(cast.anna)
    node = browser.get("/tree/branch/placed/").json()["nodes"][0]
    assert set(node) == {
        "id", "above", "side", "at", "address", "name", "initials", "tint", "picture", "facts",
        "since", "statuses", "own", "volumes", "legs", "hidden", "chip", "isOpen", "after",
        "places",
    }  # fmt: skip
    page = words(browser.get("/tree/").text)
    assert "0 points" in page
    assert "EUR" not in page


def test_a_tree_takes_as_many_statements_whatever_its_size(cast: Cast) -> None:
    def statements() -> int:
        me = caller_of(cast.anna.id, cast.anna.username)
        with CaptureQueriesContext(connection) as captured:
            branch.branch(cast.anna.id, by_sponsor=False, levels=2, wide=25)
            own_tree.way_to(me, cast.dan.id, by_sponsor=False)
            own_tree.positions_in_team(me, cast.dan.id)
            own_tree.sponsor_name(me)
        return len(captured)

    before = statements()
    above = cast.dan.username
    for _ in range(6):
        below = unique("deep")
        enrol(above, below, above, "L")
        above = below
    assert statements() == before <= 6


def test_a_deep_way_is_shortened_and_leads_back_to_me(cast: Cast, browser_of: Opens) -> None:
    above = cast.dan.username
    for _ in range(own_tree.WAY_MOST + 3):
        below = unique("deep")
        enrol(above, below, above, "L")
        above = below
    browser = browser_of(cast.anna)
    page = browser.get(f"/tree/?at={above}").text
    crumbs = page[page.index('class="tree-crumbs"') :].split("</nav>")[0]
    assert words(crumbs.split(">", 1)[1]).startswith("You …")
    assert len(browser.get(f"/tree/way/placed/?at={above}").json()["way"]) == own_tree.WAY_MOST + 1
