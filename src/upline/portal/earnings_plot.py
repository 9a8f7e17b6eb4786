"""The plot of what periods came to: bars by month, whose title is what they show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from upline.language import gettext, writing
from upline.screens import shown
from upline.screens.earnings import Earned

MONTHS_MOST = 12
HEIGHT, TOP, FOOT = 200, 24, 24
"""Of the drawing in pixels: all of it, what is above the highest bar, what is below the ground."""
_ROOM = HEIGHT - TOP - FOOT
_LINES = 3
_AMOUNT_ACROSS = 4
"""Over how many bars an amount reaches on a phone."""
_ALL = 100


class Bar(NamedTuple):
    """A month: its short and its full name, its amount in words, and where its bar stands, across
    in percent, down in pixels."""

    short: str
    name: str
    amount: str
    x: str
    width: str
    middle: str
    y: str
    height: str
    is_last: bool
    is_open: bool


class Plot(NamedTuple):
    """Bars from the oldest to the newest, the heights of the lines behind them, and a title that
    says what they show. The last bar's amount stands above the bars that it reaches across."""

    title: str
    bars: list[Bar]
    lines: list[str]
    ground: int
    amount_y: str


def plot(periods: Sequence[Earned]) -> Plot | None:
    """Of these periods, the newest first; None where they are of fewer than two months."""
    months = _months(periods)
    if len(months) < 2:
        return None
    highest = max(max(amount for _, amount in months), 1)
    currency = periods[0].currency
    is_open = _is_open(periods)
    bars = [
        _bar(index, len(months), *each, highest, currency, is_open=is_open)
        for index, each in enumerate(months)
    ]
    lines = [f"{TOP + _ROOM * each / _LINES:.1f}" for each in range(_LINES)]
    amount_y = min((bar.y for bar in bars[-_AMOUNT_ACROSS:]), key=float)
    finding = _finding(months, currency, is_open=is_open)
    return Plot(finding, bars, lines, HEIGHT - FOOT, amount_y)


def _bar(
    index: int, count: int, month: date, amount: int, highest: int, currency: str, *, is_open: bool
) -> Bar:
    height, slot = _ROOM * max(amount, 0) / highest, _ALL / count
    return Bar(
        writing.short_month(month),
        writing.month(month),
        shown.money(amount, currency),
        f"{index * slot + slot / 5:.2f}",
        f"{slot * 3 / 5:.2f}",
        f"{index * slot + slot / 2:.2f}",
        f"{HEIGHT - FOOT - height:.1f}",
        f"{height:.1f}",
        index == count - 1,
        is_open and index == count - 1,
    )


def _months(periods: Sequence[Earned]) -> list[tuple[date, int]]:
    """What the periods that end in a month came to, the oldest month first; those in the currency
    of the newest."""
    sums: dict[date, int] = {}
    for each in periods:
        if each.currency == periods[0].currency:
            month = each.last_day.replace(day=1)
            sums[month] = sums.get(month, 0) + each.total
    return sorted(sums.items())[-MONTHS_MOST:]


def _is_open(periods: Sequence[Earned]) -> bool:
    """Whether the last month lacks a kind of period that the one before had: it goes on."""
    kinds: dict[date, set[str]] = {}
    for each in periods:
        kinds.setdefault(each.last_day.replace(day=1), set()).add(each.every)
    last, before, *_ = sorted(kinds, reverse=True)
    return not kinds[last] >= kinds[before]


def _finding(months: Sequence[tuple[date, int]], currency: str, *, is_open: bool) -> str:
    """What the last month was against the one before it."""
    if is_open:
        month, amount = months[-1]
        name, so_far = writing.month(month), shown.money(amount, currency)
        return gettext("{month} so far: {amount}", month=name, amount=so_far)
    (before, was), (month, amount) = months[-2:]
    named = {"month": writing.month(month), "before": writing.month(before)}
    if amount == max(each for _, each in months) and len(months) > 2:
        return gettext("{month} was your best month of {count}", count=len(months), **named)
    if was <= 0:
        return gettext("What you earned by month")
    change = round(_ALL * (amount - was) / was)
    if change > 0:
        return gettext(
            "You earned {percent} % more in {month} than in {before}", percent=change, **named
        )
    if change < 0:
        return gettext(
            "You earned {percent} % less in {month} than in {before}", percent=-change, **named
        )
    return gettext("You earned as much in {month} as in {before}", **named)
