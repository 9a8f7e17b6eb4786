"""A run is calculated: inputs loaded, the pure core, everything stored, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from upline.base import audit, clock, sql
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.commissions import queries, statements, steps
from upline.commissions.computing import clawback, past_runs, takeover, totals
from upline.commissions.computing.inputs import Inputs, load, period_of_run
from upline.commissions.computing.totals import RunTotals
from upline.commissions.errors import CannotCompute, RunBusy, RunState
from upline.commissions.models import Run, RunStatus
from upline.commissions.storing import archive, legs, results, run_figures
from upline.commissions.storing.copy_format import Table
from upline.company import current as company
from upline.events import actions as events
from upline.language import gettext
from upline.plan_documents import parse
from upline.plans.arrays import TooLarge
from upline.plans.carry import Carry
from upline.plans.plan import Plan
from upline.plans.result import Result
from upline.plans.run import run as work_out

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ComputedRun:
    """What a run came to, ready to be written. `named`: which lines take back of which."""

    inputs: Inputs
    tables: dict[str, Table]
    facts: str
    scalars: str
    result: Result
    lines: Table
    named: Table
    earnings: Table
    totals: RunTotals
    inputs_hash: bytes
    outputs_hash: bytes


def compute(unit: UnitOfWork, run_id: int, say: Say) -> Run:
    """Work a run out and store it, anew where it was computed before. The same inputs give the
    same bytes. Its unit of work sees one snapshot. Raises RunNotFound, RunState, RunBusy,
    CannotCompute."""
    sql.run("SET LOCAL statement_timeout = 0")
    sql.run("SET LOCAL idle_in_transaction_session_timeout = 0")
    if not sql.value(bool, statements.TRY_RUN, [run_id]):
        raise RunBusy()
    run = steps.hold(run_id)
    _must_be_next(run)
    plan = parse(run.plan.text, run.plan.name)
    say(f"run {run_id}: loading members and orders …")
    inputs = load(run, plan)
    outcome = _worked_out(run, plan, inputs, say)
    say(f"run {run_id}: writing {len(outcome.lines['number']):,} lines …")
    _write(run, outcome, say)
    _finish(unit, run, outcome)
    return queries.run(run_id)


def _must_be_next(run: Run) -> None:
    steps.must_be(run, RunStatus.REVIEWED, RunStatus.COMPUTED, RunStatus.OPEN)
    steps.must_be_over(run)
    before = run.previous
    if before is not None and before.status not in queries.APPROVED:
        raise RunState(
            gettext(
                "Run {run} takes over what run {before} carries, and that one is {status}: it "
                "is approved first.",
                run=run.pk,
                before=before.pk,
                status=before.get_status_display(),
            )
        )


def _worked_out(run: Run, plan: Plan, inputs: Inputs, say: Say) -> ComputedRun:
    refunded = past_runs.refunded(run)
    tables = inputs.tables() | {"refunded": refunded}
    before = bytes(run.previous.outputs_hash or b"") if run.previous else b""
    period = f"{run.every} {run.first_day} {run.last_day}".encode()
    rates = inputs.rates()
    inputs_hash = results.digest(tables, bytes(run.plan.digest), before, period, rates.encode())
    carry = carried(run, plan, inputs)
    claimed = clawback.claimed(run, inputs, carry, refunded) if carry else None
    say(f"run {run.pk}: working out {len(inputs.ids):,} members …")
    span, taken = period_of_run(run), claimed.taken if claimed else None
    who = inputs.members, inputs.orders
    try:
        result = work_out(plan, *who, span, carry, taken, inputs.exchange)
    except TooLarge as error:
        raise CannotCompute(f"{error}.") from error
    more = claimed.lines if claimed else {}
    lines, numbers = results.lines_of(result, plan, inputs, more)
    earnings = results.earnings_of(result, inputs, more)
    named = claimed.named(numbers) if claimed else {}
    handed_on, facts = takeover.tables(result.carry, inputs, plan)
    outputs = {"lines": lines, "earnings": earnings, **handed_on}
    outputs |= legs.tables(result, inputs.position_ids, plan)
    explained, scalars = run_figures.tables(result, inputs.ids, plan)
    outputs |= explained
    outputs_hash = results.digest(outputs, inputs_hash, facts.encode(), scalars.encode())
    return ComputedRun(
        inputs, tables | outputs, facts, scalars, result, lines, named, earnings,
        totals.totals_of(result, inputs, earnings), inputs_hash, outputs_hash,
    )  # fmt: skip


def carried(run: Run, plan: Plan, inputs: Inputs) -> Carry | None:
    """What the run before hands on."""
    before = run.previous_id
    if before is None:
        return None
    facts = archive.text(before, "facts")
    names = [
        "carry",
        takeover.LEGS,
        *(f"boards {n}" for n in range(takeover.number_of_boards(facts))),
    ]
    parts = archive.tables(before, names)
    return takeover.Brought(parts, facts, inputs, plan).carry()


def _write(run: Run, outcome: ComputedRun, say: Say) -> None:
    results.forget(run)
    results.write_lines(run, outcome.lines)
    results.write_clawbacks(run, outcome.named)
    markets = totals.markets_of(outcome.inputs, outcome.earnings)
    results.write_earnings(run, outcome.earnings, markets)
    results.write_markets(run, outcome.totals.markets)
    say(f"run {run.pk}: keeping its archive …")
    texts = {
        "facts": outcome.facts, run_figures.SCALARS: outcome.scalars, "plan": run.plan.text,
        archive.RATES: outcome.inputs.rates(),
    }  # fmt: skip
    results.archive(run, outcome.tables, texts)


def _finish(unit: UnitOfWork, run: Run, outcome: ComputedRun) -> None:
    result = outcome.result
    sql.run(
        statements.COMPUTED,
        {
            "run": run.pk,
            "inputs_hash": outcome.inputs_hash,
            "outputs_hash": outcome.outputs_hash,
            "turnover": result.turnover,
            "gross": outcome.totals.gross,
            "paid": outcome.totals.paid,
            "lines": len(outcome.lines["number"]),
            "members": len(outcome.earnings["member_id"]),
            "refunds": queries.refunds_within(run.first_day, run.last_day),
            "now": clock.now(),
            "by": unit.actor_id,
        },
    )
    before = {"status": run.status, "outputs": bytes(run.outputs_hash or b"").hex()}
    after = {"status": RunStatus.COMPUTED, "outputs": outcome.outputs_hash.hex()}
    changes = audit.changes(before, after)
    told = {
        "turnover": result.turnover,
        "gross": outcome.totals.gross,
        "paid": outcome.totals.paid,
        "currency": company.current().plan_currency,
        "members": len(outcome.earnings["member_id"]),
    }
    data = {**steps.period_of(run), **told}
    events.record(unit, EventKind.RUN_COMPUTED, f"run:{run.pk}", data, changes=changes)
