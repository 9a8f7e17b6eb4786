"""Whoever joins by the link of a free place stands there, or is told why not."""

import re
from collections.abc import Callable
from html import unescape

from portal.conftest import Browser
from portal.test_join import agrees, details, joins
from support.cast import Cast, Player, enrol, unique
from upline.genealogy.models import Position
from upline.members.models import Member

Opens = Callable[..., Browser]


def link_of(browser: Browser, below: Player, side: str) -> str:
    page = browser.get(f"/tree/place/?below={below.username}&side={side}").text
    found = re.search(r'href="(/join/[^"]+place=[^"]+)"', page)
    assert found, page
    return unescape(found[1])


def test_who_joins_by_a_place_s_link_stands_there(cast: Cast, browser_of: Opens) -> None:
    link = link_of(browser_of(cast.anna), cast.ben, "R")
    visitor = browser_of()
    assert visitor.get(link).headers["Location"] == f"/join/{cast.anna.username}/"
    assert "Anna" in visitor.get(f"/join/{cast.anna.username}/").text
    assert joins(visitor, cast.anna).headers["Location"] == "/home/"
    new = Position.objects.get(parent_id=cast.ben.id, side=2)
    assert new.sponsor_id == cast.anna.id


def test_a_place_that_was_taken_meanwhile_is_told_before_anything_happens(
    cast: Cast, browser_of: Opens
) -> None:
    visitor = browser_of()
    visitor.get(link_of(browser_of(cast.anna), cast.cleo, "L"))
    enrol(cast.cleo.username, unique("quick"), cast.cleo.username, "L")
    before = Member.objects.count()
    told = joins(visitor, cast.anna)
    assert told.status_code == 409
    assert "is no longer free" in told.text
    assert Member.objects.count() == before
    assert agrees(visitor, cast.anna).headers["Location"] == "/home/"
    assert Member.objects.count() == before + 1


def test_a_link_that_is_too_old_or_another_sponsor_s_says_so(cast: Cast, browser_of: Opens) -> None:
    link = link_of(browser_of(cast.anna), cast.cleo, "R")
    visitor = browser_of()
    for wrong in (link.replace(cast.anna.username, cast.ben.username), f"{link}x"):
        told = visitor.get(visitor.get(wrong).headers["Location"]).text
        assert "is too old" in told
    to = f"/join/{cast.anna.username}"
    packs = re.findall(r'name="package" value="(\d+)"', visitor.get(f"{to}/pack/").text)
    visitor.send(f"{to}/pack/", package=packs[0])
    visitor.send(f"{to}/you/", **details())
    assert agrees(visitor, cast.anna).headers["Location"] == "/home/"
    assert not Position.objects.filter(parent_id=cast.cleo.id, side=2).exists()
