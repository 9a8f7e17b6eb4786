"""Whatever text staff type, it is shown as it was meant, or refused with a sentence."""
# ruff: noqa: RUF001 (letters that look like others are what this file is about)

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django import forms

from attacks.unusual_strings import REFUSED, SHOWN
from support.cast import Cast, unique
from support.client import data
from support.installation import PASSWORD, STAFF, STAFF_PASSWORD, Installation
from support.office import Visitor, problems
from upline.catalog.models import Package
from upline.office.carried import OpenedField
from upline.office.fields import EmailField, LineField, LinesField, UnitsField, WholeField

PACKAGE = {"kind": "cart", "name": "Lamp", "amount": "49.90", "commissionable_value": "30",
           "points": "12.5", "tax_class": "standard", "category": "Wares",
           "description": "Gives light."}  # fmt: skip
# A form with each of its fields of text, and what else it needs.
FORMS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "package": ("/catalog/package/new/", PACKAGE, ["name", "code", "category", "description"]),
    "api key": ("/company/apiclient/new/", {}, ["name"]),
    "role": ("/auth/group/new/", {}, ["name"]),
    "invitation": ("/members/user/invite/", {}, ["username", "email"]),
    "e-pins": ("/epins/epinbatch/issue/", {"amount": "1", "quantity": "1"}, ["owner", "note"]),
    "settings": ("/company/company/", {}, ["terms_version", "username_prefix", "allowed_origins"]),
}


def office_forms(
    above: type[forms.BaseForm] = forms.BaseForm,
) -> Iterator[type[forms.BaseForm]]:
    for each in above.__subclasses__():
        is_sample = each.__module__ == "upline.site.components"  # shown, never sent
        if each.__module__.startswith(("upline.office", "upline.site")) and not is_sample:
            yield each
        yield from office_forms(each)


def refuses(page: str, name: str) -> bool:
    """Whether a form says that this field is wrong, or that a setting is."""
    tag = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>', page)
    return tag is not None and 'aria-invalid="true"' in tag[0]


def test_every_field_of_text_of_every_form_is_read_in_one_way() -> None:
    """Passwords are kept as they are typed, and hidden fields are ours."""

    ours = (EmailField, LineField, LinesField, UnitsField, WholeField, OpenedField)
    seen = set()
    for form in office_forms():
        for name, field in form.base_fields.items():  # type: ignore[attr-defined]
            is_password = isinstance(field.widget, forms.PasswordInput)
            is_text = isinstance(field, (forms.CharField, forms.IntegerField))
            if is_text and not is_password and name != "once":
                seen.add(name)
                assert isinstance(field, ours), f"{form.__name__}.{name}"
                has_end = isinstance(field, (UnitsField, WholeField, OpenedField))
                assert has_end or getattr(field, "max_length", None), (
                    f"{form.__name__}.{name} has no end"
                )
    assert {"name", "code", "description", "reason", "note", "username", "email"} <= seen


@pytest.mark.parametrize("which", FORMS)
def test_text_that_misleads_is_refused_by_the_office(
    which: str, olga: Visitor, nothing_changes: Callable[[], Any]
) -> None:
    path, more, names = FORMS[which]
    form = olga.open(path)
    with nothing_changes():
        for what, text in REFUSED.items():
            if what in {"a carriage return", "half of a letter"}:
                continue  # browsers drop the one, and cannot send the other
            answer = olga.post(path, form | more | dict.fromkeys(names, text))
            assert answer.status_code == 200, what
            page = answer.text
            for name in names:
                # What has lines has more letters, too.
                has_lines = name in {"description", "allowed_origins"}
                if not (has_lines and what in {"a line", "much too long"}):
                    assert refuses(page, name), f"{what}: {name}: {problems(answer)}"


@pytest.mark.parametrize("which", FORMS)
def test_text_of_a_megabyte_is_refused_by_the_office(
    which: str, olga: Visitor, nothing_changes: Callable[[], Any]
) -> None:
    path, more, names = FORMS[which]
    form = olga.open(path)
    with nothing_changes():
        for name in names:
            answer = olga.post(path, form | more | {name: "A" * 2**20})
            assert answer.status_code in {200, 413}
            assert answer.status_code == 413 or problems(answer)


