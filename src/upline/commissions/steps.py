"""The steps of a run that people decide on."""

from collections.abc import Sequence
from datetime import timedelta

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from upline.base import audit, clock, databases, sql
from upline.base.amounts import Money
from upline.base.audit import AuditEvent
from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.commissions import queries, statements
from upline.commissions.computing.currencies import must_be_known
from upline.commissions.errors import (
    CannotDrop,
    MemberMoved,
    NotClosed,
    NotWithheld,
    OrdersChanged,
    PeriodNotOver,
    RunBusy,
    RunNotFound,
    RunState,
    SamePerson,
)
from upline.commissions.models import Earning, Interim, Run, RunStatus
from upline.commissions.periods import Due
from upline.company import current as company
from upline.events import actions as events
from upline.language import gettext
from upline.members import actions as members
from upline.members.models import Member, Standing
from upline.orders import actions as orders
from upline.plan_documents import parse
from upline.plans.periods import date_of

REASON_MOST = 300
WORK = "upline.flows.tasks.work_on_run"
STEPS_OF_WORKERS = {
    "compute": (RunStatus.REVIEWED, RunStatus.COMPUTED, RunStatus.OPEN),
    "pay": (RunStatus.APPROVED,),
}
"""What a worker can be asked to do with a run, and the statuses in which it makes sense."""


def open_runs(unit: UnitOfWork, wanted: Sequence[Due]) -> list[Run]:
    """Freeze the days of these periods and open a run for each, in turn. Whoever completes an
    order waits meanwhile, and those that come later count for a later day. Raises NoRate."""
    orders.hold_books()
    # Somebody else may have opened some since they were looked up.
    still = set(queries.due_periods())
    made = [_open(unit, due) for due in wanted if due in still]
    if made:
        orders.freeze(max(run.last_day for run in made))
    return made


def _open(unit: UnitOfWork, due: Due) -> Run:
    period, last_day = due.period, date_of(due.period.last_day)
    must_be_known(date_of(period.first_day), last_day, queries.end_of(last_day))
    sql.run("SELECT commissions_make_partition(%s)", [last_day])
    run = Run.objects.create(
        plan_id=due.version_id,
        previous=queries.latest(),
        every=str(period.every),
        first_day=date_of(period.first_day),
        last_day=last_day,
        opened_at=clock.now(),
        opened_by_id=unit.actor_id,
    )
    facts = {"every": run.every, "last_day": str(last_day)}
    events.record(unit, EventKind.RUN_OPENED, f"run:{run.pk}", period_of(run), **facts)
    return run


def hold(run_id: int) -> Run:
    """A run, held until the transaction ends. Raises RunNotFound."""
    if not sql.run(statements.HOLD_RUN, [run_id]):
        raise RunNotFound()
    return queries.run(run_id)


def must_be(run: Run, *statuses: RunStatus) -> None:
    """Raise RunState unless the run is in one of these statuses."""
    if run.status not in statuses:
        raise RunState(
            gettext(
                "Run {run} is {status}; this step takes one that is {wanted}.",
                run=run.pk,
                status=run.get_status_display(),
                wanted=statuses[-1].label,
            )
        )


def must_be_over(run: Run) -> None:
    """Raise PeriodNotOver unless the run's last day has passed where the company is."""
    if run.last_day >= company.today():
        raise PeriodNotOver(
            gettext(
                "Run {run} is for {first_day} to {last_day}, and these days are not over. "
                "Wait until they are, or drop the run.",
                run=run.pk,
                first_day=run.first_day,
                last_day=run.last_day,
            )
        )


def review(unit: UnitOfWork, run_id: int) -> None:
    """A person has looked at what was computed. Raises RunState, OrdersChanged."""
    run = hold(run_id)
    must_be(run, RunStatus.COMPUTED)
    _no_order_changed(run)
    _step(unit, run, RunStatus.REVIEWED, EventKind.RUN_REVIEWED)


def approve(unit: UnitOfWork, run_id: int) -> None:
    """Another person lets the run be paid; from now on it stays as it is, and its ranks hold.
    Raises RunState, PeriodNotOver, SamePerson, MemberMoved, OrdersChanged."""
    run = hold(run_id)
    must_be(run, RunStatus.REVIEWED)
    must_be_over(run)
    if unit.actor_id in (None, run.reviewed_by_id, run.opened_by_id):
        raise SamePerson()
    _nobody_moved(run)
    _write_ranks(unit, run)
    # Last, since nobody completes or refunds an order meanwhile.
    orders.hold_books()
    _no_order_changed(run)
    _step(unit, run, RunStatus.APPROVED, EventKind.RUN_APPROVED)


def close(unit: UnitOfWork, run_id: int) -> None:
    """All is paid; nothing of the run ever changes again. Raises RunState."""
    run = hold(run_id)
    must_be(run, RunStatus.PAID)
    _step(unit, run, RunStatus.CLOSED, EventKind.RUN_CLOSED)


def hold_droppable(run_id: int) -> Run:
    """The last run of the chain, held, unless it was reviewed. Raises RunState, CannotDrop."""
    orders.hold_books()
    run = hold(run_id)
    must_be(run, RunStatus.COMPUTED, RunStatus.OPEN)
    later = Run.objects.filter(previous=run).first()
    if later is not None:
        raise CannotDrop(
            gettext(
                "Run {run} takes over from run {run_id}: drop that one first.",
                run=later.pk,
                run_id=run_id,
            )
        )
    return run


