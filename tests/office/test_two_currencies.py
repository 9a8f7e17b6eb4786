"""A company with two markets, in EUR and in JPY, which has no decimals: each amount on each page is
in its own currency."""

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from support.abroad import YEN, Abroad, rated_japan, settled_abroad
from support.cast import Cast
from support.markets import move, open_japan
from support.office import Visitor, acting, hire_staff, problems, settings_form
from upline.base.actors import Shell
from upline.base.amounts import as_text
from upline.base.errors import FieldsWrong
from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.company import queries
from upline.epins.models import EPinBatch
from upline.flows import adjusting, configuring, payment_events
from upline.flows.two_people import NeedsSecond
from upline.members.models import StepAsked
from upline.screens.leaving import remains
from upline.wallet import queries as wallet
from upline.wallet.models import AccountKind

# An amount in yen never has decimals, and one in euros always has two.
_WRONG = re.compile(r"\d\.\d+\s*JPY|(?<![\d.,])\d[\d,]*\s*EUR")
_AS_EUROS = [as_text(amount, 2, ",") for amount in YEN]
SETTINGS = "/company/company/"


@pytest.fixture
def abroad(cast: Cast, product: Callable[[str], int]) -> Abroad:
    return settled_abroad(cast.dan, product("soap"))


def _wrong_on(text: str) -> list[str]:
    """What a page shows in another currency than it is in."""
    seen = unescape(re.sub(r"<[^>]+>", " ", text))
    mistaken = [each for each in _AS_EUROS if re.search(rf"(?<![\d.,]){each}(?!\d)", seen)]
    return [*_WRONG.findall(seen), *mistaken]


def one(name: str, value: int) -> dict[str, Any]:
    """A setting whose name is no word of Python."""
    return {name: value}


def test_each_page_shows_each_amount_in_its_currency(olga: Visitor, abroad: Abroad) -> None:
    for page, amounts in abroad.things.items():
        text = olga.get(page).text
        for amount in amounts:
            assert amount in text, (page, amount)
        assert _wrong_on(text) == [], page


def test_no_button_of_these_pages_shows_an_amount_in_another_currency(
    olga: Visitor, abroad: Abroad
) -> None:
    """Whatever can be pressed on these pages, opened and not sent."""
    for page in abroad.things:
        links = re.findall(rf'href="/office({page}[a-z-]+/)"', olga.get(page).text)
        for link in set(links):
            assert _wrong_on(olga.get(link).text) == [], link


def test_what_a_member_abroad_still_has_is_said_in_its_currency(abroad: Abroad) -> None:
    said = remains(abroad.member.id)
    assert re.search(r"[\d,]+ JPY in the wallet, 3,016 JPY in the shopping balance", said), said
    assert "1 e-pin (7,907 JPY), 1 unpaid order (1,801 JPY), 2 open payouts (6,002 JPY)" in said
    assert _wrong_on(said) == []


