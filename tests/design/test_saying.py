"""Days are told as people tell them, amounts in sentences can be hidden, and nothing else is."""

from datetime import UTC, date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.safestring import mark_safe

from upline.base import clock
from upline.design.amounts import marked
from upline.design.moments import element, said
from upline.language.current import bound

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
"""Half past midnight of 1 December in Berlin."""


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, "today"),
        (-1, "yesterday"),
        (1, "tomorrow"),
        (-2, "2 days ago"),
        (-7, "7 days ago"),
        (-8, "23 Nov 2026"),
        (7, "in 7 days"),
        (8, "9 Dec 2026"),
    ],
)
def test_a_day_is_told_by_its_distance_for_a_week(days: int, told: str) -> None:
    day = date(2026, 12, 1) + timedelta(days=days)
    with clock.pinned(NOW), timezone.override(BERLIN):
        assert said(day).replace("\u00a0", " ") == told


def test_a_moment_is_told_by_the_clock_of_the_company() -> None:
    late = datetime(2026, 11, 29, 23, 15, tzinfo=UTC)
    with clock.pinned(NOW), timezone.override(BERLIN):
        assert said(timezone.localtime(late)) == "yesterday, 00:15"
        found = str(element(late))
    assert 'datetime="2026-11-30T00:15:00+01:00"' in found
    assert "Monday, 30 November 2026, 00:15, Central European Standard Time" in unescape(found)


def test_days_are_told_in_the_language_that_is_spoken() -> None:
    with clock.pinned(NOW), timezone.override(BERLIN), bound("de"):
        assert said(date(2026, 11, 28)) == "vor 3 Tagen"
        assert "Samstag, 28. November 2026" in str(element(date(2026, 11, 28)))


@pytest.mark.parametrize(
    ("sentence", "hidden"),
    [
        ("You have earned 46.54 EUR this month and 1,234.50 EUR before.",
         ["46.54 EUR", "1,234.50 EUR"]),
        ("10 % of 83.19 from order UP-1234", ["83.19"]),
        ("12.5 % of 1.234,50", ["1.234,50"]),
        ("Taken back: \u221220.00", ["\u221220.00"]),
        ("500 JPY", ["500 JPY"]),
        ("From 22.11.2026 to 2026-11-30, 14:20, 12.50 %, version 1.2.3", []),
    ],
)  # fmt: skip
def test_amounts_in_a_sentence_are_marked(sentence: str, hidden: list[str]) -> None:
    parts = str(marked(sentence)).split('<span class="amount said">')[1:]
    assert [part.partition("</span>")[0] for part in parts] == hidden


def test_what_people_typed_is_never_markup() -> None:
    assert "<b>" not in marked("<b>9.99 EUR</b>")
    assert "<b>" in marked(mark_safe("<b>9.99 EUR</b>"))
