"""Income disclosure: what all members together and in tenths earned, and what they spent.

As the FTC staff's report on income disclosures of September 2024 asks: all
participants with those who earned nothing, medians beside means, and a line of expenses; the
lowest earners come first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from upline.base import sql
from upline.commissions import queries as commissions
from upline.commissions.errors import NoPlan
from upline.company import current as company
from upline.language import gettext, lazy, ngettext, writing
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

_ORDINALS = (
    lazy("1st"), lazy("2nd"), lazy("3rd"), lazy("4th"), lazy("5th"),
    lazy("6th"), lazy("7th"), lazy("8th"), lazy("9th"), lazy("10th"),
)  # fmt: skip


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
    numbers = [writing.whole(each.whole.members if each.whole else 0) for each in found]
    if len(found) > 1:
        numbers = [
            gettext("{number} in {currency}", number=number, currency=each.currency)
            for number, each in zip(numbers, found, strict=True)
        ]
    return Paper(
        title=gettext("Income disclosure"),
        subtitle=f"{company.current().name}, {days}",
        facts=[(gettext("Members"), ", ".join(numbers)), in_currencies()],
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
    if found.whole is None:
        return [_had_nobody(found)]
    return [
        " ".join(_about_whom(found, found.whole, days)),
        " ".join(_paid(found, found.whole)),
        " ".join(_spent(found, found.whole)),
        gettext(
            "Paid is what reached members' accounts, less what was taken back; gross also includes "
            "the service charge and the tax that were deducted."
        )
        + " "
        + gettext("These are past results. They do not guarantee future earnings."),
    ]


def _had_nobody(found: Earners) -> str:
    name = company.current().name
    if len(markets.currencies()) == 1:
        return gettext("{company} had no members in this period.", company=name)
    return gettext(
        "{company} had no members in markets with {currency} in this period.",
        company=name,
        currency=found.currency,
    )


def _about_whom(found: Earners, whole: Group, days: Days) -> Iterator[str]:
    """Who is in the statement, and who is not."""
    facts = {
        "first": writing.day(days.first),
        "last": writing.day(days.last),
        "company": company.current().name,
    }
    number = writing.whole(whole.members)
    if len(markets.currencies()) == 1:
        yield ngettext(
            "From {first} to {last}, {company} had {number} member.",
            "From {first} to {last}, {company} had {number} members.",
            whole.members, number=number, **facts,
        )  # fmt: skip
    else:
        yield ngettext(
            "From {first} to {last}, {company} had {number} member in markets with {currency}.",
            "From {first} to {last}, {company} had {number} members in markets with {currency}.",
            whole.members, number=number, currency=found.currency, **facts,
        )  # fmt: skip
    yield gettext(
        "This statement covers all of them, whether or not they sold, bought or earned anything, "
        "including those who left in that time."
    )
    if found.root:
        yield gettext(
            "Only the first position in the tree, which is the company's own, is left out."
        )
    if found.root and found.root.paid:
        yield gettext("It was paid {amount}.", amount=found.said(found.root.paid))
    if days.last >= company.today():
        today = writing.day(company.today())
        yield gettext("This period is not over yet: the figures end on {day}.", day=today)


def _paid(found: Earners, whole: Group) -> Iterator[str]:
    top = next(group for group in found.everybody if group.top)
    yield gettext(
        "{percent} of all members ({number}) were paid no commission at all.",
        percent=percent(whole.nothing, whole.members),
        number=writing.whole(whole.nothing),
    )
    yield gettext(
        "Half of all members were paid {amount} or less.", amount=found.said(whole.median_paid)
    )
    yield gettext(
        "The mean was {amount}, which is what each member would get if commissions were shared "
        "equally.",
        amount=found.mean(whole.paid, whole),
    )
    yield gettext(
        "They are not: the highest paid {top} of members ({number}) were paid {percent} of all "
        "commissions.",
        top="1 %",
        number=writing.whole(top.members),
        percent=percent(top.paid, whole.paid),
    )


def _spent(found: Earners, whole: Group) -> Iterator[str]:
    yield gettext(
        "In this period, members paid the company {mean} on average, half of them {median} or "
        "less, for packages, products and fees of their own.",
        mean=found.mean(whole.spent, whole),
        median=found.said(whole.median_spent),
    )
    yield gettext(
        "After these expenses, half of all members were left with {amount} or less; {percent} of "
        "all members ({number}) paid more than they were paid.",
        amount=found.said(whole.median_net),
        percent=percent(whole.lost, whole.members),
        number=writing.whole(whole.lost),
    )
    yield gettext(
        "Other expenses, such as travel, samples or advertising, are not known to the company."
    )


def _in_short(found: Earners) -> Table:
    """Totals, means and medians; the median of what is left is not the others' difference."""
    whole, amount = found.whole, found.amount
    rows: list[tuple[str | int | None, ...]] = []
    if whole is not None:
        rows = [
            (label, total, mean(total, whole.members), median)
            for label, total, median in (
                (gettext("Gross commissions"), whole.gross, whole.median_gross),
                (gettext("Commissions paid"), whole.paid, whole.median_paid),
                (gettext("Expenses: packages, products and fees"), whole.spent, whole.median_spent),
                (gettext("Paid less expenses"), whole.paid - whole.spent, whole.median_net),
            )
        ]
    columns = [
        texts(gettext("All members")),
        amount(gettext("Total")),
        amount(gettext("Mean")),
        amount(gettext("Median")),
    ]
    return Table(columns, rows, title=found.titled(gettext("In short")))


def _tenths(found: Earners) -> Table:
    """Ten rows from the lowest paid to the highest; empty where there are fewer members."""
    tenths = {group.tenth: group for group in found.everybody if group.tenth is not None}
    rows = [
        (str(ordinal), *_row(tenths.get(number))) for number, ordinal in enumerate(_ORDINALS, 1)
    ]
    title = found.titled(gettext("All members in tenths, by what they were paid"))
    return Table(_columns(gettext("Tenth"), found), rows, title=title)


def _top(found: Earners) -> Table:
    rows = [(gettext("Highest paid 1 %"), *_row(group)) for group in found.everybody if group.top]
    return Table(_columns(gettext("Who"), found), rows, title=found.titled(gettext("Highest paid")))


def _ranks(found: Earners, ladder: list[str]) -> Table:
    """Ranks as they were on the last day, the lowest first; those of earlier plans at the end."""
    ranks = {group.rank: group for group in found.everybody if group.rank is not None}
    names = [name for name in ["", *ladder] if name in ranks]
    names += sorted(ranks.keys() - set(names))
    rows = [(name or gettext("no rank"), *_row(ranks[name])) for name in names]
    columns = _columns(gettext("Rank on the last day"), found)
    return Table(columns, rows, title=found.titled(gettext("By rank")))


def _columns(first: str, found: Earners) -> list[Column]:
    amount = found.amount
    return [
        texts(first), counts(gettext("Members")), percents(gettext("Paid nothing")),
        amount(gettext("Lowest paid")), amount(gettext("Highest paid")),
        amount(gettext("Mean paid")), amount(gettext("Median paid")),
        amount(gettext("Mean expenses")),
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
