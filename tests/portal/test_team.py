"""Team: who is below, narrowed and searched by addresses, without scripts."""

import csv
import io
import re
from collections.abc import Callable

import pytest

from portal.conftest import Browser
from support.cast import Cast, Player, enrol, unique
from support.customers import customer_of
from support.statements import statements_of

Opens = Callable[..., Browser]
STATEMENTS_MOST = 14
CARD = re.compile(r'href="/team/([^"/]+)/"')


def cards(browser: Browser, query: str = "") -> list[str]:
    answer = browser.get(f"/team/{query}")
    assert answer.status_code == 200, answer.text
    return CARD.findall(answer.text)


def headline(browser: Browser, query: str = "") -> str:
    found = re.search(r"<h1>([^<]*)</h1>", browser.get(f"/team/{query}").text)
    assert found
    return found[1]


def test_everybody_below_has_a_card(shared_cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(shared_cast.anna)
    below = [shared_cast.dan, shared_cast.cleo, shared_cast.ben]
    assert cards(browser) == [each.username for each in below]
    assert headline(browser) == "3 people in your team"
    page = browser.get("/team/")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Sponsored by you" in page.text
    assert f"Sponsored by {shared_cast.ben.username}" in page.text


def test_a_team_of_nobody_says_how_it_begins(shared_cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(shared_cast.dan)
    assert headline(browser) == "Your team begins with the first person you invite"
    assert "Whoever joins with your link appears here" in browser.get("/team/").text
    assert headline(browser, "?show=new") == "Nobody joined in the last 30 days"
    assert "Show everybody" in browser.get("/team/?show=new").text


def test_each_choice_has_an_address_and_keeps_the_others(
    shared_cast: Cast, browser_of: Opens
) -> None:
    browser = browser_of(shared_cast.anna)
    page = browser.get("/team/?search=exam&show=new").text
    assert 'href="?team=left&amp;show=new&amp;search=exam"' in page
    assert 'href="?show=no_order&amp;search=exam"' in page
    assert 'href="?search=exam"' in page
    assert '<input type="hidden" name="show" value="new">' in page
    assert 'value="exam"' in page
    assert cards(browser, "?team=right&search=exam") == [shared_cast.cleo.username]


@pytest.mark.parametrize(
    "odd",
    ["show=rich", "team=up", "before=x", "before=-1", f"before={'9' * 30}", "before=٣", "show=",
     "search=%00", "search=%F0%9F%99%82", "search=' OR 1=1", "search=%25", "as=pdf"],
)  # fmt: skip
def test_odd_addresses_are_answered(shared_cast: Cast, browser_of: Opens, odd: str) -> None:
    assert browser_of(shared_cast.anna).get(f"/team/?{odd}").status_code == 200


def test_what_was_searched_for_is_shown_and_never_run(shared_cast: Cast, browser_of: Opens) -> None:
    page = browser_of(shared_cast.anna).get('/team/?search="><script>alert(1)</script>').text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_pages_follow_each_other(cast: Cast, browser_of: Opens) -> None:
    many = [unique("mia") for _ in range(26)]
    for username in many:
        enrol(cast.cleo.username, username)
    browser = browser_of(cast.cleo)
    first = browser.get("/team/").text
    assert CARD.findall(first) == many[:1:-1]
    more = re.search(r'href="(\?before=\d+)"', first)
    assert more
    assert cards(browser, more[1]) == many[1::-1]
    assert headline(browser) == "26 people in your team"


def test_the_file_has_everybody_and_runs_no_formula(cast: Cast, browser_of: Opens) -> None:
    cast.dan.client.put(
        "profile/personal/",
        firstname="=HYPERLINK(1)",
        lastname="",
        gender="M",
        date_of_birth="1990-01-01",
    )
    answer = browser_of(cast.anna).get("/team/?as=csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["username"] for row in rows] == [
        cast.dan.username, cast.cleo.username, cast.ben.username
    ]  # fmt: skip
    assert rows[0]["firstname"] == "'=HYPERLINK(1)"
    assert rows[0]["email"] == ""


def test_one_person_has_a_page_with_whom_they_sponsored(
    shared_cast: Cast, browser_of: Opens
) -> None:
    browser = browser_of(shared_cast.anna)
    page = browser.get(f"/team/{shared_cast.ben.username}/")
    assert page.headers["Cache-Control"] == "no-store"
    assert CARD.findall(page.text.partition("<section")[2]).count(shared_cast.dan.username)
    assert "Show as a table" in page.text
    assert "has not chosen to show" in page.text


@pytest.mark.parametrize("who", ["anna", "cleo", "erik", "nobody-of-this-name", "x%00y"])
def test_who_is_not_below_is_not_found(shared_cast: Cast, browser_of: Opens, who: str) -> None:
    named = getattr(shared_cast, who, None)
    browser = browser_of(shared_cast.ben)
    answer = browser.get(f"/team/{named.username if named else who}/")
    unknown = browser.get("/team/nobody-of-this-name/")
    assert answer.status_code == 404
    if named:
        number = re.compile(r"[0-9a-f]{16,}")
        assert number.sub("", answer.text) == number.sub("", unknown.text)


def test_members_choose_who_can_reach_them(cast: Cast, browser_of: Opens) -> None:
    ben, anna = browser_of(cast.ben), browser_of(cast.anna)
    assert f"{cast.ben.username}@example.com" not in anna.get("/team/").text
    assert ben.send("/team/", show="yes").headers["Location"] == "/team/"
    page = anna.get(f"/team/{cast.ben.username}/").text
    assert f"mailto:{cast.ben.username}@example.com" in page
    assert 'href="tel:+491701234567"' in page
    assert "Hide my e-mail address" in ben.get("/team/").text
    ben.send("/team/", show="no")
    assert "mailto:" not in anna.get(f"/team/{cast.ben.username}/").text
    assert ben.http.post("/team/", data={"show": "yes"}).status_code == 403


def test_customers_have_no_team_page(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(customer_of(cast.anna))
    assert browser.get("/team/").status_code == 404
    assert browser.get(f"/team/{cast.ben.username}/").status_code == 404
    assert 'href="/team/"' not in browser.get("/home/").text


def test_a_large_team_asks_the_database_as_often_as_a_small_one(shared_cast: Cast) -> None:
    def asked(who: Player, path: str) -> int:
        ran = statements_of(who, path)
        assert any("genealogy_position" in each for each in ran)
        return len(ran)

    few, many = shared_cast.ben, shared_cast.anna
    assert asked(few, "/team/") == asked(many, "/team/") <= STATEMENTS_MOST
    assert asked(many, "/team/?show=new&search=exam&team=left") <= STATEMENTS_MOST
    assert asked(many, f"/team/{few.username}/") <= STATEMENTS_MOST + 3