def test_a_package_is_called_what_staff_typed_on_pages_and_in_the_api(
    olga: Visitor, cast: Cast
) -> None:
    for what, (sent, shown) in SHOWN.items():
        code = unique("text")
        fields = PACKAGE | {"name": sent, "code": code, "description": f"{sent}\r\n\r\n{sent}"}
        answer = olga.send("/catalog/package/new/", **fields, active="on")
        assert answer.status_code == 302, f"{what}: {problems(answer)}"
        package = Package.objects.get(code=code)
        page = olga.get(f"/catalog/package/{package.pk}/").text
        assert shown in unescape(page), what
        assert "<script>alert(1)" not in page
        kept = data(cast.anna.client.get(f"package/{package.pk}/"))
        assert kept["name"] == shown, what
        assert package.description == f"{shown}\n\n{shown}", what
        Package.objects.filter(pk=package.pk).update(active=False)


def test_a_reason_is_shown_as_it_was_typed_in_every_place(olga: Visitor, cast: Cast) -> None:
    for what, (sent, shown) in SHOWN.items():
        olga.press(f"/members/member/{cast.ben.id}/credit/", amount="1", reason=sent)
        [newest] = data(cast.ben.client.get("ewallet/transactions/", limit=1))["transactions"]
        assert newest["note"] == shown, what
        page = olga.get("/wallet/transfer/", q=sent).text
        assert shown in unescape(page), what
        assert "<script>alert(1)" not in page


@pytest.mark.parametrize(
    "typed",
    ["علی\u200cرضا", "Zoe\u0308", "zoë", "ZOE", "ＺＯＥ", "Zoë\u3000Example", "\u200bZoë\ufeff"],
)
def test_a_name_set_by_the_api_is_found_however_it_is_typed(
    typed: str, olga: Visitor, cast: Cast
) -> None:
    name = "علی\u200cرضا" if "علی" in typed else "Zoe\u0308"
    personal = {"firstname": name, "lastname": "Example", "gender": "F"}
    answer = cast.ben.client.put("profile/personal/", date_of_birth="1990-05-17", **personal)
    assert answer.status_code == 204, answer.text
    assert cast.ben.username in olga.get("/members/member/", q=typed).text


@pytest.mark.parametrize(
    "where",
    ["/search/", "/members/member/", "/orders/order/", "/epins/epin/", "/wallet/transfer/",
     "/auth/group/"],
)  # fmt: skip
def test_any_text_may_be_searched_for(where: str, olga: Visitor) -> None:
    texts = [*REFUSED.values(), *(sent for sent, _ in SHOWN.values())]
    for text in texts:
        query = text.encode("utf-8", "replace").decode()
        answer = olga.get(where, q=query, status=query)
        assert answer.status_code in {200, 302}, f"{text[:80]!r}"
        assert "<script>alert(1)" not in answer.text


@pytest.mark.parametrize("typed", ["  {}  ", "\u00a0{}\u200b", "\ufeff{}"])
def test_a_username_at_the_office_is_read_as_at_the_api(
    typed: str, nobody: Visitor, installation: Installation
) -> None:
    assert nobody.sign_in(typed.format(STAFF), STAFF_PASSWORD).status_code == 302
    nobody.http.cookies.clear()
    assert nobody.sign_in(typed.format(STAFF.upper()), STAFF_PASSWORD).status_code == 302


def test_letters_that_only_look_like_a_username_are_nobodys_at_every_door(
    nobody: Visitor, cast: Cast
) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in STAFF if letter.isalpha())
    assert problems(nobody.sign_in(wide, STAFF_PASSWORD))
    answer = cast.ben.client.post("auth/access/", username=wide, password=PASSWORD)
    assert answer.status_code == 401


def test_a_password_of_any_length_is_answered(nobody: Visitor) -> None:
    answer = nobody.sign_in(STAFF, "A" * 2**20)
    assert answer.status_code == 200
    assert "at most 128 characters" in problems(answer)


@pytest.mark.parametrize("digits", ["１２", "١٢", "1_2", "0x1"])
def test_numbers_at_the_office_are_in_the_digits_of_every_keyboard(
    digits: str, olga: Visitor, nothing_changes: Callable[[], Any]
) -> None:
    path = "/epins/epinbatch/issue/"
    with nothing_changes():
        for wrong in ({"amount": digits, "quantity": "1"}, {"amount": "1", "quantity": digits},
                      {"amount": "1", "quantity": "1", "expires": "２０９９-01-01"}):  # fmt: skip
            answer = olga.post(path, olga.open(path) | wrong)
            assert answer.status_code == 200
            assert problems(answer)
