"""Amounts are integers of the smallest unit: minor units of the currency, hundredths of a point.
How large they may be, how people and programs are shown them, and how what people type is read."""

import re
from decimal import Decimal
from typing import NamedTuple

from upline.language import gettext, ngettext, writing
from upline.language.writing import typed_mark

UNITS_MAX = 10**12
POINT_DECIMALS = 2
PERCENT_DECIMALS = 2
"""Rates of tax are in hundredths of a percent: basis points."""
# What may set thousands apart beside comma and point: spaces of three widths, and apostrophes.
_APART = " \u00a0\u202f'\u2019"
_GROUPED = re.compile(rf"(-?\d{{1,3}})((?:[{_APART}]\d{{3}})+)(?=[.,]|$)", re.ASCII)
_NUMBER = re.compile(r"-?(\d+|\d[\d.,]*\d|[.,]\d+)", re.ASCII)
_LONGEST = 40


class Money(NamedTuple):
    """An amount with its currency (ISO 4217), so that no two currencies are added or mistaken."""

    minor: int
    currency: str


class NotAnAmount(ValueError):
    """What was typed is not an amount, or could be two different ones; says which."""


def as_text(units: int, decimals: int, thousands: str = "") -> str:
    """All decimals written out: `123450` with two is `1234.50`."""
    sign = "-" if units < 0 else ""
    whole, part = divmod(abs(units), 10**decimals)
    tail = f".{part:0{decimals}}" if decimals else ""
    return f"{sign}{whole:,}{tail}".replace(",", thousands)


def as_number(units: int, decimals: int) -> int | Decimal:
    """The same as an exact number of as few digits as it needs: `4990` with two is 49.9.

    A whole one stays an int, which costs a quarter of a Decimal; hot answers show many."""
    whole, part = divmod(units, 10**decimals)
    return Decimal(units).scaleb(-decimals).normalize() if part else whole


def as_typed(units: int, decimals: int, mark: str = ".") -> str:
    """As a form shows it to be changed: all decimals, after the decimal mark of the language that
    is spoken; in English it is the company's own, `mark`."""
    return as_text(units, decimals).replace(".", typed_mark(mark))


def grouped(units: int, decimals: int, mark: str = ".") -> str:
    """As a person reads it: `1,234.50` in English, or `1.234,50` where the company's decimal
    `mark` is a comma; other languages have marks of their own."""
    marks = writing.marks(mark)
    whole, point, part = as_text(units, decimals, ",").partition(".")
    return whole.replace(",", marks.group) + point.replace(".", marks.decimal) + part


def written(money: Money, decimals: int, mark: str = ".") -> str:
    """The one place that writes an amount with its currency for people: `1,234.50 EUR`, or
    `1.234,50 EUR`; see `grouped`. `decimals` are the currency's."""
    return f"{grouped(money.minor, decimals, mark)} {money.currency}"


class AmountParts(NamedTuple):
    """An amount in the parts that stand in different sizes: `1,234`, `.50` and `EUR`."""

    whole: str
    fraction: str
    currency: str


def parts(money: Money, decimals: int, mark: str = ".") -> AmountParts:
    """The same as `written`, in its parts."""
    text = grouped(money.minor, decimals, mark)
    cut = len(text) - decimals - 1 if decimals else len(text)
    return AmountParts(text[:cut], text[cut:], money.currency)


RATE = 10**6
"""Rates between currencies are in millionths."""


def converted(minor: int, decimals: int, rate: int, other_decimals: int) -> int:
    """An amount in another currency, of which one unit (1.00) is worth `rate` millionths; rounded
    once, halves up. Both in minor units, of so many decimals."""
    above: int = minor * rate * 10**other_decimals
    below: int = RATE * 10**decimals
    return (2 * above + below) // (2 * below)


def as_read(text: str, decimals: int, mark: str = ".") -> int:
    """What somebody typed, as an integer of the smallest unit. The last of comma and point is the
    decimal mark, and the other one sets thousands apart. Where only one of them stands, before
    exactly three digits, it could be either: then the mark that `as_typed` writes decides if that
    makes an amount, and otherwise it is refused. Raises NotAnAmount."""
    plain = _GROUPED.sub(lambda found: re.sub(rf"[{_APART}]", "", found[0]), text.strip())
    plain = plain.replace("\u2212", "-")
    if len(plain) > _LONGEST or not _NUMBER.fullmatch(plain):
        raise NotAnAmount(
            gettext(
                "Write this as a number, such as {example}.",
                example=as_typed(5990, decimals, mark),
            )
        )
    sign, digits = (-1, plain[1:]) if plain.startswith("-") else (1, plain)
    whole, part = _parted(digits, decimals, typed_mark(mark))
    if len(part) > decimals:
        raise NotAnAmount(_too_many(decimals))
    return sign * int((whole or "0") + part.ljust(decimals, "0"))


def _too_many(decimals: int) -> str:
    if not decimals:
        return gettext("This can have no decimal places.")
    return ngettext(
        "This can have at most {count} decimal place.",
        "This can have at most {count} decimal places.",
        decimals,
    )


def _parted(digits: str, decimals: int, mark: str) -> tuple[str, str]:
    """The digits before the decimal mark, and those after it."""
    marks = [letter for letter in digits if letter in ".,"]
    if not marks:
        return digits, ""
    whole, last, part = digits.rpartition(marks[-1])
    if len(marks) == 1:
        if len(part) != 3 or not 1 <= len(whole) <= 3 or whole.startswith("0"):
            return whole, part
        return _decided(whole, part, decimals, is_decimal=last == mark)
    if len(set(marks)) == 1:
        return _ungrouped(digits, last), ""
    other = "," if last == "." else "."
    if last in whole:
        raise NotAnAmount(
            gettext("This mixes commas and points. Write it without either for thousands.")
        )
    return _ungrouped(whole, other), part


def _decided(whole: str, part: str, decimals: int, *, is_decimal: bool) -> tuple[str, str]:
    """One comma or point before exactly three digits. Raises NotAnAmount where it could be both."""
    if is_decimal and decimals == len(part):
        return whole, part
    if not is_decimal and not decimals:
        return whole + part, ""
    raise NotAnAmount(
        gettext(
            "This could mean {whole}{part}, or {whole} and a fraction. Write it "
            "without a comma or point for thousands.",
            whole=whole,
            part=part,
        )
    )


def _ungrouped(whole: str, between: str) -> str:
    first, *groups = whole.split(between)
    if not 1 <= len(first) <= 3 or any(len(group) != 3 for group in groups):
        raise NotAnAmount(gettext("The thousands are not in groups of three digits."))
    return "".join((first, *groups))
