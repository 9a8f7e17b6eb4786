"""A commission run, step by step: open, compute, review, approve, pay, close; and the plans that
are in force. People need a permission for each step; the worker opens and computes by itself."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from hashlib import sha256

from upline.base import audit, clock
from upline.base.amounts import Money
from upline.base.audit import AuditEvent
from upline.base.errors import Refusal
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.commissions import plans_in_force, queries, steps
from upline.commissions.errors import (
    CannotCompute,
    NoPlan,
    NoRate,
    PeriodNotOver,
    RunBusy,
)
from upline.commissions.models import Interim, PlanVersion, Run
from upline.company import queries as company
from upline.company.queries import NotFounded
from upline.flows import permissions, second_person, two_people
from upline.flows.permissions import Right, needs, right_of
from upline.members.errors import UsernameNotFound
from upline.members.queries import find_person

Say = Callable[[str], None]
log = logging.getLogger("upline.flows")
_SUBJECT_MOST = 120


@needs(Right.USE_PLAN)
def use_plan(unit: UnitOfWork, text: str, name: str, since: date) -> PlanVersion:
    """Put a plan in force. Raises PlanWrong, PlanTooEarly, NotPermitted, and what
    two_people.commit_by_two does."""

    def use() -> PlanVersion:
        return plans_in_force.use_plan(unit, text, name, since)

    step = two_people.Step(
        EventKind.PLAN_PUT_IN_FORCE,
        Right.USE_PLAN,
        {"text": text, "name": name, "since": since.isoformat()},
        what=f"{EventKind.PLAN_PUT_IN_FORCE} {since} {sha256(text.encode()).hexdigest()}",
        subject=f"plan:{name}"[:_SUBJECT_MOST],
    )
    by_two = company.load_company().office.plans_by_two
    return two_people.commit_by_two(unit, step, use, by_two=by_two)


@needs(Right.OPEN_RUN)
def open_due(unit: UnitOfWork) -> list[Run]:
    """Open a run for each period that has ended. Raises NoPlan, NotPermitted, ClockDiffers,
    NoRate."""
    clock.must_agree()
    due = queries.due_periods()
    return unit.commit(lambda: steps.open_runs(unit, due)) if due else []


@needs(Right.COMPUTE_RUN)
def compute(unit: UnitOfWork, run_id: int, say: Say) -> Run:
    """Work a run out, again where nobody has approved it. Raises what computing.compute does,
    NotPermitted, ClockDiffers."""
    # What is compiled costs each process its time and memory: only those that compute.
    from upline.commissions.computing import compute

    clock.must_agree()
    return unit.commit(lambda: compute.compute(unit, run_id, say), snapshot=True)


@needs(Right.REVIEW_RUN, by_person=True)
def review(unit: UnitOfWork, run_id: int) -> None:
    """Somebody has looked at a computed run. Raises RunState, OrdersChanged, NotPermitted."""
    unit.commit(lambda: steps.review(unit, run_id))


@needs(Right.APPROVE_RUN, by_person=True)
def approve(unit: UnitOfWork, run_id: int) -> None:
    """Another person lets it be paid. Raises RunState, PeriodNotOver, SamePerson, OrdersChanged,
    NotPermitted, ClockDiffers, and what second_person.must_be_another does."""
    clock.must_agree()

    def approve() -> None:
        run = steps.hold(run_id)
        firsts = {run.opened_by_id, run.reviewed_by_id}
        if unit.actor_id not in firsts:
            second_person.must_be_another(unit, Right.APPROVE_RUN, firsts)
        steps.approve(unit, run_id)

    unit.commit(approve)


@needs(Right.PAY_RUN, by_person=True)
def pay(unit: UnitOfWork, run_id: int, say: Say) -> Run:
    """Pay all members of a run that are not paid yet, whoever has begun with it. The run stays
    approved while blocked members wait. Raises RunState, NotPermitted."""
    from upline.commissions import payment

    passed = 0
    while True:
        paid = unit.commit(partial(payment.pay_chunk, unit, run_id))
        passed += paid.members
        say(f"run {run_id}: {passed:,} members done …")
        if paid.is_last:
            break
    unit.commit(lambda: payment.pay_released(unit, run_id))
    return unit.commit(lambda: payment.finish(unit, run_id))


@needs(Right.CLOSE_RUN, by_person=True)
def close(unit: UnitOfWork, run_id: int) -> None:
    """Nothing of the run changes any more. Raises RunState, NotPermitted."""
    unit.commit(lambda: steps.close(unit, run_id))


@needs(Right.DROP_RUN, by_person=True)
def drop(unit: UnitOfWork, run_id: int, reason: str) -> None:
    """Drop a run that was opened by mistake, which takes two people. Raises RunState, CannotDrop,
    NotPermitted, and what two_people.commit_by_two does."""
    step = two_people.Step(
        EventKind.RUN_DROPPED,
        Right.DROP_RUN,
        {"run_id": run_id, "reason": reason},
        what=f"{EventKind.RUN_DROPPED} {run_id}",
        subject=f"run:{run_id}",
        reason=reason,
    )

    def drop() -> None:
        run = steps.hold_droppable(run_id)
        two_people.agree(unit, step.right, step.what)
        steps.drop(unit, run, reason)

    two_people.commit_or_ask(unit, step, drop)


def on_schedule() -> None:
    """What the worker does by itself: opens what is due, and computes the run that is next. Needs
    no right: time brings it, and the worker does it."""
    try:
        if company.load_company().office.runs_by_schedule:
            open_due(UnitOfWork(permissions.WORKER))
            waiting = queries.next_to_compute()
            if waiting is not None:
                _compute_by_itself(waiting)
    except (NoPlan, NotFounded, RunBusy):
        return
    except (clock.ClockDiffers, NoRate) as refusal:
        log.error("no commission run was opened or computed: %s", refusal.sentence)


def _compute_by_itself(run: Run) -> None:
    try:
        compute(UnitOfWork(permissions.WORKER), run.pk, log.info)
    except (CannotCompute, PeriodNotOver) as error:
        log.error("run %s cannot be computed: %s", run.pk, error.sentence)


def interim(say: Say, *, only_if_changed: bool = False) -> list[Interim]:
    """Work out what the running periods come to so far, for the screens. Changes nothing else,
    so it needs no person. Raises RunBusy, NoPlan, CannotCompute. Needs no right: it changes only
    what pages show so far."""
    from upline.commissions import interim

    unit = UnitOfWork(permissions.WORKER)
    return unit.commit(lambda: interim.refresh(say, only_if_changed=only_if_changed), snapshot=True)


def interim_on_schedule() -> None:
    """What the worker does every so many minutes, as the office has set it. Needs no right: time
    brings it, and the worker does it."""
    with suppress(NoPlan, NotFounded, RunBusy, NoRate):
        minutes = company.load_company().office.interim_minutes
        if minutes and queries.interim_is_older_than(minutes):
            interim(log.debug, only_if_changed=True)


STEPS: dict[str, Callable[[UnitOfWork, int, Say], Run]] = {"compute": compute, "pay": pay}
"""What a worker can be asked to do."""


def ask_worker(unit: UnitOfWork, run_id: int, step: str) -> None:
    """Let a worker compute or pay a run, as this person. Raises RunState, RunBusy, NotPermitted."""
    unit.require(right_of(STEPS[step]), by_person=True)
    unit.commit(lambda: steps.ask_worker(unit, run_id, step))


def as_asked(run_id: int, step: str, actor_id: int) -> None:
    """What a worker does that was asked to; where it is refused, the audit log says why. Needs no
    right: each step asks for that of whoever asked for it."""
    unit = UnitOfWork(permissions.staff(actor_id))
    try:
        STEPS[step](unit, run_id, log.info)
    except Refusal as refusal:
        why = refusal.sentence
        unit.commit(
            lambda: audit.record(unit, AuditEvent.RUN_REFUSE, f"run:{run_id}", step=step, why=why)
        )


@needs(Right.FORFEIT_RUN, by_person=True)
def forfeit(unit: UnitOfWork, run_id: int, username: str, reason: str) -> Money:
    """Let the company keep for good what a run owes a member who is closed. Returns how much.
    Raises UsernameNotFound, NotWithheld, NotClosed, RunState, FieldsWrong,
    NotPermitted."""
    person = find_person(username)
    if person is None or person.member_id is None:
        raise UsernameNotFound()
    member_id = person.member_id
    return unit.commit(lambda: steps.forfeit(unit, run_id, member_id, reason))
