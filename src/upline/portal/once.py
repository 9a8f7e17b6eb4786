"""A form that changes something, sent twice, changes it once: the second press is led to where the
first one led."""

import json
import secrets
import time
from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from upline.base import encryption
from upline.base.actors import scope_of
from upline.base.errors import InProgress, Refusal
from upline.base.unit import Answer, IdempotencyKey, Replayed, UnitOfWork
from upline.portal.form_keys import ONCE, is_secret
from upline.portal.visiting import Visit

T = TypeVar("T")

_WAIT_SECONDS, _TRIES = 0.2, 25


def done_once(
    visit: Visit,
    flow: Callable[[UnitOfWork], T],
    leads_to: Callable[[T], str],
    *,
    sets_secret: bool = False,
) -> HttpResponse:
    """Run a flow as what this form changes, and go on to the address that `leads_to` makes of its
    result. `sets_secret`: with other secrets it is another change. Raises what the flow does, and
    InProgress where the first press takes too long."""
    unit = _unit(visit, sets_secret=sets_secret)
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


def _unit(visit: Visit, *, sets_secret: bool) -> UnitOfWork:
    """Secrets are no part of what is asked for, and nothing that is kept depends on them, unless a
    secret is what the form sets."""
    unit = visit.unit()
    sent = visit.request.POST
    told = [
        (name, sent.getlist(name)) for name in sorted(sent) if name != ONCE and not is_secret(name)
    ]
    key = sent.get(ONCE) or secrets.token_urlsafe(18)
    unit.key = IdempotencyKey(
        key=f"{key}.{_mark(key, sent)}" if sets_secret else key,
        scope=scope_of(unit.actor),
        body=json.dumps([visit.request.get_full_path(), told]),
    )
    return unit


def _mark(key: str, sent: QueryDict) -> str:
    """Tells what a form sets from what it set before. Two bytes are enough for that, and too few to
    find out a password by."""
    typed = [
        sent.getlist(name)
        for name in sorted(sent)
        if is_secret(name) and name != "csrfmiddlewaretoken"
    ]
    return encryption.digest("form's secrets", json.dumps([key, typed]))[:2].hex()
