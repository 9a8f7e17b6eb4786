"""From a request to the handler of its call, and what becomes of every exception."""

import logging
from collections.abc import Callable, Iterable

from django.db import Error, connections
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from upline.api.http.envelope import failure, response_of
from upline.api.http.frame import InternalError
from upline.api.http.registry import Call
from upline.base import databases
from upline.base.errors import Refusal, Unavailable
from upline.base.outages import is_outage
from upline.base.unit import Replayed
from upline.company.queries import NotFounded
from upline.language import gettext

log = logging.getLogger("upline.api")


def urls(calls: Iterable[Call]) -> list[URLPattern]:
    """An address for each path, in the order of its first call."""
    by_path: dict[str, list[Call]] = {}
    for each in calls:
        by_path.setdefault(each.path, []).append(each)
    return [
        path(address.replace("{", "<").replace("}", ">"), _view(at_it))
        for address, at_it in by_path.items()
    ]


def _view(calls: Iterable[Call]) -> Callable[..., HttpResponseBase]:
    """What Django calls for an address: the call of the request's method, if it has one."""
    by_method = {each.method: each for each in calls}

    @csrf_exempt
    def view(request: HttpRequest, **parameters: str) -> HttpResponseBase:
        call = by_method.get(request.method or "")
        if call is None:
            return HttpResponseNotAllowed(by_method)
        try:
            request.auth = call.auth(request, call.scope)  # type: ignore[attr-defined]
            return call.handler(request, **parameters)
        except Exception as error:
            return answer_to(error, request)

    return view


def answer_to(error: Exception, request: HttpRequest) -> HttpResponse:
    """What the caller is told of an exception that ended a call."""
    if isinstance(error, Refusal):
        return failure(error)
    if isinstance(error, Replayed):
        response = response_of(error.answer)
        response["Idempotency-Hit"] = "true"
        return response
    if isinstance(error, NotFounded):
        return failure(Unavailable(gettext("No company has been set up yet.")))
    if isinstance(error, Error) and is_outage(error):
        log.error("The database is away, for %s: %s", request.path, error)
        connections[databases.current()].close()
        return _logged(failure(Unavailable(retry_after=1)))
    log.exception("%s failed", request.path, exc_info=error)
    return _logged(failure(InternalError()))


def _logged(response: HttpResponse) -> HttpResponse:
    """Tell Django that one line in the log is enough."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
