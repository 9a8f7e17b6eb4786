"""Plans put in force, and the steps of a run that people decide on."""

import hashlib
from collections.abc import Sequence
from datetime import date

from upline.base import audit, clock, sql
from upline.base.unit import Unit
from upline.catalog.models import Package
from upline.commissions import queries, statements
from upline.commissions.due import Due
from upline.commissions.errors import (
    OrdersChanged,
    PlanTooEarly,
    PlanWrong,
    RunNotFound,
    RunState,
    SamePerson,
)
from upline.commissions.models import PlanVersion, Run
from upline.company import queries as company
from upline.members import actions as members
from upline.orders import actions as orders
from upline.plan_documents import PlanErrors, parse
from upline.plans.periods import date_of
from upline.plans.plan import Pairs, Plan


def use_plan(unit: Unit, text: str, name: str, since: date) -> PlanVersion:
    """Put a plan in force from a day on; `name` is its file's. One that nothing has used and
    that begins on the same day is replaced. Raises PlanWrong with every sentence, PlanTooEarly."""
    try:
        plan = parse(text, name)
    except PlanErrors as errors:
        raise PlanWrong(list(errors.sentences)) from errors
    packages = _packages(plan, name)
    sql.one(statements.BOOKS)
    frozen = queries.last_frozen_day()
    if frozen is not None and since <= frozen:
        raise PlanTooEarly(
            f"Runs are open up to {frozen}: a plan can be in force from a later day on."
        )
    PlanVersion.objects.filter(since=since).delete()
    digest = hashlib.sha256(text.encode())
    made = PlanVersion.objects.create(
        since=since,
        name=plan.name,
        text=text,
        digest=digest.digest(),
        packages=packages,
        put_at=clock.now(),
        put_by_id=unit.actor_id,
    )
    facts = {"name": plan.name, "since": str(since), "digest": digest.hexdigest()}
    audit.record(unit, "plan.use", f"plan:{made.pk}", **facts)
    return made


def _packages(plan: Plan, name: str) -> list[list[int]]:
    """The catalogue's ids of each package that the plan names. Raises PlanWrong for all that
    this company cannot do."""
    facts = company.current()
    wrong = []
    if plan.decimals != facts.exponent:
        wrong.append(
            f"{name}: money has {plan.decimals} decimals here, the company's "
            f"{facts.currency} has {facts.exponent}."
        )
    if facts.plan_kind != "binary" and any(isinstance(each, Pairs) for each in plan.bonuses):
        wrong.append(f"{name}: pairs need a binary company, and this one is {facts.plan_kind}.")
    found: dict[str, list[int]] = {package: [] for package in plan.packages}
    sold = Package.objects.filter(kind="membership", name__in=plan.packages).order_by("pk")
    for package in sold:
        found[package.name].append(package.pk)
    wrong += [
        f'{name}: the catalogue has no membership package "{package}".'
        for package, ids in found.items()
        if not ids
    ]
    if wrong:
        raise PlanWrong(wrong)
    return list(found.values())


def open_runs(unit: Unit, wanted: Sequence[Due]) -> list[Run]:
    """Freeze the days of these periods and open a run for each, in turn. Whoever completes an
    order waits meanwhile, and those that come later count for a later day."""
    sql.one(statements.BOOKS)
    # Somebody else may have opened some since they were looked up.
    still = set(queries.due_periods())
    made = [_open(unit, due) for due in wanted if due in still]
    if made:
        orders.freeze(max(run.last_day for run in made))
    return made


def _open(unit: Unit, due: Due) -> Run:
    period, last_day = due.period, date_of(due.period.last_day)
    sql.one("SELECT commissions_make_place(%s)", [last_day])
    run = Run.objects.create(
        plan_id=due.version_id,
        previous=queries.latest(),
        every=str(period.every),
        first_day=date_of(period.first_day),
        last_day=last_day,
        opened_at=clock.now(),
        opened_by_id=unit.actor_id,
    )
    audit.record(unit, "run.open", f"run:{run.pk}", every=run.every, last_day=str(last_day))
    return run


def hold(run_id: int) -> Run:
    """A run, held until the transaction ends. Raises RunNotFound."""
    if sql.one(statements.HOLD_RUN, [run_id]) is None:
        raise RunNotFound()
    return queries.run(run_id)


def must_be(run: Run, *states: str) -> None:
    """Raise RunState unless the run is in one of these states."""
    if run.state not in states:
        raise RunState(f"Run {run.pk} is {run.state}; this step takes one that is {states[-1]}.")


def review(unit: Unit, run_id: int) -> None:
    """A person has looked at what was computed. Raises RunState, OrdersChanged."""
    run = hold(run_id)
    must_be(run, "computed")
    _no_order_changed(run)
    _step(unit, run, "reviewed", "review")


def approve(unit: Unit, run_id: int) -> None:
    """Another person lets the run be paid; from now on it stays as it is, and its ranks hold.
    Raises RunState, SamePerson, OrdersChanged."""
    run = hold(run_id)
    must_be(run, "reviewed")
    if unit.actor_id in (None, run.reviewed_by_id, run.opened_by_id):
        raise SamePerson()
    _write_ranks(unit, run)
    # Last, since nobody completes or refunds an order meanwhile.
    sql.one(statements.BOOKS)
    _no_order_changed(run)
    _step(unit, run, "approved", "approve")


def close(unit: Unit, run_id: int) -> None:
    """All is paid; nothing of the run ever changes again. Raises RunState."""
    run = hold(run_id)
    must_be(run, "paid")
    _step(unit, run, "closed", "close")


def _step(unit: Unit, run: Run, state: str, verb: str) -> None:
    now = {f"{state}_at": clock.now(), f"{state}_by_id": unit.actor_id}
    Run.objects.filter(pk=run.pk).update(state=state, **now)
    audit.record(unit, f"run.{verb}", f"run:{run.pk}", outputs=bytes(run.outputs_hash or b"").hex())


def _no_order_changed(run: Run) -> None:
    if queries.refunds_within(run.first_day, run.last_day) != run.refunds:
        raise OrdersChanged()


def _write_ranks(unit: Unit, run: Run) -> None:
    """From now on each member has the rank that this run pays them as."""
    plan = parse(run.plan.text, run.plan.name)
    names = [step.name for step in plan.ranks.steps]
    until = queries.end_of(run.last_day)
    changed = sql.rows(statements.RANK_CHANGES, {"run": run.pk, "names": names, "until": until})
    members.set_ranks(unit, [(row.user_id, row.rank_name) for row in changed])
