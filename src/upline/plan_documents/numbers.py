"""Exact numbers of a document, as integers in the core's units.

A number stands in a file as 12, 12.5 or "12.50". tomllib hands it over as an exact decimal; what
has more decimals than its unit is refused, so that nothing is ever rounded in reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from upline.language import gettext, lazy
from upline.plan_documents.errors import quoted
from upline.plans.plan import HUNDRED_PERCENT, PERCENT_DECIMALS

LARGEST_FIGURE = 10**14
"""In the smallest unit: 1,000,000,000,000.00. With any rate it fits 64 bits."""
POINT_PLACES = 2
DEFAULT_DECIMALS = 2
DECIMALS = (0, 2, 3)
EXACT = Context(prec=1_000_000, Emin=MIN_EMIN, Emax=MAX_EMAX)
"""More digits than a file can have."""
WRITTEN = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")
COMMAS = re.compile(r"[0-9],[0-9]")
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
"""Points set between thousands, as in many countries."""
NO_LIMIT = "no limit"


def refused(sentence: str) -> PydanticCustomError:
    """An error whose message is for the owner."""
    return PydanticCustomError("refused", "{sentence}", {"sentence": sentence})


def as_decimal(text: str) -> Decimal:
    """What tomllib makes of a number with a point or an exponent; NaN where it is out of reach."""
    try:
        return Decimal(text.replace("_", ""))
    except ArithmeticError:
        return Decimal("NaN")


def scaled(said: object, decimals: int, otherwise: Callable[[object, int], str]) -> int:
    """A number of at most so many decimals, in the smallest unit. Raises `refused`; `otherwise`
    gives the sentence for a number with too many decimals."""
    number = _exact(said)
    if number.adjusted() > len(str(LARGEST_FIGURE)):
        raise refused(gettext("{said} is too large.", said=quoted(said)))
    moved = number.scaleb(decimals, EXACT)
    if _digits_after_point(number) > decimals:
        raise refused(otherwise(said, decimals))
    if moved < 0:
        raise refused(gettext("{said} is negative.", said=quoted(said)))
    if moved > LARGEST_FIGURE:
        raise refused(gettext("{said} is too large.", said=quoted(said)))
    return int(moved)


def _too_exact_money(said: object, decimals: int) -> str:
    return _too_exact(
        said,
        decimals,
        lazy("{said} has too many decimals: this plan's money has none."),
        lazy("{said} has too many decimals: this plan's money has {decimals}."),
    )


def too_exact_in_market(said: object, decimals: int) -> str:
    """The sentence for an amount that a market's currency cannot have."""
    return _too_exact(
        said,
        decimals,
        lazy("{said} has too many decimals: this market's money has none."),
        lazy("{said} has too many decimals: this market's money has {decimals}."),
    )


def _too_exact(said: object, decimals: int, has_none: str, has_some: str) -> str:
    """One of two sentences, by whether the currency has decimals at all."""
    sentence = (has_some if decimals else has_none).format(said=quoted(said), decimals=decimals)
    return _if_thousands(sentence, str(said))


def _too_exact_points(said: object, decimals: int) -> str:
    sentence = gettext(
        "{said} has too many decimals: a number of points has {decimals}.",
        said=quoted(said),
        decimals=decimals,
    )
    return _if_thousands(sentence, str(said))


def _too_exact_percentage(said: object, decimals: int) -> str:
    return gettext(
        "{said} has too many decimals: a percentage has {decimals}.",
        said=quoted(said),
        decimals=decimals,
    )


def _digits_after_point(number: Decimal) -> int:
    """As it is written, zeros included: 10.000 is ten here, and ten thousand elsewhere."""
    return -int(number.as_tuple().exponent)


def _if_thousands(sentence: str, said: str) -> str:
    """The sentence, with what to write where a point seems to set thousands apart."""
    if not THOUSANDS.fullmatch(said.strip()):
        return sentence
    number = said.strip().replace(".", "")
    return f"{sentence} " + gettext("Write {number} for thousands.", number=number)


def _exact(said: object) -> Decimal:
    if isinstance(said, str) and WRITTEN.fullmatch(said.strip()):
        return Decimal(said.strip())
    if isinstance(said, int) and not isinstance(said, bool):
        if said.bit_length() > LARGEST_FIGURE.bit_length():
            if said < 0:
                raise refused(gettext("{said} is negative.", said=quoted(said)))
            raise refused(gettext("{said} is too large.", said=quoted(said)))
        return Decimal(said)
    if isinstance(said, Decimal) and said.is_finite():
        return said
    if isinstance(said, str) and COMMAS.search(said):
        sentence = gettext(
            'must be a number such as 12 or "12.50", not {said}: no commas in numbers.',
            said=quoted(said),
        )
    else:
        sentence = gettext('must be a number such as 12 or "12.50", not {said}.', said=quoted(said))
    raise refused(sentence)


