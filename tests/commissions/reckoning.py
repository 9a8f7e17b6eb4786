"""A line's amount, calculated again from nothing but what its explanation tells."""

import re
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

WHOLE = 1_000_000
HUNDREDTHS = 100
# An amount, with its currency where a run met several.
_AMOUNT = r"([\d,.]+)(?: [A-Z]{3})?"
STAYS = re.compile(rf": line (\d+) of run (\d+) \(.*\) paid {_AMOUNT}, of which {_AMOUNT} remains")
CHARGED = re.compile(rf"{_AMOUNT} was charged; ([\d.]+) % of the remaining {_AMOUNT} is {_AMOUNT}")
_RATE = re.compile(r"; 1 [A-Z]{3} = ([\d,.]+) ([A-Z]{3})$")


def volume(figures: dict[str, int]) -> tuple[int, int]:
    """What a percentage is taken of, as a fraction: points count what each is worth."""
    if "point_value" in figures:
        return figures["of"] * figures["point_value"], WHOLE * HUNDREDTHS
    return figures["of"], WHOLE


def amount_of(line: dict[str, Any], net: int) -> int:
    """A line's amount by its figures; `net` is what is left before a tax."""
    figures: dict[str, int] = line["figures"]
    bonus = line["bonus"]
    if bonus == "ceiling":
        of, all_earned = figures["of"], figures["earned_by_all"]
        return of * figures["limit_for_all"] // all_earned - of
    if bonus in ("service charge", "tax"):
        return _deducted(figures["of"], figures["percent"], net)
    if bonus == "carried over":
        return figures["held_before"] - figures["held_after"]
    if "a_pair" in figures:
        return min(figures["pairs"] * figures["a_pair"], _cap_leaves(figures))
    if "each" in figures:
        return figures["each"]
    of, divisor = volume(figures)
    return floor(Fraction(of * figures["percent"], divisor) * exchange(line))


def exchange(line: dict[str, Any]) -> Fraction:
    """What one unit of what a line was calculated from is worth to whom it pays, by the one rate
    that its sentence tells; 1 where it tells none."""
    told = _RATE.search(line["sentence"])
    if told is None:
        return Fraction(1)
    rate = Fraction(told[1].replace(",", ""))
    return rate if line["currency"] == told[2] else 1 / rate


def _deducted(of: int, percent: int, net: int) -> int:
    """Below zero what is taken off; above it what is given back."""
    if of < 0:
        return -of * percent // WHOLE
    return -min(of * percent // WHOLE, net)


def _cap_leaves(figures: dict[str, int]) -> int:
    """What the one cap on money leaves."""
    (cap,) = (name for name in figures if name.startswith("cap_of_the_"))
    used = figures[cap.replace("cap_", "used_", 1)]
    return max(figures[cap] - used, 0)


def given_back(sentence: str) -> int:
    """What a sentence says of a charge that is given back comes to."""
    told = CHARGED.search(sentence)
    assert told is not None, sentence
    taken, percent, of, stays = map(cents, told.groups())
    assert of * percent // HUNDREDTHS**2 == stays, sentence
    return taken - stays


def cents(text: str) -> int:
    return int(Decimal(text.replace(",", "")) * 100)
