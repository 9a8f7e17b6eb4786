"""Home says what is so: names, money, first steps, and nothing of anybody else's."""

import re
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.conftest import Browser
from support.cast import Cast, enrol, unique
from support.customers import customer_of
from support.moves import tell_bank
from upline.members.queries import Caller
from upline.screens import home as screen

Opens = Callable[..., Browser]
STATEMENTS_MOST = 20


def home(browser: Browser) -> str:
    return browser.get("/home/").text


def test_the_wallet_is_the_member_s_own(
    cast: Cast, browser_of: Opens, fill: Callable[..., None]
) -> None:
    fill(cast.anna, "1234.50")
    fill(cast.ben, "77.00")
    page = home(browser_of(cast.anna))
    assert re.findall(r'class="amount[^"]*">([^<]+)<span class="rest">([^<]+)<', page) == [
        ("1,234", ".50&nbsp;EUR")
    ]


def test_whom_one_sponsored_last_stands_first(cast: Cast, browser_of: Opens) -> None:
    page = home(browser_of(cast.anna))
    assert page.index(">Cleo") < page.index(">Ben")
    assert ">Dan" not in page
    assert "New in your team" not in home(browser_of(cast.cleo))


def test_first_steps_are_ticked_by_the_facts(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(cast.cleo)
    before = home(browser)
    assert "See how it was earned" not in before
    assert "Your first steps" in before
    assert before.count('aria-label="done"') == 1
    tell_bank(cast.cleo)
    assert home(browser).count('aria-label="done"') == 2


def test_a_customer_sees_no_network(cast: Cast, browser_of: Opens) -> None:
    page = home(browser_of(customer_of(cast.anna)))
    for word in ("legs", "rank", "new in your team", "Become active", "earned"):
        assert word not in page.lower().partition("<main")[2], word
    assert "Your wallet" in page


def test_with_nothing_earned_the_first_step_is_the_headline(cast: Cast, browser_of: Opens) -> None:
    page = home(browser_of(cast.dan))
    headline = re.search(r"<h1>([^<]+)</h1>", page)
    assert headline
    assert headline[1] == "Become active with your first order"
    assert not re.search(r"(?<!\d)0\.00", page.partition("Your wallet")[0])
    assert "Next rank" not in page


def test_a_customer_sees_orders_and_the_sponsor(cast: Cast, browser_of: Opens) -> None:
    page = home(browser_of(customer_of(cast.anna)))
    assert "Place your first order" in page
    assert "Your sponsor" in page
    assert f"{cast.anna.username.title()} Example" in page


def test_amounts_are_hidden_where_the_device_says_so(
    cast: Cast, browser_of: Opens, fill: Callable[..., None]
) -> None:
    fill(cast.anna, "77.00")
    browser = browser_of(cast.anna)
    assert 'data-amounts="hidden"' not in home(browser)
    browser.http.cookies.set("amounts", "hidden")
    for path in ("/home/", "/earnings/"):
        assert 'data-amounts="hidden"' in browser.get(path).text
    marked = r'<span class="amount[^>]*>(?:[^<]|<span[^>]*>[^<]*</span>)*</span>'
    outside = re.sub(marked, "", home(browser))
    assert not re.search(r"\d[.,]\d\d\s?(?:&nbsp;)?EUR", outside)


def test_it_takes_as_many_statements_whatever_the_size_of_the_team(cast: Cast) -> None:
    def statements() -> int:
        caller = Caller(0, frozenset(), cast.dan.id, cast.dan.username)
        with CaptureQueriesContext(connection) as captured:
            screen.home_of(caller)
        return len(captured)

    few = statements()
    for _ in range(4):
        enrol(cast.dan.username, unique("more"))
    assert statements() <= few <= STATEMENTS_MOST


def test_a_name_is_shown_and_never_run(cast: Cast, browser_of: Opens) -> None:
    answer = cast.ben.client.put(
        "profile/personal/",
        firstname="<b>Ben</b>",
        lastname='"O\'Hara" {{ 1 }}',
        gender="M",
        date_of_birth="1990-01-01",
    )
    assert answer.status_code in (200, 204), answer.text
    page = home(browser_of(cast.anna)) + home(browser_of(cast.ben))
    assert "<b>Ben" not in page
    assert "&lt;b&gt;Ben&lt;/b&gt; &quot;O&#x27;Hara&quot; {{ 1 }}" in page


def test_it_speaks_the_member_s_language(cast: Cast, browser_of: Opens) -> None:
    cast.anna.client.put("profile/language/", language="de")
    assert "Hallo Anna" in home(browser_of(cast.anna))
