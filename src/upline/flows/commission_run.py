"""A commission run, step by step: open, compute, review, approve, pay, close; and the plans that
are in force. People need a permission for each step; the worker opens and computes by itself."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial

from upline.base import audit, clock
from upline.base.audit import AuditEvent
from upline.base.errors import NotPermitted, Refusal
from upline.base.unit import UnitOfWork
from upline.commissions import plans_in_force, queries, steps
from upline.commissions.errors import CannotCompute, NoPlan, PeriodNotOver, RunBusy
from upline.commissions.models import Interim, PlanVersion, Run
from upline.company import queries as company
from upline.company.queries import NotFounded
from upline.flows import permissions
from upline.members.errors import UsernameNotFound
from upline.members.models import User
from upline.members.queries import find_person

Say = Callable[[str], None]
log = logging.getLogger("upline.flows")


def use_plan(unit: UnitOfWork, text: str, name: str, since: date) -> PlanVersion:
    """Put a plan in force. Without a person it is whoever may use the shell.
    Raises PlanWrong, PlanTooEarly, NotPermitted."""
    if unit.actor_id is not None:
        _permit(unit, "use_plan")
    return unit.commit(lambda: plans_in_force.use_plan(unit, text, name, since))


def open_due(unit: UnitOfWork) -> list[Run]:
    """Open a run for each period that has ended. Raises NoPlan, NotPermitted, ClockDiffers."""
    if unit.actor_id is not None:
        _permit(unit, "open_run")
    clock.must_agree()
    due = queries.due_periods()
    return unit.commit(lambda: steps.open_runs(unit, due)) if due else []


def compute(unit: UnitOfWork, run_id: int, say: Say) -> Run:
    """Work a run out, again where nobody has approved it. Raises what computing.compute does,
    NotPermitted, ClockDiffers."""
    # What is compiled costs each process its time and memory: only those that compute.
    from upline.commissions.computing import compute

    if unit.actor_id is not None:
        _permit(unit, "compute_run")
    clock.must_agree()
    return unit.commit(lambda: compute.compute(unit, run_id, say), snapshot=True)


def review(unit: UnitOfWork, run_id: int) -> None:
    """Somebody has looked at a computed run. Raises RunState, OrdersChanged, NotPermitted."""
    _permit(unit, "review_run")
    unit.commit(lambda: steps.review(unit, run_id))


def approve(unit: UnitOfWork, run_id: int) -> None:
    """Another person lets it be paid. Raises RunState, PeriodNotOver, SamePerson, OrdersChanged,
    NotPermitted, ClockDiffers."""
    _permit(unit, "approve_run")
    clock.must_agree()
    unit.commit(lambda: steps.approve(unit, run_id))


def pay(unit: UnitOfWork, run_id: int, say: Say) -> Run:
    """Pay all members of a run that are not paid yet, whoever has begun with it. The run stays
    approved while blocked members wait. Raises RunState, NotPermitted."""
    from upline.commissions import payment

    _permit(unit, "pay_run")
    passed = 0
    while True:
        paid = unit.commit(partial(payment.pay_chunk, unit, run_id))
        passed += paid.members
        say(f"run {run_id}: {passed:,} members done …")
        if paid.is_last:
            break
    unit.commit(lambda: payment.pay_released(unit, run_id))
    return unit.commit(lambda: payment.finish(unit, run_id))


def close(unit: UnitOfWork, run_id: int) -> None:
    """Nothing of the run changes any more. Raises RunState, NotPermitted."""
    _permit(unit, "close_run")
    unit.commit(lambda: steps.close(unit, run_id))


def drop(unit: UnitOfWork, run_id: int, reason: str) -> bool:
    """Ask to drop a run that was opened by mistake, or agree with who asked. Returns whether it
    is gone. Raises RunState, CannotDrop, AskedBySamePerson, NotPermitted."""
    _permit(unit, "drop_run")
    return unit.commit(lambda: steps.drop(unit, run_id, reason))


def on_schedule() -> None:
    """What the worker does by itself: opens what is due, and computes the run that is next."""
    try:
        if company.load_company().office.runs_by_schedule:
            open_due(UnitOfWork(permissions.WORKER))
            waiting = queries.next_to_compute()
            if waiting is not None:
                _compute_by_itself(waiting)
    except (NoPlan, NotFounded, RunBusy):
        return
    except clock.ClockDiffers as refusal:
        log.error("no commission run was opened or computed: %s", refusal.sentence)


def _compute_by_itself(run: Run) -> None:
    try:
        compute(UnitOfWork(permissions.WORKER), run.pk, log.info)
    except (CannotCompute, PeriodNotOver) as error:
        log.error("run %s cannot be computed: %s", run.pk, error.sentence)


def interim(say: Say, *, only_if_changed: bool = False) -> list[Interim]:
    """Work out what the running periods come to so far, for the screens. Changes nothing else,
    so it needs no person. Raises RunBusy, NoPlan, CannotCompute."""
    from upline.commissions import interim

    unit = UnitOfWork(permissions.WORKER)
    return unit.commit(lambda: interim.refresh(say, only_if_changed=only_if_changed), snapshot=True)


def interim_on_schedule() -> None:
    """What the worker does every so many minutes, as the office has set it."""
    with suppress(NoPlan, NotFounded, RunBusy):
        minutes = company.load_company().office.interim_minutes
        if minutes and queries.interim_is_older_than(minutes):
            interim(log.debug, only_if_changed=True)


def ask_worker(unit: UnitOfWork, run_id: int, step: str) -> None:
    """Let a worker compute or pay a run, as this person. Raises RunState, RunBusy, NotPermitted."""
    _permit(unit, f"{step}_run")
    unit.commit(lambda: steps.ask_worker(unit, run_id, step))


def as_asked(run_id: int, step: str, actor_id: int) -> None:
    """What a worker does that was asked to; where it is refused, the audit log says why."""
    unit = UnitOfWork(permissions.staff(actor_id))
    try:
        {"compute": compute, "pay": pay}[step](unit, run_id, log.info)
    except Refusal as refusal:
        why = refusal.sentence
        unit.commit(
            lambda: audit.record(unit, AuditEvent.RUN_REFUSE, f"run:{run_id}", step=step, why=why)
        )


def forfeit(unit: UnitOfWork, run_id: int, username: str, reason: str) -> int:
    """Let the company keep for good what a run owes a member who is closed. Returns how much, in
    minor units. Raises UsernameNotFound, NotWithheld, NotClosed, RunState, FieldsWrong,
    NotPermitted."""
    _permit(unit, "forfeit_run")
    person = find_person(username)
    if person is None or person.member_id is None:
        raise UsernameNotFound()
    member_id = person.member_id
    return unit.commit(lambda: steps.forfeit(unit, run_id, member_id, reason))


def _permit(unit: UnitOfWork, permission: str) -> None:
    staff = User.objects.filter(is_staff=True, is_active=True)
    person = staff.filter(pk=unit.actor_id).first() if unit.actor_id else None
    if person is None or not person.has_perm(f"commissions.{permission}"):
        raise NotPermitted("You are not allowed to do this. Ask an owner for the permission.")
