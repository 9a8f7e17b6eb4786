"""The page of a member's branch: who stands below, at which position, with which points."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from support.browser import INSTALL, IS_MISSING, look_through
from support.cast import Cast, enrol, unique
from support.moves import ADDRESS
from support.office import Visitor
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import opening, order_decisions
from upline.genealogy.queries import positions_of
from upline.members.models import User
from upline.orders.models import Order
from upline.screens import branch

TOO_WIDE = "return document.documentElement.scrollWidth > innerWidth"


def tree(member_id: int) -> str:
    return f"/members/member/{member_id}/tree/"


def items(page: str) -> list[str]:
    """Each position's line, as it is read."""
    lines = re.findall(r'<div class="twig">(.*?)</div>', page, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", line)).split()) for line in lines]


def second_of(member_id: int, username: str, side: int) -> int:
    """A second position of a member, below the first one on this side."""
    wish = opening.PositionRequest(member_id, username, side)
    return opening.open_position(UnitOfWork(Shell()), wish, "a test").id


def test_the_page_shows_who_stands_below_with_points(
    olga: Visitor, cast: Cast, office_sets: Any, product: Callable[[str], int]
) -> None:
    office_sets(positions_max=2)
    dan = cast.dan
    second_of(dan.id, dan.username, 2)
    gina = unique("gina")
    enrol(dan.username, gina, dan.username, "L")
    dan.client.post("cart/products/", product_id=product("soap"), quantity=1)
    dan.client.post("cart/shipping_address/", **ADDRESS)
    assert dan.client.post("cart/checkout/").status_code == 204
    order = Order.objects.filter(member_id=dan.id, kind="checkout").latest("pk")
    order_decisions.approve_order(UnitOfWork(Shell()), order.number)
    page = olga.get(tree(cast.ben.id)).text
    lines = items(page)
    assert lines[0].startswith(cast.ben.username)
    (of_dan,) = [line for line in lines if line.startswith(f"{dan.username} ")]
    assert "left" in of_dan
    assert "own 10.00" in of_dan
    assert any(line.startswith(f"{dan.username}/2 ") and "right" in line for line in lines)
    assert any(line.startswith(f"{gina} ") for line in lines)
    assert f'href="/office/members/member/{dan.id}/"' in page
    assert f'href="{"/office" + tree(cast.anna.id)}"' in page, "the way up"


def test_the_sponsor_tree_counts_people_once(olga: Visitor, cast: Cast, office_sets: Any) -> None:
    office_sets(positions_max=2)
    second_of(cast.dan.id, cast.dan.username, 2)
    lines = items(olga.get(tree(cast.anna.id), by="sponsor").text)
    names = [line.split()[0] for line in lines]
    assert len(names) == len(set(names))
    assert f"{cast.dan.username}/2" not in names
    assert cast.ben.username in names


def test_a_further_position_has_a_page_of_its_own(
    olga: Visitor, cast: Cast, office_sets: Any
) -> None:
    office_sets(positions_max=2)
    second = second_of(cast.dan.id, cast.dan.username, 2)
    assert positions_of(cast.dan.id)[1].id == second
    page = olga.get(tree(cast.dan.id), position=second)
    assert items(page.text)[0].startswith(f"{cast.dan.username}/2 ")
    for wrong in ({"position": cast.ben.id}, {"position": "x"},
                  {"position": second, "by": "sponsor"}):  # fmt: skip
        assert olga.get(tree(cast.dan.id), **wrong).status_code == 404


def test_what_is_deeper_is_reached_by_a_link(olga: Visitor, cast: Cast) -> None:
    above = cast.dan.username
    chain = [unique("deep") for _ in range(branch.LEVELS + 1)]
    for name in chain:
        enrol(above, name, above, "L")
        above = name
    page = olga.get(tree(cast.dan.id)).text
    assert any(line.startswith(chain[3]) for line in items(page))
    assert not any(line.startswith(f"{chain[4]} ") for line in items(page))
    last = User.objects.get(username=chain[3]).pk
    assert f'href="/office{tree(last)}"' in page


def test_a_branch_takes_three_statements_whatever_its_size(cast: Cast) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            branch.branch(cast.anna.id, by_sponsor=False)
        return len(captured)

    before = statements()
    for _ in range(5):
        enrol(cast.dan.username, unique("more"))
    assert statements() == before <= 3


def test_staff_without_a_view_of_runs_see_no_points(
    staff: Callable[..., Visitor], cast: Cast
) -> None:
    lines = items(staff("members.view_member").get(tree(cast.anna.id)).text)
    assert lines
    assert not any("own" in line.split() for line in lines)
    assert staff("orders.view_order").get(tree(cast.anna.id)).status_code == 403


@pytest.mark.skipif(IS_MISSING, reason=f"Not looked at in a browser: {INSTALL}")
@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_page_fits_and_is_worked_by_keyboard(width: str, desk: Any, cast: Cast) -> None:
    browser = desk(f"members/member/{cast.anna.id}/")
    look_through(browser, width)
    browser.find_element(By.LINK_TEXT, "Show the branch").send_keys(Keys.ENTER)
    assert not browser.execute_script(TOO_WIDE)
    browser.find_element(By.LINK_TEXT, cast.ben.username).send_keys(Keys.ENTER)
    assert browser.current_url.endswith(f"/members/member/{cast.ben.id}/")
    browser.back()
    browser.execute_script("document.documentElement.dir = 'rtl'")
    assert not browser.execute_script(TOO_WIDE)
    indent = browser.find_element(By.CSS_SELECTOR, ".branch ul")
    assert (
        browser.execute_script(
            "return parseFloat(getComputedStyle(arguments[0]).paddingRight)", indent
        )
        > 0
    )
