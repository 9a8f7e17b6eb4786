"""What a member earns in the periods that are still running, as the last interim run saw it."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from upline.base import sql
from upline.commissions.models import Interim
from upline.company import current as company
from upline.genealogy import queries as tree
from upline.language import gettext, ngettext
from upline.language.writing import day
from upline.members.queries import market_of

_OF_MEMBER = """
SELECT interim.every, interim.first_day, interim.last_day, at, stands_on_id,
       base.last_day AS base_day, waiting, bonuses, ranks, rank, earnings, found.currency
FROM commissions_interim interim
LEFT JOIN commissions_run base ON base.id = stands_on_id
LEFT JOIN commissions_interimrank ranked
     ON ranked.interim_id = interim.id AND ranked.member_id = %(member)s
CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(ARRAY[bonus, position_id, amount, left_volume, right_volume,
                                          left_brought, right_brought]), '[]')
           ::text AS earnings, min(earning.currency) AS currency
    FROM commissions_interimearning earning
    WHERE earning.interim_id = interim.id AND earning.member_id = %(member)s) found
WHERE interim.last_day >= %(today)s
ORDER BY interim.last_day, interim.first_day DESC, interim.every
"""


class _OfMember(NamedTuple):
    """A running period as the last interim run saw it; `bonuses`, `ranks` and `earnings` are
    JSON, these in `currency`, None where there are none."""

    every: str
    first_day: date
    last_day: date
    at: datetime
    stands_on_id: int | None
    base_day: date | None
    waiting: int
    bonuses: str
    ranks: str
    rank: int | None
    earnings: str
    currency: str | None


@dataclass(frozen=True)
class RunningLegs:
    """What stands in both legs of a position for a binary bonus, brought over and entered: "points"
    in hundredths, or "value" in minor units. `left_brought` and `right_brought` of it are from the
    periods before."""

    bonus: str
    counts: str
    left: int
    right: int
    position_id: int
    left_brought: int = 0
    right_brought: int = 0

    @property
    def currency(self) -> str:
        """The currency of what stands in the legs, which is the plan's; '' for points."""
        return "" if self.counts == "points" else company.current().plan_currency


@dataclass(frozen=True)
class EarningsSoFar:
    """One running period of one member. `amounts`: each of its bonuses with minor units of
    `currency`; `basis` says in words what it was calculated on top of. `rank` is "" for none."""

    every: str
    first_day: date
    last_day: date
    at: datetime
    basis: str
    amounts: list[tuple[str, int]]
    rank: str
    legs: list[RunningLegs]
    currency: str

    @property
    def total(self) -> int:
        """Before ceiling, charges and tax."""
        return sum(amount for _, amount in self.amounts)


def so_far(member_id: int) -> list[EarningsSoFar]:
    """The periods that are running today, the one that ends first in front; none where no interim
    run has seen them yet. A member's own, and nothing of anybody else's."""
    found = sql.rows(_OfMember, _OF_MEMBER, {"member": member_id, "today": company.today()})
    own = [each.id for each in tree.positions_of(member_id)] if found else []
    currency = market_of(member_id).currency if found else ""
    return [_so_far(row, own, row.currency or currency) for row in found]


def _so_far(row: _OfMember, position_ids: list[int], currency: str) -> EarningsSoFar:
    bonuses, ranks = json.loads(row.bonuses), json.loads(row.ranks)
    sums: Counter[int] = Counter()
    at: dict[tuple[int, int], list[int]] = {}
    for number, position_id, amount, *legs in json.loads(row.earnings):
        sums[number] += amount
        at[number, position_id] = legs
    return EarningsSoFar(
        row.every, row.first_day, row.last_day, row.at,
        _basis(row.stands_on_id, row.base_day, row.waiting),
        [(name, sums[number]) for number, name, _ in bonuses],
        ranks[row.rank - 1] if row.rank else "", list(_legs(bonuses, position_ids, at)),
        currency,
    )  # fmt: skip


def _legs(
    bonuses: list[tuple[int, str, str]],
    position_ids: list[int],
    at: dict[tuple[int, int], list[int]],
) -> Iterator[RunningLegs]:
    for number, name, counts in bonuses:
        for position_id in position_ids if counts else ():
            left, right, *brought = at.get((number, position_id), [0, 0, 0, 0])
            yield RunningLegs(name, counts, left, right, position_id, *brought)


def basis(interim: Interim) -> str:
    """In words what an interim run was calculated on top of."""
    run = interim.stands_on
    return _basis(run.pk if run else None, run.last_day if run else None, interim.waiting)


def _basis(run_id: int | None, last_day: date | None, waiting: int) -> str:
    if last_day is None:
        if not waiting:
            return gettext("on top of no run")
        return ngettext(
            "on top of no run and {count} period that has ended since and not been computed",
            "on top of no run and {count} periods that have ended since and not been computed",
            waiting,
        )
    if not waiting:
        return gettext(
            "on top of run {run_id} to {last_day}", run_id=run_id, last_day=day(last_day)
        )
    return ngettext(
        "on top of run {run_id} to {last_day} and {count} period that has ended since and not been "
        "computed",
        "on top of run {run_id} to {last_day} and {count} periods that have ended since and not "
        "been computed",
        waiting,
        run_id=run_id,
        last_day=day(last_day),
    )
