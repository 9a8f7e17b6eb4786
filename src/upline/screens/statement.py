"""A member's statement of one run, as a paper: the sums, and every line with its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from upline.base.amounts import POINT_DECIMALS, Money, as_text
from upline.company import current as company
from upline.explanations.units import Unit
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.members.models import User
from upline.members.person.identity import identities
from upline.papers import Column, Paper, Sentence, Table, counts, money, texts
from upline.screens import earnings
from upline.screens.earnings import Earned
from upline.wallet import queries as wallet
from upline.wallet.models import TransferKind

if TYPE_CHECKING:
    from upline.commissions.explaining.lines import Explained
    from upline.commissions.explaining.pair_orders import Fed

LINES_MAX = 2_000
"""Lines of a statement that somebody waits for; the rest is one sum."""
ALL_LINES = 2**31 - 1
_NOTHING = lazy("This run came to nothing for this member.")
SETTLED = {
    TransferKind.COMMISSION: ("to the wallet", 1),
    TransferKind.COMMISSION_PURCHASE: ("to the shopping balance", 1),
    TransferKind.COMMISSION_BACK: ("from the wallet", -1),
    TransferKind.COMMISSION_PURCHASE_BACK: ("from the shopping balance", -1),
    TransferKind.COMMISSION_OWED: ("owed, to be paid from the next earnings", -1),
    TransferKind.COMMISSION_REPAID: ("towards what was owed", 1),
}
"""How the ledger settled a total, by kind of transfer: these come to it."""


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
        title=f"Commissions from {earned.first_day} to {earned.last_day}",
        subtitle=company.current().name,
        facts=[
            *_member(member_id),
            ("Run", f"{earned.id}, {earned.status}"),
            ("Rank", earned.rank or "none"),
            ("Title", earned.title or "none"),
            ("Amounts in", earned.currency),
        ],
        blocks=blocks,
    )


def _member(member_id: int) -> Iterator[tuple[str, str]]:
    """Whose statement it is, as a tax office wants to read it."""
    yield "Member", User.objects.values_list("username", flat=True).get(pk=member_id)
    person = identities([member_id])[member_id]
    named = (("Name", person.name), ("Address", person.address), ("Tax number", person.tax_number))
    yield from ((label, said) for label, said in named if said)


def _sums(earned: Earned, member_id: int) -> Iterator[Table | Sentence]:
    """What each bonus pays and each deduction takes, and what the member gets."""
    rows = earnings.sums(earned.id, member_id)
    columns = (texts("Bonus"), counts("Lines"), _amount(earned.currency))
    total = ("Total", sum(lines for _, lines, _ in rows), earned.total)
    yield Table(columns, rows, title="Sums", totals=total)
    settled = wallet.of_run(earned.id, member_id, list(SETTLED))
    if settled:
        paid = [(text, settled[kind] * sign) for kind, (text, sign) in SETTLED.items()
                if kind in settled]  # fmt: skip
        yield Table((texts("Paid"), columns[2]), paid, "How it was paid", ("Total", earned.total))
    elif earned.purchase > 0:
        part = markets.money(Money(earned.purchase, earned.currency))
        yield Sentence(gettext("Of the total, {part} goes to the shopping balance.", part=part))


def _lines(earned: Earned, lines: Sequence[Explained], *, rest: bool) -> Iterator[Table | Sentence]:
    rows: list[tuple[str | int | None, ...]] = [
        (line.number, line.bonus, line.sentence, line.amount) for line in lines
    ]
    if rest:
        others = earned.total - sum(line.amount for line in lines)
        rows.append((None, "", f"All lines after the first {len(lines):,}", others))
    columns = (counts("Line"), texts("Bonus"), texts("Why"), _amount(earned.currency))
    yield Table(columns, rows, "Lines", (None, "Total", "", earned.total))


def _amount(currency: str) -> Column:
    return money("Amount", markets.decimals_of(currency))


def of_line(
    line: Explained, fed: Sequence[Fed], figures: Sequence[tuple[str, str]], currency: str
) -> Paper:
    """One line with its figures, and the orders that fed its pairs."""
    amount = markets.money(Money(line.amount, currency))
    return Paper(
        title=f"Line {line.number}: {amount} by {line.bonus}",
        facts=figures,
        blocks=[Sentence(line.sentence), *([orders_of(line, fed, currency)] if fed else [])],
    )


def orders_of(line: Explained, fed: Sequence[Fed], currency: str) -> Table:
    """The orders that fed a line's pairs, on a paper whose amounts are in this currency."""
    rows = [
        (
            one.leg,
            one.order.number if one.order else "(before)",
            one.order.username if one.order else "",
            str(one.order.day) if one.order else "",
            volume(one, currency),
        )
        for one in fed
    ]
    columns = (texts("Leg"), texts("Order"), texts("Of"), texts("Day"), texts("Counted"))
    return Table(columns, rows, f"Orders that fed line {line.number}")


def volume(fed: Fed, currency: str) -> str:
    """What an order counted, for people; money says its currency where it is not this one."""
    if fed.unit is Unit.POINTS:
        return f"{as_text(fed.counted, POINT_DECIMALS, ',')} points"
    if fed.currency != currency:
        return markets.money(Money(fed.counted, fed.currency))
    return as_text(fed.counted, markets.decimals_of(currency), ",")
