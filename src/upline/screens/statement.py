"""A member's statement of one run, as a paper: the sums, and every line with its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from upline.base.amounts import POINT_DECIMALS, Money, grouped
from upline.commissions.models import RunStatus
from upline.company import current as company
from upline.explanations.units import Unit
from upline.language import gettext, lazy, ngettext
from upline.language.current import bound
from upline.language.writing import day, whole
from upline.markets import current as markets
from upline.members.models import User
from upline.members.person.identity import identities
from upline.papers import (
    Column,
    Paper,
    Sentence,
    Table,
    as_csv,
    as_pdf,
    counts,
    money,
    sheet,
    texts,
)
from upline.screens import earnings
from upline.screens.earnings import Earned
from upline.wallet import queries as wallet
from upline.wallet.models import TransferKind

if TYPE_CHECKING:
    from upline.commissions.explaining.lines import Explained
    from upline.commissions.explaining.pair_orders import Fed
    from upline.explanations.numbers import Figure

LINES_MAX = 2_000
"""Lines of a statement that somebody waits for; the rest is one sum."""
ALL_LINES = 2**31 - 1
_NOTHING = lazy("This run came to nothing for this member.")
SETTLED = {
    TransferKind.COMMISSION: (lazy("to the wallet"), 1),
    TransferKind.COMMISSION_PURCHASE: (lazy("to the shopping balance"), 1),
    TransferKind.COMMISSION_BACK: (lazy("from the wallet"), -1),
    TransferKind.COMMISSION_PURCHASE_BACK: (lazy("from the shopping balance"), -1),
    TransferKind.COMMISSION_OWED: (lazy("owed, to be paid from the next earnings"), -1),
    TransferKind.COMMISSION_REPAID: (lazy("towards what was owed"), 1),
}
"""How the ledger settled a total, by kind of transfer: these come to it."""
FIGURES = {
    "level": lazy("Level"),
    "each": lazy("Amount"),
    "percent": lazy("Percentage"),
    "of": lazy("Percentage of"),
    "point_value": lazy("Worth of a point"),
    "group_points": lazy("Group points"),
    "own_percent": lazy("Own percentage"),
    "percent_paid_below": lazy("Percentage paid below"),
    "position": lazy("Position"),
    "left": lazy("Left leg"),
    "right": lazy("Right leg"),
    "pairs": lazy("Pairs"),
    "a_pair": lazy("Amount per pair"),
    "cap_of_the_day": lazy("Cap of the day"),
    "cap_of_the_week": lazy("Cap of the week"),
    "cap_of_the_month": lazy("Cap of the month"),
    "used_of_the_day": lazy("Used of the day's cap before"),
    "used_of_the_week": lazy("Used of the week's cap before"),
    "used_of_the_month": lazy("Used of the month's cap before"),
    "shares": lazy("Shares"),
    "all_shares": lazy("All shares"),
    "fund": lazy("Fund"),
    "turnover": lazy("Turnover"),
    "cap": lazy("Cap"),
    "earned": lazy("Earned"),
    "held_before": lazy("Held back before"),
    "held_after": lazy("Held back after"),
    "limit_for_all": lazy("Limit for all members"),
    "earned_by_all": lazy("Earned by all members"),
    "earned_this_year": lazy("Earned this year"),
}
"""What a paper calls the figures of a line (`explanations.numbers`), by the API's names."""
_LEGS = {"left": lazy("left"), "right": lazy("right")}


def statement(
    member_id: int,
    earned: Earned,
    viewer_id: int,
    *,
    most: int = LINES_MAX,
    with_orders: bool = False,
) -> Paper:
    """The statement of what a run came to for a member; `viewer_id` is who looks. `with_orders`
    tells the orders that fed pairs too."""
    lines = earnings.lines(earned.id, member_id, viewer_id, 0, most + 1)
    told, rest = lines[:most], len(lines) > most
    activity = earnings.activity_in(earned.id, member_id)
    said = [] if told else [str(_NOTHING)]
    said += [activity.sentence] if activity else []
    blocks: list[Table | Sentence] = [Sentence(" ".join(said))] if said else []
    blocks += [*_sums(earned, member_id), *_lines(earned, told, rest=rest)]
    for line in told if with_orders else ():
        fed = earnings.fed(earned.id, member_id, viewer_id, line)
        blocks += [orders_of(line, fed, earned.currency)] if fed else []
    return Paper(
        title=gettext(
            "Commissions from {first} to {last}",
            first=day(earned.first_day),
            last=day(earned.last_day),
        ),
        subtitle=company.current().name,
        facts=[
            *_member(member_id),
            (gettext("Run"), f"{earned.id}, {RunStatus(earned.status).label}"),
            (gettext("Rank"), earned.rank or gettext("none")),
            (gettext("Title"), earned.title or gettext("none")),
            (gettext("Amounts in"), earned.currency),
        ],
        blocks=blocks,
    )


def statement_file(member_id: int, earned: Earned, kind: str) -> bytes:
    """A member's own statement as they download it: `pdf`, in the language that is spoken, or
    `csv`, which is always in English."""
    if kind == "pdf":
        return as_pdf(statement(member_id, earned, member_id))
    with bound(sheet.LANGUAGE):
        return as_csv(statement(member_id, earned, member_id)).encode()


