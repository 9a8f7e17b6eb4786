"""The API itself: one service, and what becomes of every exception."""

import logging

from django.db import DatabaseError, connection
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from upline.api.credentials import MEMBER
from upline.api.envelope import failure, given
from upline.api.frame import InternalError
from upline.base.errors import Refusal, Unavailable
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
    return failure(Unavailable("There is no company here yet."))


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def database_gone(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    log.error("database: %s", error)
    connection.close()
    return failure(Unavailable(retry_after=1))


@api.exception_handler(Exception)
def crashed(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("request %s", getattr(request, "request_id", ""), exc_info=error)
    return failure(InternalError())
