"""A form that changes something, sent twice, changes it once: the second press is led to where the
first one led."""

import json
import secrets
import time
from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponse
from django.shortcuts import redirect

from upline.base.actors import scope_of
from upline.base.errors import InProgress, Refusal
from upline.base.unit import Answer, IdempotencyKey, Replayed, UnitOfWork
from upline.portal.form_keys import ONCE, is_secret
from upline.portal.visiting import Visit

T = TypeVar("T")

_WAIT_SECONDS, _TRIES = 0.2, 25


def done_once(
    visit: Visit, flow: Callable[[UnitOfWork], T], leads_to: Callable[[T], str]
) -> HttpResponse:
    """Run a flow as what this form changes, and go on to the address that `leads_to` makes of its
    result. Raises what the flow does, and InProgress where the first press takes too long."""
    unit = _unit(visit)
    unit.answer = lambda result: Answer(303, location=leads_to(result))
    try:
        unit.replay()
        _run(unit, flow)
        answered = unit.answered
    except Replayed as replayed:
        answered = replayed.answer
    return redirect(answered.location or "/")


def _run(unit: UnitOfWork, flow: Callable[[UnitOfWork], object]) -> None:
    """Raises Replayed where the same form, sent before, has just been dealt with."""
    try:
        flow(unit)
    except InProgress:
        for _ in range(_TRIES):
            time.sleep(_WAIT_SECONDS)
            unit.replay()
        raise
    except Refusal:
        # What it saw may be what the first press has just done.
        unit.replay()
        raise


def _unit(visit: Visit) -> UnitOfWork:
    """Secrets are no part of what is asked for: nothing that is kept depends on them."""
    unit = visit.unit()
    sent = visit.request.POST
    told = [
        (name, sent.getlist(name)) for name in sorted(sent) if name != ONCE and not is_secret(name)
    ]
    unit.key = IdempotencyKey(
        key=sent.get(ONCE) or secrets.token_urlsafe(18),
        scope=scope_of(unit.actor),
        body=json.dumps([visit.request.get_full_path(), told]),
    )
    return unit
