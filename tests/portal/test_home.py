"""Home says what is so: names, money, first steps, and nothing of anybody else's."""

import re
from collections.abc import Callable

from portal.conftest import Browser
from support.cast import Cast
from support.customers import customer_of
from support.moves import tell_bank

Opens = Callable[..., Browser]


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
    for word in ("legs", "rank", "team", "Become active", "earned"):
        assert word not in page.lower().partition("<main")[2], word
    assert "Your wallet" in page


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
