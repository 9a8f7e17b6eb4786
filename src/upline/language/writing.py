"""What amounts and days look like in the language that is spoken."""

from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from babel import Locale
from babel.dates import format_date, format_interval, format_time
from babel.lists import format_list
from babel.numbers import get_decimal_symbol, get_group_symbol

from upline.language.current import catalog


class Marks(NamedTuple):
    """What stands in a number before its decimals, and between its thousands."""

    decimal: str
    group: str


_POINT, _COMMA = Marks(".", ","), Marks(",", ".")


def marks(in_english: str = ".") -> Marks:
    """The marks of numbers. English has `1,234.50`, or `1.234,50` where the company writes it so
    (`in_english` is its decimal mark)."""
    spoken = catalog()
    if spoken.is_english:
        return _POINT if in_english == "." else _COMMA
    return _marks_of(spoken.locale)


@cache
def _marks_of(locale: Locale) -> Marks:
    return Marks(
        get_decimal_symbol(locale, numbering_system="latn"),
        get_group_symbol(locale, numbering_system="latn"),
    )


def typed_mark(in_english: str = ".") -> str:
    """The decimal mark of what people type: a comma or a point."""
    decimal = marks(in_english).decimal
    return decimal if decimal in ".," else "."


def whole(count: int) -> str:
    """A whole number for people: `1,234,567`."""
    return f"{count:,}".replace(",", marks().group)


def day(of: date) -> str:
    """A day inside a sentence: `2026-11-30`, or as the language writes it: `30.11.2026`."""
    spoken = catalog()
    return of.isoformat() if spoken.is_english else format_date(of, "medium", spoken.locale)


def named_day(of: date) -> str:
    """A day on a page: `22 Nov 2026`, or `22.11.2026`."""
    spoken = catalog()
    return f"{of:%-d %b %Y}" if spoken.is_english else format_date(of, "medium", spoken.locale)


def month(of: date) -> str:
    """The month that a day is in: `November 2026`."""
    return format_date(of, "LLLL y", catalog().locale)


def short_month(of: date) -> str:
    """The same where there is little room: `Nov`."""
    return format_date(of, "LLL", catalog().locale)


def days(first: date, last: date) -> str:
    """A stretch of days on a page: `19 to 25 Oct 2026`, or as the language writes it; no line
    breaks inside a date."""
    spoken = catalog()
    if first == last:
        return named_day(first).replace(" ", "\u00a0")
    if not spoken.is_english:
        return format_interval(first, last, "yMMMd", locale=spoken.locale)
    begin = f"{first:%-d %b %Y}"
    if first.year == last.year:
        begin = f"{first:%-d}" if first.month == last.month else f"{first:%-d %b}"
    return f"{begin} to {last:%-d %b %Y}".replace(" ", "\u00a0").replace("\u00a0to", " to")


def listed(things: list[str]) -> str:
    """Several things in a sentence: `one, two and three`."""
    return format_list(things, locale=catalog().locale)


def moment(at: datetime) -> str:
    """A moment by the clock of its time zone: `22 Nov 2026, 14:05`, or `22.11.2026, 14:05`."""
    spoken = catalog()
    time = f"{at:%H:%M}" if spoken.is_english else format_time(at, "short", locale=spoken.locale)
    return f"{named_day(at.date())}, {time}"