def _member(member_id: int) -> Iterator[tuple[str, str]]:
    """Whose statement it is, as a tax office wants to read it."""
    yield gettext("Member"), User.objects.values_list("username", flat=True).get(pk=member_id)
    person = identities([member_id])[member_id]
    named = (
        (gettext("Name"), person.name),
        (gettext("Address"), person.address),
        (gettext("Tax number"), person.tax_number),
    )
    yield from ((label, said) for label, said in named if said)


def _sums(earned: Earned, member_id: int) -> Iterator[Table | Sentence]:
    """What each bonus pays and each deduction takes, and what the member gets."""
    rows = earnings.sums(earned.id, member_id)
    columns = (texts(gettext("Bonus")), counts(gettext("Lines")), _amount(earned.currency))
    rows = [(earnings.called(bonus), lines, amount) for bonus, lines, amount in rows]
    total = (gettext("Total"), sum(lines for _, lines, _ in rows), earned.total)
    yield Table(columns, rows, title=gettext("Sums"), totals=total)
    settled = wallet.of_run(earned.id, member_id, list(SETTLED))
    if settled:
        paid = [(str(text), settled[kind] * sign) for kind, (text, sign) in SETTLED.items()
                if kind in settled]  # fmt: skip
        yield Table(
            (texts(gettext("Paid")), columns[2]),
            paid,
            gettext("How it was paid"),
            (gettext("Total"), earned.total),
        )
    elif earned.purchase > 0:
        part = markets.money(Money(earned.purchase, earned.currency))
        yield Sentence(gettext("Of the total, {part} goes to the shopping balance.", part=part))


def _lines(earned: Earned, lines: Sequence[Explained], *, rest: bool) -> Iterator[Table | Sentence]:
    rows: list[tuple[str | int | None, ...]] = [
        (line.number, earnings.called(line.bonus), line.sentence, line.amount) for line in lines
    ]
    if rest:
        others = earned.total - sum(line.amount for line in lines)
        said = ngettext(
            "All lines after the first",
            "All lines after the first {number}",
            len(lines),
            number=whole(len(lines)),
        )
        rows.append((None, "", said, others))
    columns = (
        counts(gettext("Line")),
        texts(gettext("Bonus")),
        texts(gettext("Why")),
        _amount(earned.currency),
    )
    totals = (None, gettext("Total"), "", earned.total)
    yield Table(columns, rows, gettext("Lines"), totals)


def _amount(currency: str) -> Column:
    return money(gettext("Amount"), markets.decimals_of(currency))


def of_line(
    line: Explained, fed: Sequence[Fed], figures: Sequence[tuple[str, str]], currency: str
) -> Paper:
    """One line with its figures, and the orders that fed its pairs."""
    amount = markets.money(Money(line.amount, currency))
    return Paper(
        title=gettext(
            "Line {number}: {amount} by {bonus}",
            number=line.number,
            amount=amount,
            bonus=earnings.called(line.bonus),
        ),
        facts=figures,
        blocks=[Sentence(line.sentence), *([orders_of(line, fed, currency)] if fed else [])],
    )


def figures_of(line: Explained, currency: str) -> list[tuple[str, str]]:
    """The figures of a line, each by the name that people know it by; money says its currency where
    it is not this one."""
    return [(str(FIGURES[each.name]), figure(each, currency)) for each in line.figures]


def figure(figure: Figure, currency: str) -> str:
    """One of them, as a person reads it; money says its currency where it is not this one."""
    if figure.unit is Unit.POINTS:
        return in_points(figure.value)
    if figure.unit is Unit.PERCENT:
        return f"{_trimmed(figure.value, figure.decimals)} %"
    written = grouped(figure.value, figure.decimals)
    if figure.currency not in ("", currency):
        return f"{written} {figure.currency}"
    return written


def _trimmed(value: int, decimals: int) -> str:
    """With as many decimals as it needs: `10`, or `7.125`."""
    while decimals and value % 10 == 0:
        value, decimals = value // 10, decimals - 1
    return grouped(value, decimals)


def orders_of(line: Explained, fed: Sequence[Fed], currency: str) -> Table:
    """The orders that fed a line's pairs, on a paper whose amounts are in this currency."""
    rows = [
        (
            str(_LEGS[one.leg]),
            one.order.number if one.order else gettext("(before)"),
            one.order.username if one.order else "",
            day(one.order.day) if one.order else "",
            volume(one, currency),
        )
        for one in fed
    ]
    columns = (
        texts(gettext("Leg")),
        texts(gettext("Order")),
        texts(gettext("Of")),
        texts(gettext("Day")),
        texts(gettext("Counted")),
    )
    title = gettext("Orders that fed line {number}", number=line.number)
    return Table(columns, rows, title)


def volume(fed: Fed, currency: str) -> str:
    """What an order counted, for people; money says its currency where it is not this one."""
    if fed.unit is Unit.POINTS:
        return in_points(fed.counted)
    if fed.currency != currency:
        return markets.money(Money(fed.counted, fed.currency))
    return grouped(fed.counted, markets.decimals_of(currency))


def in_points(hundredths: int) -> str:
    """Points for people: `1,200.00 points`."""
    return gettext("{number} points", number=grouped(hundredths, POINT_DECIMALS))
