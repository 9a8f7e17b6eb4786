"""The catalogs: complete where they say so, with the placeholders of the English sentences."""

from string import Formatter

import pytest

from upline.language import current, gettext, ngettext
from upline.language.loading import FOLDER, installed, load, own_name
from upline.shell import sentences

LANGUAGES = installed()[1:]
# What members and visitors read; the office's pages are for staff.
FOR_MEMBERS = (
    "api/", "base/", "cart/", "catalog/", "commissions/", "epins/", "explanations/", "flows/",
    "genealogy/", "kyc/", "mailings/", "markets/", "members/", "orders/", "papers/", "payments/",
    "payouts/", "pictures/", "portal/", "design/", "reports/", "screens/", "shipping/", "site/",
    "showroom/", "wallet/",
)  # fmt: skip
# Of these rooms, what only staff read: mails about staff, and what rights and events mean.
FOR_STAFF = (
    "base/event_kinds.py", "flows/permissions.py", "flows/rights_told.py", "flows/roles.py",
    "flows/staff.py",
)  # fmt: skip
COMPLETE_FOR_MEMBERS = ("de",)


@pytest.mark.parametrize("tag", COMPLETE_FOR_MEMBERS)
def test_a_complete_language_has_all_that_members_read(tag: str) -> None:
    assert sentences.missing(sentences.brought_up(tag), FOR_MEMBERS, FOR_STAFF) == []


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_translation_names_the_same_values(tag: str) -> None:
    assert sentences.other_placeholders(sentences.catalog_of(tag)) == []


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_translation_can_be_filled_in(tag: str) -> None:
    for message in sentences.catalog_of(tag):
        for form in sentences.forms(message.string):
            if "python-brace-format" in message.flags:
                list(Formatter().parse(form))
            elif "python-format" in message.flags:
                assert form.count("%") == form.count("%(") + 2 * form.count("%%")


@pytest.mark.parametrize("tag", LANGUAGES)
def test_sentences_about_lines_are_safe_in_json_and_csv(tag: str) -> None:
    """They are put into both as they are, a column at once."""
    for message in sentences.catalog_of(tag):
        if any(name.startswith("explanations/") for name, _ in message.locations):
            for form in sentences.forms(message.string):
                assert not set('"\\\n') & set(form), form


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_catalog_is_named_by_its_tag_and_names_itself(tag: str) -> None:
    assert load(tag).tag == tag
    assert (FOLDER / f"{tag}.po").exists()
    assert own_name(tag)[0].isalpha()


def test_german_counts_as_germans_do() -> None:
    singular, plural = "{count} unpaid order ({amount})", "{count} unpaid orders ({amount})"
    with current.bound("de"):
        one, two, none = (ngettext(singular, plural, n, amount="5 EUR") for n in (1, 2, 0))
    assert one == "1 unbezahlte Bestellung (5 EUR)"
    assert (two, none) == ("2 unbezahlte Bestellungen (5 EUR)", "0 unbezahlte Bestellungen (5 EUR)")


def test_a_planted_wrong_placeholder_is_found() -> None:
    catalog = sentences.catalog_of("de")
    message = catalog.get("This member is {standing}.")
    assert message is not None
    message.string = "Dieses Mitglied ist {status}."
    assert sentences.other_placeholders(catalog) == ["This member is {standing}."]


def test_a_planted_gap_is_found() -> None:
    catalog = sentences.catalog_of("de")
    message = catalog.get("This position is taken.")
    assert message is not None
    message.string = ""
    assert sentences.missing(catalog, FOR_MEMBERS, FOR_STAFF) == ["This position is taken."]


def test_what_a_catalog_lacks_is_said_in_english() -> None:
    with current.bound("de"):
        assert gettext("Diese Bestellung ist kein Schlüssel.").startswith("Diese")
