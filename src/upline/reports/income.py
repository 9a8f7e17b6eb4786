"""Income disclosure: what all members together and in tenths earned, and what they spent.

As the FTC staff's report on income disclosures of September 2024 asks: all
participants with those who earned nothing, medians beside means, and a line of expenses; the
lowest earners come first."""

from collections.abc import Callable
from dataclasses import dataclass

from upline.base import sql
from upline.commissions import queries as commissions
from upline.commissions.errors import NoPlan
from upline.company import current as company
from upline.markets import current as markets
from upline.papers import Column, Paper, Sentence, Table, counts, percents, texts
from upline.reports import statements
from upline.reports.days import Days
from upline.reports.snapshot import (
    amount,
    in_currencies,
    mean,
    money,
    percent,
    share,
    snapshot,
    titled,
)
from upline.reports.statements import Group

NO_RANK = "no rank"


@dataclass(frozen=True, slots=True)
class Earners:
    """The members of the markets in one currency, in groups; the root apart."""

    currency: str
    everybody: list[Group]
    whole: Group | None
    root: Group | None

    @property
    def amount(self) -> Callable[[str], Column]:
        """What makes a column of amounts."""
        return amount(self.currency)

    def titled(self, title: str) -> str:
        """A title that names the currency where there are several."""
        return titled(title, self.currency)

    def said(self, minor: int) -> str:
        """An amount in a sentence."""
        return money(minor, self.currency)

    def mean(self, total: int, group: Group) -> str:
        """The average of a group, as people write it; 0 for a group of nobody."""
        return self.said(mean(total, group.members) or 0)


def income_disclosure(days: Days) -> Paper:
    """The statement of these days, about everybody who was a member at their end or left during
    them, each currency on its own. The root member, the company's own position, is told apart."""
    with snapshot():
        found = [_in_currency(days, currency) for currency in markets.currencies()]
        ladder = _ladder(days)
    numbers = [f"{each.whole.members if each.whole else 0:,}" for each in found]
    if len(found) > 1:
        numbers = [f"{n} in {each.currency}" for n, each in zip(numbers, found, strict=True)]
    return Paper(
        title="Income disclosure",
        subtitle=f"{company.current().name}, {days}",
        facts=[("Members", ", ".join(numbers)), in_currencies()],
        blocks=[block for each in found for block in _blocks(each, days, ladder)],
    )


def _in_currency(days: Days, currency: str) -> Earners:
    groups = sql.rows(statements.Group, statements.INCOME, days.parameters(currency))
    everybody = [group for group in groups if not group.root]
    whole = next((group for group in everybody if _is_whole(group)), None)
    root = next((group for group in groups if group.root and _is_whole(group)), None)
    return Earners(currency, everybody, whole, root)


def _blocks(found: Earners, days: Days, ladder: list[str]) -> list[Sentence | Table]:
    return [
        *map(Sentence, _sentences(found, days)),
        _in_short(found),
        _tenths(found),
        _top(found),
        _ranks(found, ladder),
    ]


def _is_whole(group: Group) -> bool:
    return group.tenth is None and group.rank is None and group.top is None


def _ladder(days: Days) -> list[str]:
    """The ranks of the plan in force on the last day, the lowest first."""
    try:
        versions = [each for each in commissions.versions() if each.since <= days.last]
    except NoPlan:
        return []
    return [step.name for step in versions[-1].plan.ranks.steps] if versions else []


