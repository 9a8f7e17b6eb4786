"""Outside customers: how much of what was sold went to people who are not members.

Outside are retail and preferred customers; what members buy themselves is their own. Sold is
without tax, less what was refunded in the same days. The tests (docs/reports.md):

- one half (FTC v. Vemma, 2016): more than half of the revenue of a member and all below comes from
  outside; the days are one pay period.
- one third (FTC v. Herbalife, 2016): members' own purchases are at most a third of the volume that
  rewards are calculated from, a member's and all below.
- 70 percent (Amway, 1979): 70 percent of what a member took was sold. Whether the rest was used is
  nowhere recorded, so own purchases count as not sold.
- 80 percent (FTC v. Herbalife, 2016): of the company's net sales 80 percent go outside. The order
  lets members' own use count up to a limit, with receipts; there are none here, so it does not:
  who passes here passes there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from upline.base import sql
from upline.company import current as company
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.papers import Paper, Sentence, Table, counts, percents, texts
from upline.reports import statements
from upline.reports.days import Days
from upline.reports.snapshot import amount, in_currencies, share, snapshot, titled


@dataclass(slots=True)
class Sold:
    """What was sold outside and to members, in minor units."""

    outside: int = 0
    own: int = 0

    def __iadd__(self, other: Sold) -> Sold:
        self.outside += other.outside
        self.own += other.own
        return self

    @property
    def total(self) -> int:
        """All sales, in minor units."""
        return self.outside + self.own


@dataclass(frozen=True, slots=True)
class Measure:
    """`passed` of what was sold; `name` in a row, and `title` above a column; `of` says whether it
    is asked of a member's team (the member and all below), of what the member sold, or of the
    company alone."""

    name: str
    title: str
    needs: str
    of: str
    passed: Callable[[Sold], bool]

    def result(self, sold: Sold) -> bool | None:
        """Whether it is passed; None where nothing was sold."""
        return self.passed(sold) if sold.total > 0 else None


TEAM, MEMBER, COMPANY = "team", "member", "company"
_OF = {TEAM: lazy("the member and all below"), MEMBER: lazy("what the member sold")}
MEASURES = (
    Measure(
        lazy("one half"), lazy("One half"), lazy("more than half outside"), TEAM,
        lambda sold: 2 * sold.outside > sold.total,
    ),
    Measure(
        lazy("one third"), lazy("One third"), lazy("own purchases at most a third"), TEAM,
        lambda sold: 3 * sold.own <= sold.total,
    ),
    Measure(
        lazy("70 percent"), lazy("70 percent"), lazy("70 percent outside"), MEMBER,
        lambda sold: 10 * sold.outside >= 7 * sold.total,
    ),
    Measure(
        lazy("80 percent"), lazy("80 percent"), lazy("80 percent outside"), COMPANY,
        lambda sold: 10 * sold.outside >= 8 * sold.total,
    ),
)  # fmt: skip
_MEANING = lazy(
    "Volume is what was sold, without tax and less refunds. Outside is what retail and preferred "
    "customers bought; what members bought is their own. A team is a member with all below, as "
    "they stand today. Where nothing was sold, nothing is tested."
)
_APART = lazy(
    "Each currency is tested on its own: the volume of a team is what was sold in that currency."
)
OF_MEMBERS = tuple(each for each in MEASURES if each.of != COMPANY)


@dataclass(frozen=True, slots=True)
class Seller:
    """A member with what was `sold` under the own name, and in the `team`."""

    username: str
    retail: int
    preferred: int
    sold: Sold
    team: Sold

    def results(self) -> list[bool | None]:
        """What each test for members finds."""
        return [each.result(self.team if each.of == TEAM else self.sold) for each in OF_MEMBERS]


def outside_customers(days: Days, member_id: int | None = None) -> Paper:
    """The company's figures and every member's, or one member's, each currency on its own; teams as
    they stand today."""
    with snapshot():
        found = {
            currency: _sellers(
                sql.rows(statements.PositionVolume, statements.VOLUMES, days.parameters(currency))
            )
            for currency in markets.currencies()
        }
    blocks: list[Sentence | Table] = [Sentence(str(_MEANING))]
    if len(found) > 1:
        blocks.append(Sentence(str(_APART)))
    for currency, sellers in found.items():
        blocks += _blocks(currency, sellers, member_id)
    return Paper(
        title=gettext("Outside customers"),
        subtitle=f"{company.current().name}, {days}",
        facts=[in_currencies()],
        blocks=blocks,
    )


def _blocks(currency: str, sellers: dict[int, Seller], member_id: int | None) -> list[Table]:
    everybody = sorted(sellers.values(), key=lambda seller: seller.username.lower())
    if member_id is not None:
        return [_members([sellers[member_id]], currency)]
    listed = [each for each in everybody if each.sold.total or each.team.total]
    return [
        _volume(everybody, currency),
        _tests(everybody, currency),
        _passed(everybody, currency),
        _members(listed, currency),
    ]


def _sellers(found: Sequence[statements.PositionVolume]) -> dict[int, Seller]:
    """All members by their ids, each with the team of the first position. Positions below come
    first, so each hands a whole team up."""
    teams: defaultdict[int, Sold] = defaultdict(Sold)
    sellers = {}
    for row in found:
        sold = Sold(row.retail + row.preferred, row.own)
        team = teams.pop(row.position_id, Sold())
        team += sold
        if row.number == 1:
            sellers[row.position_id] = Seller(row.username, row.retail, row.preferred, sold, team)
        teams[row.parent_id] += team
    return sellers


def _volume(everybody: Sequence[Seller], currency: str) -> Table:
    whole = _whole(everybody)
    rows = [
        (label, sold, share(sold, whole.total))
        for label, sold in (
            (gettext("Retail customers"), sum(seller.retail for seller in everybody)),
            (gettext("Preferred customers"), sum(seller.preferred for seller in everybody)),
            (gettext("Members' own purchases"), whole.own),
        )
    ]
    totals = (gettext("Total"), whole.total, share(whole.total, whole.total))
    columns = [
        texts(gettext("Sold to")),
        amount(currency)(gettext("Volume")),
        percents(gettext("Share")),
    ]
    title = titled(gettext("The company's volume"), currency)
    return Table(columns, rows, title=title, totals=totals)


def _tests(everybody: Sequence[Seller], currency: str) -> Table:
    """What each test finds of the company as a whole."""
    whole = _whole(everybody)
    outside, own = (share(part, whole.total) for part in (whole.outside, whole.own))
    rows = [
        (str(each.name), str(each.needs), outside, own, _in_words(each.result(whole)))
        for each in MEASURES
    ]
    columns = [
        texts(gettext("Test")),
        texts(gettext("Needed")),
        percents(gettext("Outside")),
        percents(gettext("Own purchases")),
        texts(gettext("Result")),
    ]
    return Table(columns, rows, title=titled(gettext("Tests of the company"), currency))


def _in_words(result: bool | None) -> str:
    if result is None:
        return ""
    return gettext("passed") if result else gettext("not passed")


def _passed(everybody: Sequence[Seller], currency: str) -> Table:
    """How many members pass, of those for whom there is something to test."""
    results = [seller.results() for seller in everybody]
    rows = []
    for index, each in enumerate(OF_MEMBERS):
        said = [result[index] for result in results if result[index] is not None]
        passed = said.count(True)
        rows.append(
            (str(each.name), str(_OF[each.of]), len(said), passed, len(said) - passed,
             share(passed, len(said)))
        )  # fmt: skip
    columns = [
        texts(gettext("Test")),
        texts(gettext("Of")),
        counts(gettext("Members")),
        counts(gettext("Passed")),
        counts(gettext("Not passed")),
        percents(gettext("Passed, share")),
    ]
    return Table(columns, rows, title=titled(gettext("Tests of the members"), currency))


def _members(listed: Sequence[Seller], currency: str) -> Table:
    rows = [
        (
            seller.username, seller.retail, seller.preferred, seller.sold.own,
            share(seller.sold.outside, seller.sold.total), seller.team.total,
            share(seller.team.outside, seller.team.total), *map(_in_words, seller.results()),
        )
        for seller in listed
    ]  # fmt: skip
    sum_of = amount(currency)
    columns = [
        texts(gettext("Member")), sum_of(gettext("Retail")), sum_of(gettext("Preferred")),
        sum_of(gettext("Own purchases")), percents(gettext("Outside")),
        sum_of(gettext("Team volume")), percents(gettext("Team outside")),
        *(texts(str(each.title)) for each in OF_MEMBERS),
    ]  # fmt: skip
    return Table(columns, rows, title=titled(gettext("Members"), currency))


def _whole(everybody: Sequence[Seller]) -> Sold:
    whole = Sold()
    for seller in everybody:
        whole += seller.sold
    return whole