def money_of(said: object, info: ValidationInfo) -> int:
    """Minor units. The validation's context says how many decimals money has, and the sentence for
    what has too many of them."""
    context = info.context or {}
    decimals = context.get("decimals", DEFAULT_DECIMALS)
    return scaled(said, decimals, context.get("too_exact", _too_exact_money))


def points_of(said: object) -> int:
    """Hundredths of a point."""
    return scaled(said, POINT_PLACES, _too_exact_points)


def percent_of(said: object) -> int:
    """Millionths, from 0 to 100 percent; a sign may follow, as in "12.5 %"."""
    bare = said.strip().removesuffix("%").strip() if isinstance(said, str) else said
    rate = scaled(bare, PERCENT_DECIMALS, _too_exact_percentage)
    if rate > HUNDRED_PERCENT:
        raise refused(gettext("{said} is more than 100 percent.", said=quoted(said)))
    return rate


def money_or_no_limit(said: object, info: ValidationInfo) -> int:
    """Minor units, -1 for "no limit"."""
    return -1 if said == NO_LIMIT else money_of(said, info)


def count_or_no_limit(said: object) -> object:
    """A whole number, -1 for "no limit"."""
    if said == NO_LIMIT:
        return -1
    if isinstance(said, int) and not isinstance(said, bool) and not 0 <= said <= 10**9:
        raise refused(gettext("must be from 0 to 1000000000, not {said}.", said=quoted(said)))
    return said


def zero_or_one(said: object) -> object:
    """0 or 1, and neither false nor true."""
    if isinstance(said, bool) or said not in (0, 1):
        raise refused(gettext("must be 0 or 1, not {said}.", said=quoted(said)))
    return said


def decimals_of(said: object) -> object:
    """How many decimals a currency has."""
    if isinstance(said, bool) or said not in DECIMALS:
        raise refused(gettext("must be 0, 2 or 3, not {said}.", said=quoted(said)))
    return said


def day_of_date(said: object) -> object:
    """A date, written as one or as a string."""
    if isinstance(said, str):
        try:
            return date.fromisoformat(said)
        except ValueError:
            pass
    if not isinstance(said, date) or isinstance(said, datetime):
        raise refused(gettext("must be a date such as 2026-01-31, not {said}.", said=quoted(said)))
    return said


def number_schema(largest: int | None = None, sign: str = "", word: str = "") -> dict[str, Any]:
    """A number or its text, as the published schema has it."""
    number: dict[str, Any] = {"type": "number", "minimum": 0}
    if largest is not None:
        number["maximum"] = largest
    text = {"type": "string", "pattern": rf"^[0-9]+(\.[0-9]+)?{sign}$"}
    words = [{"const": word}] if word else []
    return {"anyOf": [number, text, *words]}


Money = Annotated[int, BeforeValidator(money_of), WithJsonSchema(number_schema())]
"""Minor units."""
Points = Annotated[int, BeforeValidator(points_of), WithJsonSchema(number_schema())]
"""Hundredths."""
Percent = Annotated[int, BeforeValidator(percent_of), WithJsonSchema(number_schema(100, " ?%?"))]
"""Millionths."""
MoneyLimit = Annotated[
    int, BeforeValidator(money_or_no_limit), WithJsonSchema(number_schema(word=NO_LIMIT))
]
"""Minor units, -1 for no limit."""
CountLimit = Annotated[
    int,
    BeforeValidator(count_or_no_limit),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"const": NO_LIMIT}]}),
]
"""A whole number, -1 for no limit."""
ZeroOrOne = Annotated[Literal[0, 1], BeforeValidator(zero_or_one)]
Decimals = Annotated[Literal[0, 2, 3], BeforeValidator(decimals_of)]
Date = Annotated[
    date, BeforeValidator(day_of_date), WithJsonSchema({"type": "string", "format": "date"})
]


def printable(said: str) -> str:
    """A name that can stand in a table and in a CSV file."""
    if not said.isprintable() or said != said.strip():
        raise refused(
            gettext("{said} must be plain text without spaces around it.", said=quoted(said))
        )
    return said


Name = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(printable)]
