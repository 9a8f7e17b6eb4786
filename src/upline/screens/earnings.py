"""What a member earned in the runs that are approved, with every line told; and the ranks."""

# What explains lines costs a process time and memory: it is imported by those who ask.
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from upline.base import sql
from upline.base.errors import NotFound
from upline.commissions import queries, statements
from upline.commissions.errors import RunState
from upline.commissions.models import PlanVersion, Run, RunStatus
from upline.company import current as company
from upline.language import gettext, lazy
from upline.members.models import Member
from upline.members.queries import market_of

if TYPE_CHECKING:
    from upline.commissions.explaining.lines import Explained
    from upline.commissions.explaining.pair_orders import Fed
    from upline.commissions.explaining.ranks import Ranked
    from upline.explanations.activity import MemberActivity

LAST = 2**62
"""Higher than the number of any run."""
OFFICE = 0
"""Looks at everybody; a member only at the own team."""
COMPUTED = (RunStatus.COMPUTED, RunStatus.REVIEWED, *queries.APPROVED)
"""What the office may look at; members see what is approved."""
MEMBERS_READ = 2_000_000
"""Of one line's pairs the orders are followed back while somebody waits, through as many runs as
have so many members together."""
RUNS_AT_LEAST = 3
_SETTLEMENT = {
    "ceiling": lazy("ceiling"),
    "service charge": lazy("service charge"),
    "tax": lazy("tax"),
    "carried over": lazy("carried over"),
    "taken back": lazy("taken back"),
}
"""The names of lines that no bonus of a plan can have (`plans.settlement.NAMES`)."""
NAMES = tuple(_SETTLEMENT)
"""These in turn: that of a line's number -1, of -2, and so on."""


class EarningNotFound(NotFound):
    sentence = lazy("This member has nothing in this run.")


class NotYetJoined(EarningNotFound):
    sentence = lazy("This member joined after the period of this run.")


class LineNotFound(NotFound):
    sentence = lazy("This member does not have this line in this run.")


class EarningOfMember(NamedTuple):
    """A run with what it came to for a member, in minor units of `currency`; `rank` and `title` by
    number, 0 for none."""

    id: int
    every: str
    first_day: date
    last_day: date
    status: str
    plan_id: int
    gross: int
    ceiling: int
    charges: int
    tax: int
    carried: int
    total: int
    purchase: int
    rank: int
    title: int
    currency: str


@dataclass(frozen=True, slots=True)
class Earned:
    """What an approved run came to for a member, in minor units of `currency`: `gross` less
    `ceiling`, `charges` and `tax`, with `carried`, is `total`; `purchase` of it can only buy."""

    id: int
    every: str
    first_day: date
    last_day: date
    status: str
    gross: int
    ceiling: int
    charges: int
    tax: int
    carried: int
    total: int
    purchase: int
    rank: str
    title: str
    currency: str

    @property
    def deductions(self) -> int:
        """All that was taken off."""
        return self.ceiling + self.charges + self.tax


def earned(
    member_id: int,
    before: int | None,
    most: int,
    states: Sequence[str] = queries.APPROVED,
    *,
    with_empty: bool = False,
) -> list[Earned]:
    """A member's runs in these states, the newest first; only those before one of them, by its
    number. `with_empty`: also the runs since the member joined that came to nothing."""
    asked = {
        "before": LAST if before is None else before,
        "member": member_id,
        "most": most,
        "statuses": list(states),
        "with_empty": with_empty,
        "zone": str(company.current().time_zone),
        "currency": market_of(member_id).currency,
    }
    found = sql.rows(EarningOfMember, statements.EARNINGS_OF_MEMBER, asked)
    versions = PlanVersion.objects.in_bulk({row.plan_id for row in found})
    return [_earned(row, versions[row.plan_id]) for row in found]


def _earned(row: EarningOfMember, version: PlanVersion) -> Earned:
    names = ["", *(step.name for step in queries.plan_of(version).ranks.steps)]
    return Earned(
        row.id, row.every, row.first_day, row.last_day, row.status, row.gross, row.ceiling,
        row.charges, row.tax, row.carried, row.total, row.purchase,
        names[row.rank], names[row.title], row.currency,
    )  # fmt: skip


