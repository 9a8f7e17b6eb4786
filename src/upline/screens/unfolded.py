"""What a member earned in a period, unfolded: bonus, person, order, and how each line was worked
out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from upline.base import sql
from upline.screens import earnings

if TYPE_CHECKING:
    from upline.commissions.explaining.lines import Explained
    from upline.commissions.explaining.pair_orders import Fed
    from upline.screens.earnings import Earned

LINES_MOST = 1_000
"""So many lines of a period are unfolded while somebody waits; the rest is one sum."""

_PEOPLE = """
SELECT member.user_id AS id, member.firstname, member.lastname, picture.name AS picture
FROM members_member member LEFT JOIN pictures_picture picture ON picture.id = member.picture_id
WHERE member.user_id = ANY (%s)
"""


class TeamPerson(NamedTuple):
    """Somebody of the member's own team."""

    id: int
    firstname: str
    lastname: str
    picture: str | None


@dataclass(frozen=True, slots=True)
class PersonShare:
    """What a bonus paid for one person's orders or work, in minor units; `person` is None for
    lines that come from nobody in particular, or from somebody whom the member may not know."""

    person: TeamPerson | None
    amount: int
    lines: list[Explained]


@dataclass(frozen=True, slots=True)
class BonusShares:
    """What one bonus came to, the largest share first."""

    bonus: str
    amount: int
    shares: list[PersonShare]


@dataclass(frozen=True, slots=True)
class Unfolded:
    """A period of a member, in minor units of `currency`: what each bonus came to, and what was
    taken off or held. `fed`: of lines of pairs, by their numbers, the orders behind them; `rest`:
    what lines come to that are not here."""

    currency: str
    bonuses: list[BonusShares]
    deductions: list[Explained]
    fed: Mapping[int, Sequence[Fed]]
    rest: int

    @property
    def gross(self) -> int:
        """All bonuses together."""
        return sum(each.amount for each in self.bonuses) + self.rest

    @property
    def cut(self) -> int:
        """What caps kept back."""
        shares = (share for each in self.bonuses for share in each.shares)
        return sum(line.cut for share in shares for line in share.lines)

    @property
    def total(self) -> int:
        """With all that was taken off."""
        return self.gross + sum(each.amount for each in self.deductions)


@dataclass(frozen=True, slots=True)
class RunningPeriod:
    """A period that is running, unfolded as things are now."""

    every: str
    first_day: date
    last_day: date
    unfolded: Unfolded


def of_run(earned: Earned, member_id: int, *, with_fed: bool = False) -> Unfolded:
    """An approved run, as the member sees it; `with_fed` follows pairs back to their orders, which
    takes a while."""
    found = earnings.lines(earned.id, member_id, member_id, 0, LINES_MOST + 1, in_full=True)
    lines = list(found[:LINES_MOST])
    rest = earned.total - sum(each.amount for each in lines) if len(found) > LINES_MOST else 0
    fed = {
        each.number: earnings.fed(earned.id, member_id, member_id, each)
        for each in (lines if with_fed else [])
        if each.is_pairs and each.position_id
    }
    return _unfolded(lines, fed, rest, earned.currency)


def so_far(member_id: int, currency: str) -> list[RunningPeriod] | None:
    """The running periods; None in a company that is too large to be worked out while somebody
    waits. Reads one snapshot."""
    from upline.commissions.explaining import so_far as running

    if not running.is_small_enough():
        return None
    return [
        RunningPeriod(
            each.every,
            each.first_day,
            each.last_day,
            _unfolded(each.lines, each.fed, 0, currency),
        )
        for each in running.lines_so_far(member_id, member_id)
    ]


def _unfolded(
    lines: list[Explained], fed: Mapping[int, Sequence[Fed]], rest: int, currency: str
) -> Unfolded:
    paying = [each for each in lines if not earnings.is_deduction(each.bonus)]
    people = _people({each.person_id for each in paying} - {0})
    bonuses: dict[str, list[Explained]] = {}
    for each in paying:
        bonuses.setdefault(each.bonus, []).append(each)
    return Unfolded(
        currency,
        [_shares(name, found, people) for name, found in bonuses.items()],
        [each for each in lines if earnings.is_deduction(each.bonus)],
        fed,
        rest,
    )


def _people(ids: set[int]) -> dict[int, TeamPerson]:
    return {each.id: each for each in sql.rows(TeamPerson, _PEOPLE, [list(ids)])} if ids else {}


def _shares(bonus: str, lines: list[Explained], people: Mapping[int, TeamPerson]) -> BonusShares:
    in_turn = sorted(lines, key=lambda each: (each.person_id, each.number))
    shares = [
        PersonShare(people.get(person_id), sum(each.amount for each in found), found)
        for person_id, group in groupby(in_turn, key=lambda each: each.person_id)
        for found in [list(group)]
    ]
    shares.sort(key=lambda each: -each.amount)
    return BonusShares(bonus, sum(each.amount for each in lines), shares)