def drop(unit: UnitOfWork, run: Run, reason: str) -> None:
    """Take away a run that was held and that two people have agreed to drop; its days are open
    again. Raises CannotDrop."""
    for statement in statements.FORGET_COMPUTED:
        sql.run(statement, [run.pk])
    Interim.objects.filter(stands_on=run).delete()
    if not sql.value(bool, "SELECT commissions_drop_run(%s, %s)", [run.pk, unit.actor_id]):
        raise CannotDrop(gettext("Two people have to agree to drop a run."))
    orders.thaw(queries.last_frozen_day() or run.first_day - timedelta(days=1))
    facts = {"reason": reason, "every": run.every, "last_day": str(run.last_day)}
    events.record(unit, EventKind.RUN_DROPPED, f"run:{run.pk}", period_of(run), **facts)


def ask_worker(unit: UnitOfWork, run_id: int, step: str) -> None:
    """Ask for a step that takes its time (`compute` or `pay`) to be done by a worker, as whoever
    asks. Raises RunState, RunBusy where it was asked for already and nobody has begun."""
    must_be(hold(run_id), *STEPS_OF_WORKERS[step])
    job = app.configure_task(WORK, queueing_lock=lock_of(run_id), priority=-1)
    try:
        with databases.atomic():
            job.defer(run_id=run_id, step=step, actor_id=unit.actor_id)
    except AlreadyEnqueued as error:
        raise RunBusy(
            gettext("This has already been requested, and the worker has not started yet.")
        ) from error
    audit.record(unit, AuditEvent.RUN_ASK, f"run:{run_id}", step=step)


def lock_of(run_id: int) -> str:
    """What jobs about a run are called in the queue, where only one of them may wait."""
    return f"run:{run_id}"


def forfeit(unit: UnitOfWork, run_id: int, member_id: int, reason: str) -> Money:
    """What the run withholds from a closed member stays with the company for good. Returns how
    much. Raises RunState, FieldsWrong without a reason, NotWithheld, NotClosed,
    OwnAccount."""
    run = hold(run_id)
    must_be(run, RunStatus.APPROVED)
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_MOST:
        raise FieldsWrong(
            gettext(
                "Name a reason of {most} letters at most: it is kept for good.",
                most=REASON_MOST,
            )
        )
    unit.refuse_own(member_id)
    _must_be_forfeitable(run, member_id)
    done = {"now": clock.now(), "by": unit.actor_id, "reason": reason}
    if not sql.run(statements.FORFEIT, {"run": run_id, "member": member_id} | done):
        raise NotWithheld(gettext("Someone else has just paid or forfeited it."))
    earned = Earning.objects.values_list("total", "currency")
    total = Money(*earned.get(run=run, member=member_id))
    money = {"amount": total.minor, "currency": total.currency}
    data = {"member_id": member_id, **money}
    facts = {"member": member_id, "amount": total.minor, "reason": reason}
    events.record(unit, EventKind.RUN_FORFEITED, f"run:{run_id}", data, **facts)
    return total


def _must_be_forfeitable(run: Run, member_id: int) -> None:
    """Say in a sentence why this cannot be forfeited; the statement that does it looks again."""
    member = Member.objects.select_related("user").get(pk=member_id)
    withheld = run.withheld.filter(member=member_id).first()
    if withheld is None:
        raise NotWithheld(
            gettext("Run {run} withholds nothing from {member}.", run=run.pk, member=member)
        )
    if withheld.forfeited_at is not None:
        raise NotWithheld(
            gettext(
                "What run {run} withheld from {member} is forfeited already.",
                run=run.pk,
                member=member,
            )
        )
    if member.standing != Standing.CLOSED:
        raise NotClosed(
            gettext(
                "{member} is {standing}, not closed: what run {run} withholds is kept.",
                member=member,
                standing=member.get_standing_display(),
                run=run.pk,
            )
        )


def _step(unit: UnitOfWork, run: Run, status: RunStatus, event: EventKind) -> None:
    now = {f"{status}_at": clock.now(), f"{status}_by_id": unit.actor_id}
    Run.objects.filter(pk=run.pk).update(status=status, **now)
    outputs = bytes(run.outputs_hash or b"").hex()
    changes = audit.step("status", run.status, status)
    facts = {"outputs": outputs, "changes": changes}
    events.record(unit, event, f"run:{run.pk}", period_of(run), **facts)


def period_of(run: Run) -> dict[str, object]:
    """What an event tells of a run's days."""
    return {"every": run.every, "first_day": str(run.first_day), "last_day": str(run.last_day)}


def _no_order_changed(run: Run) -> None:
    if queries.refunds_within(run.first_day, run.last_day) != run.refunds:
        raise OrdersChanged()


_MOVED = """
SELECT earning.member_id FROM commissions_earning earning
JOIN members_member member ON user_id = earning.member_id
JOIN markets_market market ON market.id = member.market_id
WHERE run_id = %s AND earning.currency <> market.currency
  AND (total <> 0 OR charges <> 0 OR tax <> 0) LIMIT 1
"""


def _nobody_moved(run: Run) -> None:
    """Who moved to another market while the run was calculated would be paid in a currency that
    they have left."""
    if sql.value(int, _MOVED, [run.pk]) is not None:
        raise MemberMoved()


def _write_ranks(unit: UnitOfWork, run: Run) -> None:
    """From now on each member has the rank that this run pays them as."""
    plan = parse(run.plan.text, run.plan.name)
    names = [step.name for step in plan.ranks.steps]
    until = queries.end_of(run.last_day)
    asked = {"run": run.pk, "names": names, "until": until}
    changed = sql.rows(statements.RankChange, statements.RANK_CHANGES, asked)
    members.set_ranks([(row.user_id, row.rank_name) for row in changed])
