"""Interim runs: what the periods that are still running would come to as things are now. Screens
show it; no order waits for it, no day is frozen and nobody is paid by it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import numpy as np

from upline.base import clock, sql
from upline.commissions import interim_teams, queries, statements
from upline.commissions.computing import compute, takeover, totals
from upline.commissions.computing.inputs import Inputs, first_day_of, load, period_of_run
from upline.commissions.errors import CannotCompute, RunBusy
from upline.commissions.models import Interim, PlanVersion, Run, RunStatus
from upline.commissions.periods import Due
from upline.commissions.storing.copy_format import Table, frames
from upline.company import current as company
from upline.language import gettext
from upline.plan_documents import parse
from upline.plans.arrays import TooLarge
from upline.plans.bonus import Pairs
from upline.plans.carry import Carry
from upline.plans.counting import Basis
from upline.plans.kernels.sums import add_up
from upline.plans.periods import date_of
from upline.plans.plan import Plan
from upline.plans.result import Result
from upline.plans.run import run as work_out

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Way:
    """What an interim run goes through: `base`, the last run of the chain that is computed; the
    periods since that have ended; those that are running."""

    base: Run | None
    waiting: list[Due]
    running: list[Due]

    def facts(self) -> str:
        """What differs where a period, its plan, or what the base carries is another one."""
        carried = bytes(self.base.outputs_hash or b"").hex() if self.base else ""
        periods = [f"{due.version_id} {due.period}" for due in (*self.waiting, *self.running)]
        return json.dumps([carried, *periods])


@dataclass(frozen=True, slots=True)
class InterimResult:
    """One running period as calculated, with the plan and what its indexes stand for."""

    due: Due
    plan: Plan
    inputs: Inputs
    result: Result


def refresh(say: Say, *, only_if_changed: bool = False) -> list[Interim]:
    """Work out each period that is running now, and replace what is shown of it. What was seen
    before and has not changed is not calculated again where `only_if_changed`: it then holds as
    of now. Its unit of work sees one snapshot. Raises RunBusy while somebody else does it; NoPlan,
    CannotCompute."""
    sql.run("SET LOCAL statement_timeout = 0")
    sql.run("SET LOCAL idle_in_transaction_session_timeout = 0")
    if not sql.value(bool, statements.TRY_INTERIM):
        raise RunBusy(gettext("Someone else is calculating an interim run."))
    now, way = clock.now(), _way()
    books = _books(way)
    shown = list(Interim.objects.order_by("pk"))
    if only_if_changed and shown and all(each.books == books for each in shown):
        Interim.objects.update(at=now)
        return shown
    Interim.objects.exclude(every__in=[due.period.every for due in way.running]).delete()
    for statement in statements.FORGET_INTERIM_ROWS:
        sql.run(statement)
    return [_stored(so_far, way, books, now, say) for so_far in _worked_out(way, say)]


def now(say: Say) -> tuple[str, Callable[[], list[InterimResult]]]:
    """What the running periods depend on, as text that differs where they come to something else;
    and how to work them out. All in one snapshot; nothing is stored. Raises NoPlan,
    CannotCompute."""
    way = _way()
    return _books(way), lambda: list(_worked_out(way, say))


def _way() -> Way:
    base = Run.objects.exclude(status=RunStatus.OPEN).order_by("-pk").first()
    opened = Run.objects.filter(status=RunStatus.OPEN, pk__gt=base.pk if base else 0).order_by("pk")
    opened = opened.filter(last_day__lt=company.today())
    waiting = [Due(run.plan_id, period_of_run(run)) for run in opened]
    return Way(base, waiting + queries.due_periods(), queries.running_periods())


def _books(way: Way) -> str:
    return f"{way.facts()} {_counts(way)}"


def _counts(way: Way) -> str:
    """How many facts, orders and refunds there are that an interim run can see."""
    periods = [due.period for due in (*way.waiting, *way.running)]
    first = min((period.first_day for period in periods), default=0)
    return str(sql.value(str, statements.INTERIM_BOOKS, {"first_day": date_of(first)}))


def _worked_out(way: Way, say: Say) -> Iterator[InterimResult]:
    """Works out every period on the way, each on top of the one before; gives the running ones."""
    carry: Carry | None = None
    before: tuple[Plan, Inputs] | None = None
    periods = [*way.waiting, *way.running]
    for version_id, group in groupby(periods, key=lambda due: due.version_id):
        dues, version = list(group), PlanVersion.objects.get(pk=version_id)
        plan = parse(version.text, version.name)
        say(f"interim: loading members and orders for {version} …")
        span = _span(version, plan, dues, way.base)
        inputs = load(span, plan)
        if before is None or carry is None:
            carry = compute.carried(span, plan, inputs)
        else:
            carry = _under_another_plan(carry, before, plan, inputs)
        for due in dues:
            result = _result(plan, inputs, due, carry, say)
            carry = result.carry
            if due in way.running:
                yield InterimResult(due, plan, inputs, result)
        before = plan, inputs


def _under_another_plan(
    carry: Carry, before: tuple[Plan, Inputs], plan: Plan, inputs: Inputs
) -> Carry:
    """As a run's archive hands it on to a run of another plan."""
    earlier, its_inputs = before
    parts, facts = takeover.tables(carry, its_inputs, earlier)
    return takeover.Brought(parts, facts, inputs, plan).carry()