def test_e_pins_are_issued_in_the_currency_that_is_chosen(
    olga: Visitor, cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    rated_japan()
    page = "/epins/epinbatch/issue/"
    asked = {"quantity": "2", "owner": "", "expires": "", "note": "fair"}
    assert "2,000 JPY" in olga.send(page, amount="2000", currency="JPY", **asked).text
    batch = EPinBatch.objects.latest("pk")
    assert (batch.amount, batch.currency) == (2000, "JPY")
    assert "12.50 EUR" in olga.send(page, amount="12.50", currency="EUR", **asked).text
    with nothing_changes():
        answer = olga.send(page, amount="12.50", currency="JPY", **asked)
        assert problems(answer) == "This can have no decimal places."
        asked["owner"] = cast.anna.username
        answer = olga.send(page, amount="1250", currency="JPY", **asked)
        assert problems(answer) == "This member's market is in EUR."


def test_amounts_of_settings_have_a_field_for_each_further_currency(
    olga: Visitor, office_sets: Callable[..., None], abroad: Abroad
) -> None:
    office_sets(**{"payout_minimum": 1000, "payout_minimum.JPY": None})
    form, member = settings_form(olga), abroad.member
    page = olga.get(SETTINGS).text
    assert "Payout minimum (EUR)" in page
    assert "Payout minimum (JPY)" in page
    assert _refused_payout(member) == "The minimum payout is 1,605 JPY."
    changed = form | {"payout_minimum.JPY": "2500"}
    shown = olga.post(SETTINGS, changed | {"preview": "on"}).text
    assert "2500" in shown
    assert olga.post(SETTINGS, olga.previewed(SETTINGS, changed)).status_code == 302
    assert _refused_payout(member) == "The minimum payout is 2,500 JPY."
    office = queries.load_company().office
    assert (office.payout_minimum, office.in_currencies["payout_minimum.JPY"]) == (1000, 2500)
    cleared = settings_form(olga) | {"payout_minimum.JPY": ""}
    assert olga.post(SETTINGS, olga.previewed(SETTINGS, cleared)).status_code == 302
    assert queries.load_company().office.in_currencies == {}


def _refused_payout(member: Any) -> str:
    answer = member.client.post("payouts/", amount="1", transaction_password="x" * 8)
    return str(answer.json()["error"]["fields"]["amount"])


def test_what_one_may_do_alone_is_counted_in_each_currency(
    cast: Cast, office_sets: Callable[..., None], abroad: Abroad
) -> None:
    office_sets(alone_max=10_000)  # 100.00 EUR, or 16,050 JPY
    kim = hire_staff("wallet.add_transfer")
    dan, anna = abroad.member.id, cast.anna.id
    adjusting.credit_wallet(acting(kim), anna, 10_000, "a test")
    adjusting.credit_wallet(acting(kim), dan, 16_050, "a test")
    before = wallet.balances(dan, "JPY")[AccountKind.WALLET]
    with pytest.raises(NeedsSecond):
        adjusting.credit_wallet(acting(kim), dan, 1, "a test")
    assert wallet.balances(dan, "JPY")[AccountKind.WALLET] == before
    step = StepAsked.objects.latest("pk")
    assert (step.amount, step.currency) == (1, "JPY")
    office_sets(**{"alone_max.JPY": 20_000})
    adjusting.credit_wallet(acting(kim), dan, 1, "a test")
    assert wallet.balances(dan, "JPY")[AccountKind.WALLET] == before + 1


def test_two_people_lift_what_one_may_do_alone_in_a_further_currency(
    office_sets: Callable[..., None], abroad: Abroad
) -> None:
    office_sets(alone_max=10_000)
    kim = hire_staff("company.change_company")
    for value in (0, 1_000_000):
        with pytest.raises(NeedsSecond):
            configuring.change_settings(acting(kim), **one("alone_max.JPY", value))
    assert queries.load_company().office.in_currencies == {}


def test_a_bank_file_in_two_currencies_is_counted_in_each(
    office_sets: Callable[..., None], abroad: Abroad
) -> None:
    office_sets(alone_max=10_000)
    kim, head = hire_staff("orders.change_order"), "reference,amount,currency,text\n"
    payment_events.import_bank_file(acting(kim), f"{head}k1,100.00,EUR,\nk2,16050,JPY,\n")
    with pytest.raises(NeedsSecond):
        payment_events.import_bank_file(acting(kim), f"{head}k3,0.01,EUR,\n")
    with pytest.raises(NeedsSecond):
        payment_events.import_bank_file(acting(kim), f"{head}k4,1,JPY,\n")


def test_an_amount_in_a_currency_that_no_market_has_is_refused(abroad: Abroad) -> None:
    before = queries.load_company()
    for name in ("payout_minimum.USD", "payout_minimum.EUR", "age_least.JPY"):
        with pytest.raises(Exception, match="does not exist"):
            configuring.change_settings(UnitOfWork(Shell()), **one(name, 5))
    assert queries.load_company() == before


def test_set_lists_and_changes_amounts_in_further_currencies(
    office_sets: Callable[..., None],
) -> None:
    rated_japan()
    office_sets(**{"payout_minimum": 1000, "payout_minimum.JPY": None})
    assert _set("payout_minimum").startswith(
        "payout_minimum = 10.00 EUR\npayout_minimum.JPY = the same as payout_minimum, at the rate"
    )
    assert _set("payout_minimum.JPY", "2500").startswith("payout_minimum.JPY = 2,500 JPY\n")
    with pytest.raises(CommandError, match="no decimal places"):
        _set("payout_minimum.JPY", "25.50")
    assert "at the rate of the day" in _set("payout_minimum.JPY", "")
    with pytest.raises(CommandError, match="does not exist"):
        _set("payout_minimum.USD", "1")


def _set(*words: str) -> str:
    said = io.StringIO()
    call_command("set", *words, stdout=said)
    return said.getvalue()


def test_a_credit_abroad_is_refused_until_its_limit_is_known(
    cast: Cast, office_sets: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    market = open_japan(currency="KRW")
    move(cast.erik.id, market)
    unit = UnitOfWork(Shell())
    with nothing_changes(), pytest.raises(FieldsWrong) as wrong:
        adjusting.credit_wallet(unit, cast.erik.id, 5000, "a test")
    assert wrong.value.fields["amount"].startswith("KRW has no exchange rate yet.")
    office_sets(**{"credit_max.KRW": 6000})
    adjusting.credit_wallet(UnitOfWork(Shell()), cast.erik.id, 5000, "a test")
    assert wallet.balances(cast.erik.id, "KRW")[AccountKind.WALLET] == 5000
    kim = hire_staff("wallet.add_transfer")
    office_sets(alone_max=10_000)
    with pytest.raises(NeedsSecond):
        adjusting.credit_wallet(acting(kim), cast.erik.id, 1, "a test")


def test_the_audit_log_takes_no_amount_without_a_currency() -> None:
    entry = AuditEntry.objects.exclude(facts__has_key="amount").latest("pk")
    entry.pk, entry.facts = None, {"amount": 5}
    with pytest.raises(IntegrityError, match="audited_amount_has_currency"), transaction.atomic():
        entry.save(force_insert=True)
