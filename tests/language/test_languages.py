"""Sentences, amounts and days in the language that is spoken, and which one somebody gets."""

import copy
import pickle
from datetime import date

import pytest

from support.speaking import marked
from upline.base.amounts import Money, as_read, as_typed, grouped, written
from upline.language import choosing, current, gettext, lazy, ngettext, writing
from upline.language.loading import MARKED, MARKED_FROM_RIGHT, installed, load

CLOSED = lazy("The shop is closed.")


def test_without_a_language_all_is_english() -> None:
    assert gettext("You have {count} keys.", count=2) == "You have 2 keys."
    assert ngettext("{count} key", "{count} keys", 1) == "1 key"
    assert (grouped(123450, 2), writing.day(date(2026, 11, 30))) == ("1,234.50", "2026-11-30")


def test_a_sentence_without_values_keeps_its_braces() -> None:
    assert gettext("Write {name}.") == "Write {name}."


def test_a_sentence_that_no_catalog_has_stays_english() -> None:
    with current.bound("de"):
        assert gettext("Nobody says this {what}.", what="here") == "Nobody says this here."


def test_the_marked_language_shows_what_went_through_a_catalog() -> None:
    with current.bound(MARKED):
        assert gettext("You have {count} keys.", count=2) == "⟦Ýóú hávé 2 kéýs. ~~~ ~~~⟧"
        assert ngettext("{count} key", "{count} keys", 2) == "⟦2 kéýs ~~~⟧"
        assert gettext("Say <b>%(name)s</b>.") == "⟦Sáý <b>%(name)s</b>. ~~~ ~~~⟧"
        assert gettext("") == ""


def test_a_lazy_sentence_speaks_where_it_is_shown() -> None:
    hours = lazy("Closed for {hours} hours.", hours=3)
    assert (str(CLOSED), f"{hours}") == ("The shop is closed.", "Closed for 3 hours.")
    with current.bound(MARKED):
        shown = (str(CLOSED), f"{CLOSED}", "Sorry: " + CLOSED, CLOSED + "!", str(hours))
    assert shown == (
        marked(CLOSED), marked(CLOSED), f"Sorry: {marked(CLOSED)}", f"{marked(CLOSED)}!",
        marked("Closed for {hours} hours.").format(hours=3),
    )  # fmt: skip


def test_a_lazy_sentence_can_be_copied_and_kept() -> None:
    hours = lazy("Closed for {hours} hours.", hours=3)
    copies = [copy.copy(hours), copy.deepcopy([hours])[0], pickle.loads(pickle.dumps(hours))]
    with current.bound(MARKED):
        assert [str(each) for each in copies] == [
            marked("Closed for {hours} hours.").format(hours=3)
        ] * 3


def test_a_lazy_sentence_is_a_key_in_english() -> None:
    with current.bound(MARKED):
        assert CLOSED == "The shop is closed."
        assert {"The shop is closed.": 1}[CLOSED] == 1


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("en", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("tlh, en;q=0.2, de;q=0.7", "de"),
        ("en;q=0, DE_de", None),
        ("de ; q=0.5 , en", "en"),
        ("*", None),
        ("", None),
        ("tlh", None),
        ("x" * 5000, None),
        ("de;q=many", None),
        (", ,;;=", None),
        (MARKED, MARKED),
    ],
)
def test_what_a_header_asks_for(header: str, tag: str | None) -> None:
    assert choosing.accepted(header) == tag


def test_the_first_installed_wish_is_taken() -> None:
    assert choosing.first_of("", "tlh", "de-CH", "en") == "de"
    assert choosing.first_of("", "tlh") is None


def test_english_writes_amounts_as_the_company_says() -> None:
    assert [grouped(123450, 2, mark) for mark in ".,"] == ["1,234.50", "1.234,50"]
    assert [as_typed(123450, 2, mark) for mark in ".,"] == ["1234.50", "1234,50"]


def test_another_language_writes_amounts_its_own_way() -> None:
    with current.bound("de"):
        assert written(Money(-123450, "EUR"), 2) == "-1.234,50 EUR"
        assert (grouped(1234567, 0), as_typed(123450, 2)) == ("1.234.567", "1234,50")
        assert as_read("1.234,50", 2) == 123450
        assert writing.whole(1234567) == "1.234.567"
        assert writing.day(date(2026, 11, 3)) == "03.11.2026"


def test_every_language_reads_the_amounts_that_it_writes() -> None:
    for tag in (*installed(), MARKED, MARKED_FROM_RIGHT):
        with current.bound(tag):
            for units in (5, 123450, -99999999):
                assert as_read(as_typed(units, 2), 2) == units
                assert as_read(as_typed(units, 0), 0) == units


def test_a_language_that_is_written_from_right_to_left_says_so() -> None:
    assert load("en").direction == load("de").direction == load(MARKED).direction == "ltr"
    assert load(MARKED_FROM_RIGHT).direction == "rtl"
