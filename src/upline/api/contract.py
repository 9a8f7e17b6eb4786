"""What every call shares: who calls, reading parameters, making a change, answering.

Order of checks (contract section 1): unknown address, method, api_key, access_token, body,
business rules. A handler parses, makes one call, renders; everything else is here."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

from upline.api import bodies
from upline.api.envelope import given, render
from upline.api.reading import F, read
from upline.base.addresses import address_of
from upline.base.errors import FieldsWrong, Refusal, TooManyRequests, Unavailable
from upline.base.unit import Answer, IdempotencyKey, Unit
from upline.company import queries as company
from upline.members.errors import AccessTokenWrong, ApiKeyWrong
from upline.members.queries import Caller, find_caller

T = TypeVar("T")


class ApiRequest(HttpRequest):
    """A request whose caller is known."""

    auth: Caller
    request_id: str
    sent: dict[str, Any]


# --- Who calls -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Credentials:
    """The check before a call: an api_key, and a member's access_token unless the call works
    `without_token`, or does in a company with public signup."""

    without_token: bool = False
    public_signup_only: bool = False

    def __call__(self, request: HttpRequest) -> Caller:
        api_key, token = _api_key(request), access_token(request)
        version, caller = find_caller(api_key, token)
        if caller is None:
            raise Unavailable("There is no company here yet.")
        company.bind(company.at_version(version))
        if not caller.client_id:
            raise ApiKeyWrong()
        if self._needs_token(token) and not caller.member_id:
            raise AccessTokenWrong()
        _count(caller)
        return caller

    def _needs_token(self, token: str) -> bool:
        if self.public_signup_only:
            return bool(token) or not company.office().public_signup
        return not self.without_token


MEMBER = Credentials()
CLIENT = Credentials(without_token=True)
PUBLIC = Credentials(public_signup_only=True)


def _api_key(request: HttpRequest) -> str:
    key = str(request.META.get("HTTP_API_KEY", ""))
    if not key or "," in key:
        raise ApiKeyWrong()
    return key


def access_token(request: HttpRequest) -> str:
    """The token from either header; two different ones are none."""
    token = str(request.META.get("HTTP_ACCESS_TOKEN", ""))
    scheme, _, bearer = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if scheme.lower() == "bearer":
        token = token or bearer.strip()
        if token != bearer.strip():
            return ","
    return token


_minute = 0
_requests: dict[int, int] = {}


def _count(caller: Caller) -> None:
    """The rough limit on all requests, in this process's memory."""
    global _minute, _requests
    most = company.office().request_limit
    if not (most and caller.member_id):
        return
    minute = int(time.monotonic() // 60)
    if minute != _minute:
        _minute, _requests = minute, {}
    _requests[caller.member_id] = _requests.get(caller.member_id, 0) + 1
    if _requests[caller.member_id] > most:
        raise TooManyRequests(retry_after=60 - int(time.monotonic() % 60))


# --- Reading -------------------------------------------------------------------------------


def parameters(request: ApiRequest, bytes_max: int = bodies.BODY_BYTES_MAX) -> dict[str, Any]:
    """All parameters, unchecked, by lower-case name. The body is read once."""
    if not hasattr(request, "sent"):
        request.sent = bodies.parameters(request, bytes_max)
    return request.sent


def form(request: ApiRequest, shape: type[F]) -> F:
    """The call's parameters, checked. Raises FieldsWrong with all that is wrong at once."""
    return read(shape, parameters(request, shape.bytes_max or bodies.BODY_BYTES_MAX))


# --- Changing ------------------------------------------------------------------------------


def unit_of(request: ApiRequest, *, keyed: bool = True) -> Unit:
    """The unit of work of a request, with its Idempotency-Key unless the call ignores it."""
    caller = request.auth
    return Unit(
        actor_id=caller.member_id or None,
        client_id=caller.client_id or None,
        address=address_of(request),
        request_id=request.request_id,
        key=_idempotency_key(request) if keyed else None,
    )


def _idempotency_key(request: ApiRequest) -> IdempotencyKey | None:
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    if not (8 <= len(key) <= 255 and all("!" <= letter <= "~" for letter in key)):
        sentence = "An Idempotency-Key has 8 to 255 visible ASCII characters."
        raise FieldsWrong(sentence, fields={"Idempotency-Key": sentence})
    asked = [request.method, request.path_info, sorted(parameters(request).items())]
    return IdempotencyKey(
        key=key,
        scope=f"{request.auth.client_id}:{request.auth.member_id}",
        body=json.dumps(asked, default=_fingerprint),
    )


def _fingerprint(value: Any) -> str:
    return sha256(value).hexdigest() if isinstance(value, bytes) else repr(value)


def perform(
    request: ApiRequest,
    flow: Callable[[Unit], object],
    answer: Callable[[Any], Answer] | None = None,
    unit: Unit | None = None,
) -> HttpResponse:
    """Run a flow as this request's unit of work and answer: 204, or what `answer` makes of its
    result. A request that succeeded before is answered again and not run."""
    unit = unit or unit_of(request)
    unit.answer = answer or (lambda _: Answer(204))
    unit.replay()
    try:
        flow(unit)
    except Refusal:
        # A look before the work may have seen what the same request, sent twice, has just done.
        unit.replay()
        raise
    return given(unit.answered)


def change(
    request: ApiRequest,
    action: Callable[[Unit], T],
    answer: Callable[[T], Answer] | None = None,
) -> HttpResponse:
    """`perform` for an action of one domain that needs nothing before its transaction."""
    return perform(request, lambda unit: unit.commit(lambda: action(unit)), answer)


def represented(
    request: ApiRequest, show: Callable[[], Any], *, created: bool = False
) -> Callable[[Any], Answer]:
    """204; or, for `Prefer: return=representation`, 200 (201 where something was made) with
    what `show` gives."""
    return lambda _: representation(request, show, created=created)


def representation(
    request: ApiRequest, show: Callable[[], Any], *, created: bool = False, location: str = ""
) -> Answer:
    if "return=representation" not in request.META.get("HTTP_PREFER", "").replace(" ", ""):
        return Answer(204, location=location or None)
    return Answer(201 if created else 200, render(show()), location or None)


def with_data(status: int, data: Any) -> Answer:
    """An answer that always carries data."""
    return Answer(status, render(data))
