"""Share: one's own link as address, QR code and ready texts, and the picture that chats show."""

import html
import io
import re
from collections.abc import Callable
from typing import Any

from PIL import Image

from portal.conftest import Browser
from support.cast import Cast
from support.customers import customer_of

Opens = Callable[..., Browser]
PICTURE = re.compile(r'property="og:image" content="[^"]*?(/share/[^"]+\.png)"')


def picture_of(browser: Browser, username: str) -> str:
    found = PICTURE.search(browser.get(f"/join/{username}/").text)
    assert found
    return found[1]


def test_the_page_has_the_link_a_code_and_texts(cast: Cast, browser_of: Opens) -> None:
    page = browser_of(cast.anna).get("/share/")
    assert page.headers["Cache-Control"] == "no-store"
    text = html.unescape(page.text)
    assert text.count(f"/join/{cast.anna.username}/") > 4
    assert re.search(r'<svg[^>]*class="qr"', text)
    assert "https://wa.me/?text=" in text
    assert "mailto:?subject=" in text
    assert re.findall(r"<button[^>]*data-(?:copy|share)[^>]*>", text)
    assert not re.findall(r"<button(?![^>]*hidden)[^>]*data-(?:copy|share)[^>]*>", text)


def test_the_code_can_be_printed(cast: Cast, browser_of: Opens) -> None:
    answer = browser_of(cast.anna).get("/share/qr.png")
    assert answer.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).width > 600


def test_a_customer_gives_away_the_sponsor_s_link(cast: Cast, browser_of: Opens) -> None:
    page = browser_of(customer_of(cast.anna)).get("/share/").text
    assert f"/join/{cast.anna.username}/" in page
    assert "team" in page


def test_without_joining_by_link_the_page_says_so(
    cast: Cast, browser_of: Opens, office_sets: Callable[..., Any]
) -> None:
    office_sets(join_by_link=False)
    browser = browser_of(cast.anna)
    page = browser.get("/share/").text
    assert "Nobody can join with a link at the moment" in page
    assert f"/join/{cast.anna.username}/" not in page
    assert browser.get("/share/qr.png").status_code == 404


def test_chats_show_a_picture_that_everybody_may_keep(cast: Cast, browser_of: Opens) -> None:
    visitor = browser_of()
    address = picture_of(visitor, cast.anna.username)
    answer = visitor.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    found = Image.open(io.BytesIO(answer.content))
    assert (found.format, found.size) == ("PNG", (1200, 630))


def test_another_name_has_another_address_and_the_old_one_leads_there(
    cast: Cast, browser_of: Opens
) -> None:
    visitor = browser_of()
    before = picture_of(visitor, cast.anna.username)
    cast.anna.client.put(
        "profile/personal/",
        firstname="Łucja 田中",
        lastname="Example",
        gender="F",
        date_of_birth="1990-05-17",
    )
    after = picture_of(visitor, cast.anna.username)
    assert after != before
    assert visitor.get(before).headers["Location"] == after
    assert visitor.get(after).status_code == 200


def test_a_dead_link_has_no_picture(
    cast: Cast, browser_of: Opens, office_sets: Callable[..., Any]
) -> None:
    visitor = browser_of()
    address = picture_of(visitor, cast.anna.username)
    unknown = address.replace(cast.anna.username, "nobody-of-this-name")
    assert visitor.get(unknown).status_code == 404
    office_sets(join_by_link=False)
    assert visitor.get(address).status_code == 404
