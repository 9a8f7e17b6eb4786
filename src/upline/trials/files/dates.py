"""Which dates are taken: written as 2026-01-31, and of a time in which a company can be."""

from __future__ import annotations

import re
from datetime import date

from upline.language import gettext
from upline.plans.periods import date_of, day_of

FIRST, LAST = day_of(date(1970, 1, 1)), day_of(date(2199, 12, 31))
FORM = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


def outside(name: str, said: str) -> str:
    """A sentence about a date that is of another time."""
    return gettext(
        "{name} {said} is not from {first} to {last}",
        name=name,
        said=said,
        first=date_of(FIRST),
        last=date_of(LAST),
    )


def no_date(name: str, said: str) -> str:
    """A sentence about what is not a date."""
    return gettext("{name} {said} is not a date such as 2026-01-31", name=name, said=said)


def day_in(text: object) -> int:
    """The day that a text such as 2026-01-31 names. Raises ValueError where it names none."""
    if not isinstance(text, str) or not re.fullmatch(FORM, text):
        raise ValueError(text)
    return day_of(date.fromisoformat(text))
