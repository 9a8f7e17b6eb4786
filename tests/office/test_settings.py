"""The page of all office settings."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from support.cast import Cast
from support.client import data, refused
from support.office import Visitor, hidden, problems, settings_form
from upline.company import queries
from upline.company.settings import SINGLE, OfficeSettings

PAGE = "/company/company/"


@pytest.fixture
def shown(olga: Visitor, office_sets: Callable[..., None]) -> dict[str, Any]:
    """The form as a browser would send it unchanged; settings are as before after the test."""

    now = queries.load_company().office.model_dump(mode="json")
    office_sets(**{name: now[name] for name in OfficeSettings.model_fields})
    return settings_form(olga)


def _save(olga: Visitor, form: dict[str, Any]) -> Any:
    """Send the form, look at what it would change, send it again."""
    return olga.post(PAGE, olga.previewed(PAGE, form))


def _now() -> Any:
    return queries.load_company().office


def test_every_setting_is_on_the_page_with_its_meaning(olga: Visitor) -> None:
    page = unescape(olga.get(PAGE).text)
    for name in SINGLE:
        field = OfficeSettings.model_fields[name]
        assert f'name="{name}"' in page, name
        assert str(field.description) in page, name
    assert 'value="10.00"' in page, "the fee is shown in the currency's unit"


def test_settings_change_together_and_work_at_once(
    olga: Visitor, shown: dict[str, Any], cast: Cast, audited: Callable[..., dict[str, Any]]
) -> None:
    changed = shown | {"signup_fee": "12.50", "age_least": "21", "public_signup": "on",
                       "payment_methods": ["ewallet", "epin"], "kyc_needed_for": ["checkout"],
                       "allowed_origins": "https://shop.example\nhttps://app.example"}  # fmt: skip
    del changed["pay_from_others_wallet"]
    assert _save(olga, changed).status_code == 302
    assert str(data(cast.anna.client.get("signup/fee/"))["fee"]) == "12.5"
    now = _now()
    assert (now.signup_fee, now.age_least, now.public_signup) == (1250, 21, True)
    assert now.payment_methods == ("ewallet", "epin")
    assert now.kyc_needed_for == ("checkout",)
    assert [str(each).rstrip("/") for each in now.allowed_origins] == [
        "https://shop.example", "https://app.example"]  # fmt: skip
    assert not now.pay_from_others_wallet
    changes = audited("settings.changed", "company")["changes"]
    assert sorted(changes) == ["age_least", "allowed_origins", "kyc_needed_for",
                               "pay_from_others_wallet", "payment_methods", "public_signup",
                               "signup_fee"]  # fmt: skip


def test_the_form_sent_as_it_was_changes_nothing(olga: Visitor, shown: dict[str, Any]) -> None:
    before = queries.load_company()
    assert _save(olga, shown).status_code == 302
    assert queries.load_company() == before
    assert "Nothing was changed." in olga.get(PAGE).text


@pytest.mark.parametrize(
    ("name", "value"),
    [("signup_fee", "-1"), ("signup_fee", "1.001"), ("age_least", "121"), ("age_least", "x"),
     ("username_prefix", "12"), ("terms_version", ""), ("allowed_origins", "not an origin"),
     ("login_limit", "-1"), ("payment_methods", "barter")],
)  # fmt: skip
def test_one_wrong_value_changes_none(
    name: str, value: str, olga: Visitor, shown: dict[str, Any]
) -> None:
    before = _now()
    answer = olga.post(PAGE, shown | {"registration_open": "", "signup_limit": "7", name: value})
    assert answer.status_code == 200
    assert problems(answer)
    assert f'aria-invalid="true" aria-describedby="id_{name}' in answer.text or name in answer.text
    assert _now() == before


def test_of_two_who_change_different_settings_both_are_kept(
    olga: Visitor, shown: dict[str, Any], office_sets: Callable[..., None]
) -> None:
    office_sets(spill_over=True)
    assert _save(olga, shown | {"age_least": "30"}).status_code == 302
    assert (_now().spill_over, _now().age_least) == (True, 30)


def test_of_two_who_change_the_same_setting_the_second_sees_both_and_keeps_what_was_typed(
    olga: Visitor, shown: dict[str, Any], office_sets: Callable[..., None]
) -> None:
    form = olga.previewed(PAGE, shown | {"signup_fee": "12.50", "terms_version": "typed"})
    office_sets(signup_fee=1100)
    answer = olga.post(PAGE, form)
    assert "to “11.00” since you opened" in problems(answer)
    assert 'value="12.50"' in answer.text
    assert 'value="typed"' in answer.text
    assert (_now().signup_fee, _now().terms_version) == (1100, "1")
    known = shown | {"signup_fee": "12.50", "terms_version": "typed"} | hidden(answer.text)
    assert _save(olga, known).status_code == 302
    assert (_now().signup_fee, _now().terms_version) == (1250, "typed")


def test_settings_are_saved_after_a_look_at_each_change_from_what_to_what(
    olga: Visitor, shown: dict[str, Any]
) -> None:
    before = _now()
    answer = olga.post(PAGE, shown | {"signup_fee": "12,50", "payout_minimum": "1.234,00"})
    assert answer.status_code == 200
    rows = re.findall(r"<td[^>]*>(.*?)</td>" * 3, answer.text)
    assert rows == [("Signup fee", "10.00", "12.50"), ("Payout minimum", "0.00", "1234.00")]
    assert _now() == before


def test_amounts_are_shown_and_read_by_the_companys_decimal_mark(
    olga: Visitor, shown: dict[str, Any]
) -> None:
    assert _save(olga, shown | {"decimal_mark": ","}).status_code == 302
    page = olga.get(PAGE).text
    assert 'value="10,00"' in page
    form = shown | hidden(page) | {"decimal_mark": ",", "signup_fee": "1.234,56"}
    assert _save(olga, form).status_code == 302
    assert _now().signup_fee == 123456


def test_who_may_only_look_changes_nothing(
    staff: Callable[..., Visitor], shown: dict[str, Any], nobody: Visitor, cast: Cast
) -> None:
    sam = staff("company.view_company")
    assert "Continue</button>" not in sam.get(PAGE).text
    before = _now()
    fields = shown | {"age_least": "30", "csrfmiddlewaretoken": sam.token()}
    assert sam.post(PAGE, fields).status_code == 403
    token = nobody.open("/login/")["csrfmiddlewaretoken"]
    assert nobody.post(PAGE, fields | {"csrfmiddlewaretoken": token}).status_code == 302
    assert _now() == before


def test_a_closed_registration_is_closed(
    olga: Visitor, shown: dict[str, Any], cast: Cast, product: Callable[[str], int]
) -> None:
    del shown["registration_open"]
    assert _save(olga, shown).status_code == 302
    refused(cast.anna.client.post("signup/"), 403, "1006")
