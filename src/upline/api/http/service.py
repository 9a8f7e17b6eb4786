"""The API itself: one service, and what becomes of every exception."""

import logging

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from upline.api.http.credentials import MEMBER
from upline.api.http.envelope import failure, given
from upline.api.http.frame import InternalError
from upline.base.errors import Refusal, Unavailable
from upline.base.outages import is_outage
from upline.base.unit import Replayed
from upline.company.queries import NotFounded

log = logging.getLogger("upline.api")

_unused = HttpResponse()


class Service(NinjaAPI):
    """Every call makes a response of its own, so ninja need not begin one for it."""

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        return _unused


api = Service(
    title="Upline",
    version="1",
    description="The REST API of a network-marketing back office.",
    openapi_url=None,
    docs_url=None,
    auth=MEMBER,
    urls_namespace="api",
)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return failure(refusal)


@api.exception_handler(Replayed)
def replayed(request: HttpRequest, replay: Replayed) -> HttpResponse:
    response = given(replay.answer)
    response["Idempotency-Hit"] = "true"
    return response


@api.exception_handler(NotFounded)
def not_founded(request: HttpRequest, error: NotFounded) -> HttpResponse:
    return failure(Unavailable("No company has been set up yet."))


@api.exception_handler(Error)
def database_failed(request: HttpRequest, error: Error) -> HttpResponse:
    if not is_outage(error):
        return crashed(request, error)
    log.error("The database is away, for %s: %s", request.path, error)
    connection.close()
    return _logged(failure(Unavailable(retry_after=1)))


@api.exception_handler(Exception)
def crashed(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("%s failed", request.path, exc_info=error)
    return _logged(failure(InternalError()))


def _logged(response: HttpResponse) -> HttpResponse:
    """Tell Django that one line in the log is enough."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