def _span(version: PlanVersion, plan: Plan, dues: list[Due], base: Run | None) -> Run:
    """One stretch of days with all of these periods, and whatever they look back on."""
    first = min(first_day_of(due.period, plan) for due in dues)
    last = max(due.period.last_day for due in dues)
    every = dues[-1].period.every
    days = {"first_day": date_of(first), "last_day": date_of(last)}
    return Run(plan=version, previous=base, every=str(every), **days)


def _result(plan: Plan, inputs: Inputs, due: Due, carry: Carry | None, say: Say) -> Result:
    period = due.period
    days = f"{date_of(period.first_day)} to {date_of(period.last_day)}"
    say(f"interim: working out {len(inputs.ids):,} members, {period.every} {days} …")
    try:
        who = inputs.members, inputs.orders
        return work_out(plan, *who, period, carry, exchange=inputs.exchange)
    except TooLarge as error:
        raise CannotCompute(f"{error}.") from error


def _stored(so_far: InterimResult, way: Way, books: str, now: datetime, say: Say) -> Interim:
    """Put this one in the place of the one of the same length."""
    plan, period = so_far.plan, so_far.due.period
    found = {
        "every": str(period.every),
        "plan": so_far.due.version_id,
        "stands_on": way.base.pk if way.base else None,
        "waiting": len(way.waiting),
        "first_day": date_of(period.first_day),
        "last_day": date_of(period.last_day),
        "at": now,
        "books": books,
        "bonuses": json.dumps(_bonuses(so_far)),
        "ranks": json.dumps([step.name for step in plan.ranks.steps]),
    }
    interim_id = sql.number(statements.PUT_INTERIM, found)
    earnings, ranks = _earnings(so_far), _ranks(so_far)
    say(f"interim: writing {len(earnings['member_id']):,} amounts and legs …")
    keys = ("member_id", "bonus", "position_id")
    _write("commissions_interimearning", keys, interim_id, earnings)
    _write("commissions_interimrank", ("member_id",), interim_id, ranks)
    if so_far.due is _longest(way.running):
        table = interim_teams.table(plan, so_far.inputs, so_far.result)
        _write("commissions_interimteam", ("member_id",), interim_id, table)
    return Interim.objects.get(pk=interim_id)


def _longest(running: list[Due]) -> Due:
    """The period that teams are shown by: months rather than weeks, and weeks rather than days."""
    return max(running, key=lambda due: due.period.last_day - due.period.first_day)


