"""What every call shares: reading its parameters, making its change, answering.

A handler parses, makes one call, renders; the rest is here. Who calls is in credentials.py."""

import json
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar, overload

from django.http import HttpRequest

from upline.api.http import bodies
from upline.api.http.credentials import actor_of
from upline.api.http.envelope import Answered, as_json, response_of
from upline.api.http.reading import F, read
from upline.base.actors import scope_of
from upline.base.errors import FieldsWrong, Refusal
from upline.base.network import address_of
from upline.base.unit import Answer, IdempotencyKey, UnitOfWork
from upline.language import gettext
from upline.members.queries import Caller

R = TypeVar("R")
S = TypeVar("S")
# RFC 7240: names in any case, values may be quoted, preferences are separated by commas.
_PREFERS = re.compile(r'(?:^|,)\s*return\s*=\s*"?representation"?\s*(?:[;,]|$)', re.IGNORECASE)


class ApiRequest(HttpRequest):
    """A request whose caller is known."""

    auth: Caller
    request_id: str
    sent: dict[str, Any]


# --- Reading -------------------------------------------------------------------------------


def parameters(request: ApiRequest, bytes_max: int = bodies.BODY_BYTES_MAX) -> dict[str, Any]:
    """All parameters, unchecked, by lower-case name. The body is read once."""
    if not hasattr(request, "sent"):
        request.sent = bodies.parameters(request, bytes_max)
    return request.sent


def form(request: ApiRequest, shape: type[F]) -> F:
    """The call's parameters, checked. Raises FieldsWrong with all that is wrong at once."""
    sent = parameters(request, shape.bytes_max or bodies.BODY_BYTES_MAX)
    return read(shape, sent, bodies.names_in_query(request))


# --- Changing ------------------------------------------------------------------------------


def unit_of(request: ApiRequest, *, keyed: bool = True) -> UnitOfWork:
    """The unit of work of a request, with its Idempotency-Key unless the call ignores it."""
    caller = request.auth
    return UnitOfWork(
        actor=actor_of(caller),
        address=address_of(request),
        request_id=request.request_id,
        key=_idempotency_key(request) if keyed else None,
    )


def _idempotency_key(request: ApiRequest) -> IdempotencyKey | None:
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    if not (8 <= len(key) <= 255 and all("!" <= letter <= "~" for letter in key)):
        sentence = gettext("An Idempotency-Key has 8 to 255 visible ASCII characters.")
        raise FieldsWrong(sentence, fields={"Idempotency-Key": sentence})
    asked = [request.method, request.path_info, sorted(parameters(request).items())]
    return IdempotencyKey(
        key=key,
        scope=scope_of(actor_of(request.auth)),
        body=json.dumps(asked, default=_fingerprint),
    )


def _fingerprint(value: Any) -> str:
    return sha256(value).hexdigest() if isinstance(value, bytes) else repr(value)


@overload
def perform(
    request: ApiRequest,
    flow: Callable[[UnitOfWork], R],
    show: Callable[[R], S],
    *,
    created: bool = False,
    always: bool = False,
    location: Callable[[R], str] | None = None,
    unit: UnitOfWork | None = None,
) -> Answered[S]: ...
@overload
def perform(
    request: ApiRequest, flow: Callable[[UnitOfWork], object], *, unit: UnitOfWork | None = None
) -> Answered[None]: ...
def perform(
    request: ApiRequest,
    flow: Callable[[UnitOfWork], object],
    show: Callable[[Any], object] | None = None,
    *,
    created: bool = False,
    always: bool = False,
    location: Callable[[Any], str] | None = None,
    unit: UnitOfWork | None = None,
) -> Answered[Any]:
    """Run a flow as this request's unit of work, and answer. A request that succeeded before is
    answered again and not run.

    The answer is 204; or, for `Prefer: return=representation` (or `always`), 200 (201 where
    something was `created`) with what `show` makes of the result. `location` makes its Location
    of the result."""
    unit = unit or unit_of(request)
    is_shown = always or _PREFERS.search(request.META.get("HTTP_PREFER", "")) is not None

    def answer_of(result: Any) -> Answer:
        where = location(result) if location else None
        if show is None or not is_shown:
            return Answer(204, location=where)
        return Answer(201 if created else 200, as_json(show(result)), where)

    unit.answer = answer_of
    unit.replay()
    try:
        flow(unit)
    except Refusal:
        # A look before the work may have seen what the same request, sent twice, has just done.
        unit.replay()
        raise
    return response_of(unit.answered)
