"""An unfolded period as pages show it: every sum opens into what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from upline.base.amounts import AmountParts, Money
from upline.design import moments
from upline.design.faces import Face, face
from upline.language import gettext, ngettext, writing
from upline.markets import current as markets
from upline.screens import bonus_titles, shown
from upline.screens import statement as statements

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from upline.commissions.explaining.lines import Explained
    from upline.commissions.explaining.pair_orders import Fed
    from upline.screens.unfolded import BonusShares, PersonShare, Unfolded


class FedShown(NamedTuple):
    """An order that fed a leg, whose it is, and how much of it counted."""

    order: str
    person: str
    day: SafeString | str
    counted: str


class LegShown(NamedTuple):
    name: str
    orders: list[FedShown]


class LineShown(NamedTuple):
    """A line: where it came from, why, how much, the figures behind it, and the orders that fed
    its pairs."""

    number: int
    source: str
    day: SafeString | str
    sentence: str
    amount: str
    figures: list[tuple[str, str]]
    legs: list[LegShown]
    is_pairs: bool


class ShareShown(NamedTuple):
    """What came of one person; without a face where it is of nobody in particular."""

    face: Face | None
    name: str
    counted: str
    amount: str
    lines: list[LineShown]

    @property
    def only(self) -> LineShown | None:
        """The line, where there is one alone."""
        return self.lines[0] if len(self.lines) == 1 else None


class BonusShown(NamedTuple):
    name: str
    counted: str
    amount: str
    shares: list[ShareShown]


class UnfoldedPaper(NamedTuple):
    """An unfolded period: bonuses, deductions, and what they come to."""

    bonuses: list[BonusShown]
    rest: str
    gross: str
    deductions: list[tuple[str, LineShown]]
    total: AmountParts


def paper(of: Unfolded) -> UnfoldedPaper:
    """All of it."""
    return UnfoldedPaper(
        [_bonus(each, of) for each in of.bonuses],
        shown.money(of.rest, of.currency) if of.rest else "",
        shown.money(of.gross, of.currency),
        [(bonus_titles.title(each.bonus), _line(each, of)) for each in of.deductions],
        markets.parts(Money(of.total, of.currency)),
    )


def _bonus(found: BonusShares, of: Unfolded) -> BonusShown:
    lines = sum(len(each.lines) for each in found.shares)
    people = sum(each.person is not None for each in found.shares)
    counted = writing.whole(people or lines)
    if people:
        count = ngettext("from {people} person", "from {people} people", people, people=counted)
    else:
        count = ngettext("{lines} payment", "{lines} payments", lines, lines=counted)
    return BonusShown(
        bonus_titles.title(found.bonus),
        count,
        shown.money(found.amount, of.currency),
        [_share(each, of) for each in found.shares],
    )


def _share(found: PersonShare, of: Unfolded) -> ShareShown:
    who, lines = found.person, len(found.lines)
    their = face(who.id, who.firstname, who.lastname, who.picture) if who else None
    counted = writing.whole(lines)
    count = ngettext("{lines} payment", "{lines} payments", lines, lines=counted)
    return ShareShown(
        their,
        their.name if their else "",
        count,
        shown.money(found.amount, of.currency),
        [_line(each, of) for each in found.lines],
    )


def _line(found: Explained, of: Unfolded) -> LineShown:
    order = found.order
    return LineShown(
        found.number,
        gettext("Order {number}", number=order.number) if order else "",
        moments.element(order.day) if order else "",
        _said(found, of.currency),
        shown.money(found.amount, of.currency),
        statements.figures_of(found, of.currency),
        _legs(of.fed.get(found.number, ()), of.currency),
        found.is_pairs,
    )


def _said(of: Explained, currency: str) -> str:
    """`Level 1: 10 % of 83.19` for a line below its order; other lines by their whole sentence."""
    figures = {each.name: statements.figure(each, currency) for each in of.figures}
    if of.order is None or not {"level", "percent", "of"} <= figures.keys():
        return of.sentence
    return gettext(
        "Level {level}: {percent} of {amount}",
        level=figures["level"],
        percent=figures["percent"],
        amount=figures["of"],
    )


def _legs(fed: Sequence[Fed], currency: str) -> list[LegShown]:
    names = {"left": gettext("Left leg"), "right": gettext("Right leg")}
    found = [
        LegShown(name, [_fed(each, currency) for each in fed if each.leg == leg])
        for leg, name in names.items()
    ]
    return [each for each in found if each.orders]


def _fed(of: Fed, currency: str) -> FedShown:
    counted = statements.volume(of, currency)
    if of.order is None:
        return FedShown(gettext("Carried over from before"), "", "", counted)
    day = moments.element(of.order.day)
    return FedShown(of.order.number, of.order.name, day, counted)