def _bonuses(so_far: InterimResult) -> list[tuple[int, str, str]]:
    """The bonuses of this length: number in the plan, name, what legs count."""
    return [
        (number, bonus.name, _counted(bonus) if isinstance(bonus, Pairs) else "")
        for number, bonus in enumerate(so_far.plan.bonuses)
        if bonus.every is so_far.due.period.every
    ]


def _counted(bonus: Pairs) -> str:
    """Value or points; a figure is counted like points."""
    return Basis.VALUE if bonus.volume.basis is Basis.VALUE else Basis.POINTS


def _earnings(so_far: InterimResult) -> Table:
    """A row for each member, bonus and position that there is something of, by member; amounts are
    in the member's currency."""
    parts = [_of_bonus(so_far, number, name) for number, name, _ in _bonuses(so_far)]
    nothing = {"member_id": "i8", "bonus": "i2", "position_id": "i8", "amount": "i8",
               "left_volume": "i8", "right_volume": "i8", "left_brought": "i8",
               "right_brought": "i8"}  # fmt: skip
    whole: Table = {
        name: np.concatenate([np.empty(0, kind), *(part[name] for part in parts)])
        for name, kind in nothing.items()
    }
    whole["currency"] = totals.markets_of(so_far.inputs, whole)["currency"]
    return _by_member(whole)


def _of_bonus(so_far: InterimResult, number: int, name: str) -> Table:
    inputs, legs = so_far.inputs, so_far.result.legs.get(name)
    if legs:
        position_ids = inputs.position_ids
        member_ids = inputs.members.in_positions().of_members(inputs.ids)
        left, right = (side.brought + side.entered for side in (legs.left, legs.right))
        left_brought, right_brought = legs.left.brought, legs.right.brought
    else:
        member_ids = inputs.ids
        position_ids = left = right = np.zeros(len(member_ids), np.int64)
        left_brought = right_brought = left
    amount = np.zeros(len(member_ids), np.int64)
    for lines in so_far.result.lines:
        if lines.bonus == name:
            whose = lines.member if lines.position is None else lines.position
            add_up(whose, lines.amount, amount)
    some = np.flatnonzero((amount != 0) | (left != 0) | (right != 0))
    return {
        "member_id": member_ids[some],
        "bonus": np.full(len(some), number, np.int16),
        "position_id": position_ids[some],
        "amount": amount[some],
        "left_volume": left[some],
        "right_volume": right[some],
        "left_brought": left_brought[some],
        "right_brought": right_brought[some],
    }


def _ranks(so_far: InterimResult) -> Table:
    some = np.flatnonzero(so_far.result.rank)
    rank = so_far.result.rank[some].astype(np.int16)
    return _by_member({"member_id": so_far.inputs.ids[some], "rank": rank})


def _by_member(table: Table) -> Table:
    order = np.argsort(table["member_id"], kind="stable")
    return {name: column[order] for name, column in table.items()}


def _write(name: str, keys: tuple[str, ...], interim_id: int, table: Table) -> None:
    """Show these rows, by `keys`, in the place of what is shown; only what differs is written."""
    count = len(table["member_id"])
    whole: Table = {"interim_id": np.broadcast_to(np.int64(interim_id), count), **table}
    for statement in statements.FRESH:
        sql.run(statement.format(table=name))
    sql.copy_in(f"fresh_{name}", list(whole), frames(whole))
    sql.run(statements.KNOW_FRESH.format(table=name))
    values = [column for column in table if column not in keys]
    same = " AND ".join(f"fresh.{key} = shown.{key}" for key in ("interim_id", *keys))
    words = {
        "table": name,
        "same": same,
        "values": ", ".join(values),
        "fresh_values": ", fresh.".join(values),
        "shown_values": ", shown.".join(values),
    }
    for statement in statements.REPLACE_CHANGED:
        sql.run(statement.format(**words), [interim_id])
