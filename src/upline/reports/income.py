"""Income disclosure: what all members together and in tenths earned, and what they spent.

As the FTC staff's report on income disclosures of September 2024 asks: all
participants with those who earned nothing, medians beside means, and a line of expenses; the
lowest earners come first."""

from collections.abc import Callable

from upline.base import sql
from upline.commissions import queries as commissions
from upline.commissions.errors import NoPlan
from upline.company import current as company
from upline.papers import Column, Paper, Sentence, Table, counts, money, percents, texts
from upline.reports import statements
from upline.reports.days import Days
from upline.reports.snapshot import mean, percent, share, snapshot
from upline.reports.snapshot import money as said
from upline.reports.statements import Group

NO_RANK = "no rank"


def income_disclosure(days: Days) -> Paper:
    """The statement of these days, about everybody who was a member at their end or left during
    them. The root member, the company's own position, is told apart."""
    with snapshot():
        groups = sql.rows(statements.Group, statements.INCOME, days.parameters)
        ladder = _ladder(days)
    everybody = [group for group in groups if not group.root]
    whole = next((group for group in everybody if _is_whole(group)), None)
    root = next((group for group in groups if group.root and _is_whole(group)), None)
    facts = company.current()
    return Paper(
        title="Income disclosure",
        subtitle=f"{facts.name}, {days}",
        facts=[
            ("Members", f"{whole.members if whole else 0:,}"),
            ("Currency", facts.currency),
        ],
        blocks=[
            *map(Sentence, _sentences(whole, root, days, everybody)),
            _in_short(whole),
            _tenths(everybody),
            _top(everybody),
            _ranks(everybody, ladder),
        ],
    )


def _is_whole(group: Group) -> bool:
    return group.tenth is None and group.rank is None and group.top is None


def _ladder(days: Days) -> list[str]:
    """The ranks of the plan in force on the last day, the lowest first."""
    try:
        versions = [each for each in commissions.versions() if each.since <= days.last]
    except NoPlan:
        return []
    return [step.name for step in versions[-1].plan.ranks.steps] if versions else []


def _sentences(
    whole: Group | None, root: Group | None, days: Days, everybody: list[Group]
) -> list[str]:
    name = company.current().name
    if whole is None:
        return [f"{name} had no members in this period."]
    top = next(group for group in everybody if group.top)
    said_of_root = f" It was paid {said(root.paid)}." if root and root.paid else ""
    running = days.last >= company.today()
    so_far = (
        f" This period is not over yet: the figures end on {company.today()}." if running else ""
    )
    return [
        f"From {days.first} to {days.last}, {name} had {whole.members:,} members. This "
        "statement covers all of them, whether or not they sold, bought or earned anything, "
        "including those who left in that time. Only the first position in the tree, which is "
        f"the company's own, is left out.{said_of_root}{so_far}",
        f"{percent(whole.nothing, whole.members)} of all members ({whole.nothing:,}) were paid no "
        f"commission at all. Half of all members were paid {said(whole.median_paid)} or less. The "
        f"mean was {_mean(whole.paid, whole)}, which is what each member would get if commissions "
        "were shared equally. They are not: the highest paid 1 % of members "
        f"({top.members:,}) were paid {percent(top.paid, whole.paid)} of all commissions.",
        f"In this period, members paid the company {_mean(whole.spent, whole)} on average, half "
        f"of them {said(whole.median_spent)} or less, for packages, products and fees of their "
        "own. After these expenses, half of all members were left with "
        f"{said(whole.median_net)} or less; {percent(whole.lost, whole.members)} of all "
        f"members ({whole.lost:,}) paid more than they were paid. Other expenses, such as travel, "
        "samples or advertising, are not known to the company.",
        "Paid is what reached members' accounts, less what was taken back; gross also includes "
        "the service charge and the tax that were deducted. These are past results. They do not "
        "guarantee future earnings.",
    ]


def _mean(total: int, group: Group) -> str:
    return said(mean(total, group.members) or 0)


def _in_short(whole: Group | None) -> Table:
    """Totals, means and medians; the median of what is left is not the others' difference."""
    amount = _amount()
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
    return Table(columns, rows, title="In short")


def _tenths(everybody: list[Group]) -> Table:
    """Ten rows from the lowest paid to the highest; empty where there are fewer members."""
    found = {group.tenth: group for group in everybody if group.tenth is not None}
    rows = [(_ordinal(number), *_row(found.get(number))) for number in range(1, 11)]
    return Table(_columns("Tenth"), rows, title="All members in tenths, by what they were paid")


def _top(everybody: list[Group]) -> Table:
    rows = [("Highest paid 1 %", *_row(group)) for group in everybody if group.top]
    return Table(_columns("Who"), rows, title="Highest paid")


def _ranks(everybody: list[Group], ladder: list[str]) -> Table:
    """Ranks as they were on the last day, the lowest first; those of earlier plans at the end."""
    found = {group.rank: group for group in everybody if group.rank is not None}
    names = [name for name in ["", *ladder] if name in found]
    names += sorted(found.keys() - set(names))
    rows = [(name or NO_RANK, *_row(found[name])) for name in names]
    return Table(_columns("Rank on the last day"), rows, title="By rank")


def _columns(first: str) -> list[Column]:
    amount = _amount()
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


def _amount() -> Callable[[str], Column]:
    exponent = company.current().exponent
    return lambda title: money(title, exponent)


def _ordinal(number: int) -> str:
    return {1: "1st", 2: "2nd", 3: "3rd"}.get(number, f"{number}th")
