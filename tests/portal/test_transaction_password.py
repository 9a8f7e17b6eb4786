"""The transaction password in the portal: set by a mailed link, changed by who knows it."""

from collections.abc import Callable
from typing import Any

from portal.conftest import Browser
from support.cast import Cast
from support.forms import main_of, press
from support.installation import PASSWORD, TRANSACTION_PASSWORD
from upline.mailings.models import Mail
from upline.members.models import Member

Opens = Callable[..., Browser]
HERE, CHANGE, LINK = "/money/password/", "/money/password/change/", "/money/password/link/"
FRESH = "four fresh herrings a day"


def change(browser: Browser, current: str, new: str = FRESH, again: str = "") -> Any:
    page = browser.get(HERE).text
    return press(browser, CHANGE, page=page, current_password=current, new_password=new,
                 password_again=again or new)  # fmt: skip


def stored(member_id: int) -> str:
    return Member.objects.values_list("transaction_password", flat=True).get(pk=member_id)


def test_who_knows_it_changes_it(cast: Cast, browser_of: Opens) -> None:
    browser, before = browser_of(cast.anna), stored(cast.anna.id)
    led = change(browser, TRANSACTION_PASSWORD).headers["Location"]
    assert "Your transaction password has been changed." in main_of(browser.get(led))
    assert stored(cast.anna.id) != before


def test_a_doubled_press_changes_it_once(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(cast.anna)
    page = browser.get(HERE).text
    typed = {"current_password": TRANSACTION_PASSWORD, "new_password": FRESH}
    first, second = (
        press(browser, CHANGE, page=page, password_again=FRESH, **typed) for _ in range(2)
    )
    assert first.headers["Location"] == second.headers["Location"] == f"{HERE}?changed=1"


def test_the_same_form_with_another_password_says_changed_only_when_it_was(
    cast: Cast, browser_of: Opens, nothing_changes: Any
) -> None:
    browser = browser_of(cast.anna)
    page, other = browser.get(HERE).text, "five fresh herrings a day"

    def send(current: str, new: str) -> Any:
        typed = {"current_password": current, "new_password": new, "password_again": new}
        return press(browser, CHANGE, page=page, **typed)

    assert send(TRANSACTION_PASSWORD, FRESH).headers["Location"] == f"{HERE}?changed=1"
    with nothing_changes():
        refused = send("not this one at all", other)
    assert 'class="problems"' in refused.text
    before = stored(cast.anna.id)
    assert send(FRESH, other).headers["Location"] == f"{HERE}?changed=1"
    assert stored(cast.anna.id) != before


def test_a_wrong_one_or_one_that_cannot_be_used_changes_nothing(
    cast: Cast, browser_of: Opens, nothing_changes: Any
) -> None:
    browser = browser_of(cast.anna)
    with nothing_changes():
        answers = [
            change(browser, "not this one at all"),
            change(browser, TRANSACTION_PASSWORD, again="something else entirely"),
            change(browser, TRANSACTION_PASSWORD, new="short"),
            change(browser, TRANSACTION_PASSWORD, new=PASSWORD),
        ]
        without = browser.http.post(CHANGE, data={"current_password": TRANSACTION_PASSWORD})
    for answer in answers:
        assert 'class="problems"' in answer.text
        assert FRESH not in answer.text
    assert without.status_code == 403


def test_a_link_is_mailed_only_by_a_press(
    cast: Cast, browser_of: Opens, nothing_changes: Any
) -> None:
    browser = browser_of(cast.anna)
    with nothing_changes():
        assert browser.get(LINK).status_code == 405
        assert browser.http.post(LINK).status_code == 403
    press(browser, LINK, "Mail me a link", page=browser.get(HERE).text)
    assert Mail.objects.filter(user_id=cast.anna.id, kind="reset_transaction").count() == 1


def test_the_way_back_leads_to_no_other_place(cast: Cast, browser_of: Opens) -> None:
    browser = browser_of(cast.anna)
    for elsewhere in ("https://evil.example/", "//evil.example", "/office/", "/money/\\evil"):
        assert elsewhere not in browser.get(f"{HERE}?next={elsewhere}").text.partition("<main")[2]