def earned_in(member_id: int, run_id: int, states: Sequence[str] = queries.APPROVED) -> Earned:
    """One run of a member, in one of these states; all zero where it came to nothing. Raises
    EarningNotFound, also for a run of before the member joined."""
    found = earned(member_id, run_id + 1, 1, states, with_empty=True)
    if not found or found[0].id != run_id:
        raise EarningNotFound()
    return found[0]


def activity_in(run_id: int, member_id: int) -> MemberActivity | None:
    """Whether a member was active in a run, and what was missing; None where its archive does not
    tell."""
    from upline.commissions.explaining import activity

    return activity.in_run(queries.run(run_id), member_id)


def called(bonus: str) -> str:
    """What people call a bonus, or what is taken off: the settlement's words are translated, and
    a plan's own names stay as they are."""
    return str(_SETTLEMENT.get(bonus, bonus))


def is_deduction(bonus: str) -> bool:
    """Whether lines of this name are no bonus: they take something off, or hold it back."""
    return bonus in _SETTLEMENT


def must_be_computed(run_id: int) -> None:
    """Say which run has nothing to show yet. Raises RunNotFound, RunState."""
    run = queries.run(run_id)
    if run.status not in COMPUTED:
        raise RunState(
            gettext(
                "Run {run_id} is {status}: it is not computed yet.",
                run_id=run_id,
                status=run.get_status_display(),
            )
        )


def lines(
    run_id: int, member_id: int, viewer_id: int, after: int, most: int, *, in_full: bool = False
) -> Sequence[Explained]:
    """The lines of a member in a run after one of them; `viewer_id` is who looks. `in_full`:
    people are called by first and last name."""
    from upline.commissions.explaining import lines

    run = queries.run(run_id)
    return lines.lines_of(run, member_id, viewer_id, after=after, most=most, in_full=in_full)


def sums(run_id: int, member_id: int) -> list[tuple[str, int, int]]:
    """Each bonus and deduction of a member in a run: its name, how many lines, and their sum."""
    from upline.commissions.explaining import lines

    return lines.sums_of(queries.run(run_id), member_id)


def line(
    run_id: int, member_id: int, viewer_id: int, number: int, runs: int | None = None
) -> tuple[Explained, list[Fed]]:
    """One line; of pairs also the orders that fed them, followed back through so many runs.
    Raises LineNotFound."""
    found = lines(run_id, member_id, viewer_id, number - 1, 1)
    if not found or found[0].number != number:
        raise LineNotFound()
    return found[0], fed(run_id, member_id, viewer_id, found[0], runs)


def fed(
    run_id: int, member_id: int, viewer_id: int, line: Explained, runs: int | None = None
) -> list[Fed]:
    """The orders that fed a line's pairs, followed back through so many runs; without a number
    through as many as nobody waits too long for."""
    from upline.commissions.explaining import pair_orders

    if not line.is_pairs:
        return []
    run, position_id = queries.run(run_id), line.position_id or member_id
    few = max(MEMBERS_READ // max(run.members, 1), RUNS_AT_LEAST)
    return pair_orders.fed(run, line.bonus, position_id, viewer_id, few if runs is None else runs)


@dataclass(frozen=True, slots=True)
class MemberRanks:
    """The rank that a member is paid as now, '' for none; what the last approved run that worked
    ranks out found, None before the first."""

    rank: str
    ranked: Ranked | None


def ranks_of(member_id: int) -> MemberRanks:
    """A member's rank, and what is missing for each one above."""
    from upline.commissions.explaining import ranks

    rank = Member.objects.values_list("rank_name", flat=True).get(pk=member_id)
    return MemberRanks(rank, ranks.ranked(member_id))


def latest_run() -> int:
    """The number of the last run that is computed. Raises NotFound."""
    run = Run.objects.exclude(status=RunStatus.OPEN).order_by("-pk").first()
    if run is None:
        raise NotFound(gettext("No run is computed yet. `./upline run list` shows all."))
    return run.pk