def _sentences(found: Earners, days: Days) -> list[str]:
    name, whole, root, said = company.current().name, found.whole, found.root, found.said
    where = f" in markets with {found.currency}" if len(markets.currencies()) > 1 else ""
    if whole is None:
        return [f"{name} had no members{where} in this period."]
    members = "1 member" if whole.members == 1 else f"{whole.members:,} members"
    top = next(group for group in found.everybody if group.top)
    of_root = f" It was paid {said(root.paid)}." if root and root.paid else ""
    of_root = (
        "Only the first position in the tree, which is the company's own, is left out." + of_root
        if root
        else ""
    )
    running = days.last >= company.today()
    so_far = (
        f" This period is not over yet: the figures end on {company.today()}." if running else ""
    )
    return [
        f"From {days.first} to {days.last}, {name} had {members}{where}. This "
        "statement covers all of them, whether or not they sold, bought or earned anything, "
        f"including those who left in that time. {of_root}".rstrip()
        + so_far,
        f"{percent(whole.nothing, whole.members)} of all members ({whole.nothing:,}) were paid no "
        f"commission at all. Half of all members were paid {said(whole.median_paid)} or less. The "
        f"mean was {found.mean(whole.paid, whole)}, which is what each member would get if "
        "commissions were shared equally. They are not: the highest paid 1 % of members "
        f"({top.members:,}) were paid {percent(top.paid, whole.paid)} of all commissions.",
        f"In this period, members paid the company {found.mean(whole.spent, whole)} on average, "
        f"half of them {said(whole.median_spent)} or less, for packages, products and fees of "
        "their own. After these expenses, half of all members were left with "
        f"{said(whole.median_net)} or less; {percent(whole.lost, whole.members)} of all "
        f"members ({whole.lost:,}) paid more than they were paid. Other expenses, such as travel, "
        "samples or advertising, are not known to the company.",
        "Paid is what reached members' accounts, less what was taken back; gross also includes "
        "the service charge and the tax that were deducted. These are past results. They do not "
        "guarantee future earnings.",
    ]


def _in_short(found: Earners) -> Table:
    """Totals, means and medians; the median of what is left is not the others' difference."""
    whole, amount = found.whole, found.amount
    rows: list[tuple[str | int | None, ...]] = []
    if whole is not None:
        rows = [
            (label, total, mean(total, whole.members), median)
            for label, total, median in (
                ("Gross commissions", whole.gross, whole.median_gross),
                ("Commissions paid", whole.paid, whole.median_paid),
                ("Expenses: packages, products and fees", whole.spent, whole.median_spent),
                ("Paid less expenses", whole.paid - whole.spent, whole.median_net),
            )
        ]
    columns = [texts("All members"), amount("Total"), amount("Mean"), amount("Median")]
    return Table(columns, rows, title=found.titled("In short"))


def _tenths(found: Earners) -> Table:
    """Ten rows from the lowest paid to the highest; empty where there are fewer members."""
    tenths = {group.tenth: group for group in found.everybody if group.tenth is not None}
    rows = [(_ordinal(number), *_row(tenths.get(number))) for number in range(1, 11)]
    title = found.titled("All members in tenths, by what they were paid")
    return Table(_columns("Tenth", found), rows, title=title)


def _top(found: Earners) -> Table:
    rows = [("Highest paid 1 %", *_row(group)) for group in found.everybody if group.top]
    return Table(_columns("Who", found), rows, title=found.titled("Highest paid"))


def _ranks(found: Earners, ladder: list[str]) -> Table:
    """Ranks as they were on the last day, the lowest first; those of earlier plans at the end."""
    ranks = {group.rank: group for group in found.everybody if group.rank is not None}
    names = [name for name in ["", *ladder] if name in ranks]
    names += sorted(ranks.keys() - set(names))
    rows = [(name or NO_RANK, *_row(ranks[name])) for name in names]
    return Table(_columns("Rank on the last day", found), rows, title=found.titled("By rank"))


def _columns(first: str, found: Earners) -> list[Column]:
    amount = found.amount
    return [
        texts(first), counts("Members"), percents("Paid nothing"), amount("Lowest paid"),
        amount("Highest paid"), amount("Mean paid"), amount("Median paid"), amount("Mean expenses"),
    ]  # fmt: skip


def _row(group: Group | None) -> tuple[int | None, ...]:
    if group is None:
        return (0, None, None, None, None, None, None)
    return (
        group.members,
        share(group.nothing, group.members),
        group.lowest,
        group.highest,
        mean(group.paid, group.members),
        group.median_paid,
        mean(group.spent, group.members),
    )


def _ordinal(number: int) -> str:
    return {1: "1st", 2: "2nd", 3: "3rd"}.get(number, f"{number}th")
