"""A second person confirms a guarded step with their own password, and with their code where they
have a second factor: on the page of the step itself."""

from typing import Any

import pytest
from selenium.webdriver.common.by import By

from support.browser import INSTALL, IS_MISSING, next_page
from support.cast import Cast, Player
from support.installation import STAFF_PASSWORD, Installation
from support.office import (
    OWN_PASSWORD,
    Visitor,
    acting,
    hidden,
    hire_staff,
    problems,
    settings_form,
)
from support.second_factors import set_up
from upline.company.queries import load_company
from upline.flows import adjusting, configuring
from upline.flows.two_people import NeedsSecond
from upline.wallet import queries as wallet
from upline.wallet.models import AccountKind

OWN_CODE = "own-code"
RIGHTS = ("members.view_member", "wallet.add_transfer", "company.view_company",
          "company.change_company")  # fmt: skip
MOST = 10_000
UNCONFIRMED = "You are the second person for this."
WRONG = "This is not your current password."


@pytest.fixture
def ben(cast: Cast, office_sets: Any) -> Player:
    """A member to whom a first person would credit more than one may alone."""
    office_sets(alone_max=MOST)
    with pytest.raises(NeedsSecond):
        adjusting.credit_wallet(acting(hire_staff(*RIGHTS)), cast.ben.id, MOST + 1, "a test")
    return cast.ben


@pytest.fixture
def lou(installation: Installation) -> Visitor:
    return entered(installation, hire_staff(*RIGHTS))


def entered(installation: Installation, username: str) -> Visitor:
    visitor = Visitor(installation.base_url)
    assert visitor.sign_in(username, STAFF_PASSWORD).status_code == 302
    return visitor


def held(player: Player) -> int:
    return wallet.balances(player.id, "EUR")[AccountKind.WALLET]


def page_of(player: Player) -> str:
    return f"/members/member/{player.id}/credit/"


def credit(lou: Visitor, ben: Player, **more: str) -> Any:
    """Send the form as a browser would that has shown the preview."""
    form = lou.filled(page_of(ben), amount="100.01", reason="cash in hand")
    return lou.post(page_of(ben), form | more)


def test_the_second_person_confirms_with_their_own_password(ben: Player, lou: Visitor) -> None:
    before = held(ben)
    asked = credit(lou, ben)
    assert UNCONFIRMED in problems(asked)
    assert OWN_PASSWORD in asked.text
    assert OWN_CODE not in asked.text, "who has no second factor is not asked for a code"
    for wrong in ("", "not mine"):
        refused = credit(lou, ben, **{OWN_PASSWORD: wrong})
        assert refused.status_code == 200
        assert "You have not confirmed this yet" in problems(refused)
        assert 'value="100.01"' in refused.text
        assert 'value="cash in hand"' in refused.text
        assert hidden(refused.text)["previewed"], "the preview was seen, and need not be again"
    assert WRONG in problems(refused)
    assert held(ben) == before
    done = credit(lou, ben, **{OWN_PASSWORD: STAFF_PASSWORD})
    assert done.status_code == 302, problems(done)
    assert held(ben) == before + MOST + 1


def test_wrong_passwords_at_a_guarded_button_count_as_those_of_signing_in(
    ben: Player, lou: Visitor, office_sets: Any
) -> None:
    office_sets(login_limit_by_address=2)
    before = held(ben)
    for _ in range(2):
        assert WRONG in problems(credit(lou, ben, **{OWN_PASSWORD: "not mine"}))
    locked = credit(lou, ben, **{OWN_PASSWORD: STAFF_PASSWORD})
    assert "It is worth a try in" in problems(locked)
    assert held(ben) == before
    elsewhere = lou.send("/account/confirm/", current_password=STAFF_PASSWORD)
    assert elsewhere.status_code == 200, "the page that asks again counts with it"


def test_who_has_a_second_factor_confirms_with_its_code_too(
    ben: Player, installation: Installation
) -> None:
    lou = entered(installation, hire_staff(*RIGHTS))
    app, _ = set_up(lou)
    before, password = held(ben), {OWN_PASSWORD: STAFF_PASSWORD}
    assert OWN_CODE in credit(lou, ben).text
    assert "required" in problems(credit(lou, ben, **password))
    wrong = credit(lou, ben, **password, **{OWN_CODE: app.wrong_code()})
    assert "This code is wrong" in problems(wrong)
    assert held(ben) == before
    done = credit(lou, ben, **password, **{OWN_CODE: app.code()})
    assert done.status_code == 302, problems(done)
    assert held(ben) == before + MOST + 1


def test_a_setting_that_takes_two_people_is_confirmed_on_the_page_of_settings(
    ben: Player, lou: Visitor
) -> None:
    with pytest.raises(NeedsSecond):
        configuring.change_settings(acting(hire_staff(*RIGHTS)), alone_max=2 * MOST)
    page = "/company/company/"
    form = lou.previewed(page, settings_form(lou) | {"alone_max": "200.00"})
    asked = lou.post(page, form)
    assert UNCONFIRMED in problems(asked)
    assert WRONG in problems(lou.post(page, form | {OWN_PASSWORD: "not mine"}))
    assert load_company().office.alone_max == MOST
    assert lou.post(page, form | {OWN_PASSWORD: STAFF_PASSWORD}).status_code == 302
    assert load_company().office.alone_max == 2 * MOST


def test_a_first_person_is_not_asked_for_a_password(cast: Cast, lou: Visitor) -> None:
    before = held(cast.ben)
    answer = lou.post(page_of(cast.ben), lou.filled(page_of(cast.ben), amount="1", reason="cash"))
    assert answer.status_code == 302
    assert held(cast.ben) == before + 100


@pytest.mark.skipif(IS_MISSING, reason=INSTALL)
def test_in_a_browser_a_wrong_password_loses_nothing_that_was_typed(
    ben: Player, installation: Installation, browser: Any
) -> None:
    before = held(ben)
    browser.delete_all_cookies()
    browser.get(f"{installation.base_url}/office/login/")
    fill(browser, "#login-form", username=hire_staff(*RIGHTS), password=STAFF_PASSWORD)
    browser.get(f"{installation.base_url}/office{page_of(ben)}")
    fill(browser, "form.ask", amount="100.01", reason="cash in hand")
    assert not browser.find_elements(By.NAME, OWN_PASSWORD), "nobody is asked before it is known"
    fill(browser, "form.ask")
    assert UNCONFIRMED in browser.page_source
    fill(browser, "form.ask", **{OWN_PASSWORD: "not mine"})
    assert WRONG in browser.page_source
    assert value(browser, "amount") == "100.01"
    assert value(browser, "reason") == "cash in hand"
    assert value(browser, OWN_PASSWORD) == ""
    assert held(ben) == before
    fill(browser, "form.ask", **{OWN_PASSWORD: STAFF_PASSWORD})
    assert "was added to the wallet" in browser.page_source
    assert held(ben) == before + MOST + 1


def fill(browser: Any, form: str, **fields: str) -> None:
    """Type into a form and send it."""
    for name, typed in fields.items():
        browser.find_element(By.NAME, name).send_keys(typed)
    with next_page(browser):
        browser.find_element(By.CSS_SELECTOR, f"{form} [type=submit]").click()


def value(browser: Any, name: str) -> str:
    return str(browser.find_element(By.NAME, name).get_property("value"))
