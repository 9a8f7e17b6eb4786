"""Me: how pages look, which language they speak, and signing out."""

import re

from support.cast import Cast


def test_a_member_chooses_colours_and_language_and_every_page_follows(
    browser_of: type, cast: Cast
) -> None:
    browser = browser_of(cast.ben)
    assert "data-scheme" not in browser.get("/home/").text
    sent = browser.send("/me/", language="de", appearance="dark")
    assert sent.headers["Location"] == "/me/?saved=1"
    for page in ("/me/", "/home/"):
        assert re.search(r'<html lang="de" data-scheme="dark">', browser.get(page).text)
    browser.send("/me/", language="", appearance="")
    assert re.search(r'<html lang="en-gb">', browser.get("/home/").text)


def test_what_is_not_offered_changes_nothing(browser_of: type, cast: Cast) -> None:
    browser = browser_of(cast.ben)
    for wrong in ({"language": "tlh"}, {"appearance": "pink"}):
        answer = browser.send("/me/", **{"language": "de", "appearance": "dark"} | wrong)
        assert answer.status_code == 200
        assert 'class="problems"' in answer.text
        assert re.search(r'<html lang="en-gb">', browser.get("/home/").text)
