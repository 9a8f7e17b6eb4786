"""Around every API request: trailing slashes, request ids, HEAD and OPTIONS, and the envelope
for whatever no handler answered (404, 405, an unknown host, a crash before the handlers)."""

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from corsheaders.middleware import CorsMiddleware
from django.core.exceptions import DisallowedHost
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from upline.api.http.bodies import UPLOAD_BYTES_MAX
from upline.api.http.envelope import failure
from upline.base import logs
from upline.base.errors import Malformed, NotFound, Refusal
from upline.base.origins import is_allowed
from upline.base.whole_bodies import BodyCut
from upline.company import current as company
from upline.company.queries import NotFounded
from upline.language import choosing, lazy
from upline.language import current as language
from upline.markets import current as markets

PREFIX = "/api/"
_PIECE_BYTES = 64 * 1024
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class MethodNotAllowed(Refusal):
    code, status = "1103", 405
    meaning = "Method not allowed; `Allow` lists the methods that are"
    sentence = lazy("This address does not support this method.")


class HostUnknown(Malformed):
    sentence = lazy(
        "This host name is not served here. The server's setting "
        "UPLINE_ALLOWED_HOSTS lists those that are."
    )


class InternalError(Refusal):
    """What went wrong is in the log, under the request id."""


class ApiFrame:
    """The outermost middleware; pages outside /api/ only get their id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = _request_id(request)  # type: ignore[attr-defined]
        logs.request_id.set(request.request_id)  # type: ignore[attr-defined]
        if not f"{request.path_info}/".startswith(PREFIX):
            page = self.get_response(request)
            page["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
            return page
        wish = request.META.get("HTTP_ACCEPT_LANGUAGE")
        tag = choosing.accepted(wish) if wish else None
        if tag is None:
            return self._answer(request)
        with language.bound(tag):
            response = self._answer(request)
        if tag != "en":
            response["Content-Language"] = tag
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.method
        if not request.path_info.endswith("/"):
            request.path_info += "/"
        if asked == "HEAD":
            request.method = "GET"
        try:
            if _names_nothing(request.path_info):
                response: HttpResponseBase = failure(NotFound())
            else:
                response = _enveloped(request, self.get_response(request), asked)
        finally:
            markets.bind(None)
            company.unbind()
            _read_rest(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        response.setdefault("Cache-Control", "no-store")
        if response.status_code == 204:
            del response["Content-Length"]
        elif isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))
            if asked == "HEAD":
                response.content = b""
        return response


def _request_id(request: HttpRequest) -> str:
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _read_rest(request: HttpRequest) -> None:
    """Read a body that nobody wanted. Else the server would cut the connection under a client
    that is still sending, which then never sees its answer."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    remaining = int(length) if length.isdigit() and not hasattr(request, "sent") else 0
    stream = request.environ["wsgi.input"]  # type: ignore[attr-defined]
    with suppress(BodyCut):
        while 0 < remaining <= UPLOAD_BYTES_MAX and (
            piece := stream.read(min(remaining, _PIECE_BYTES))
        ):
            remaining -= len(piece)


def _names_nothing(path: str) -> bool:
    """What no address can hold: PostgreSQL takes no NUL."""
    return "\0" in path


def _enveloped(
    request: HttpRequest, response: HttpResponseBase, method: str | None
) -> HttpResponseBase:
    """The same response where a handler made it, else its status in our envelope, with what
    the middleware (CORS) has put beside it."""
    is_ours = response.headers.get("Content-Type", "").startswith("application/json")
    if response.status_code < 400 or (is_ours and response.status_code != 405):
        return response
    answer = _answer_for(request, response, method)
    for name, value in response.headers.items():
        if name not in {"Content-Type", "Content-Length"}:
            answer.headers.setdefault(name, value)
    return answer


def _answer_for(
    request: HttpRequest, response: HttpResponseBase, method: str | None
) -> HttpResponse:
    if response.status_code == 405:
        return _not_allowed(response.headers.get("Allow", ""), method)
    if response.status_code == 404:
        return failure(NotFound())
    if response.status_code < 500:
        return failure(Malformed() if _is_served(request) else HostUnknown())
    return failure(InternalError())


def _is_served(request: HttpRequest) -> bool:
    """Whether the host name that was called is one of ours."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _not_allowed(allow: str, method: str | None) -> HttpResponse:
    methods = {name.strip() for name in allow.split(",") if name.strip()} | {"OPTIONS"}
    if "GET" in methods:
        methods.add("HEAD")
    answer = HttpResponse(status=204) if method == "OPTIONS" else failure(MethodNotAllowed())
    answer["Allow"] = ", ".join(sorted(methods))
    return answer


class Cors(CorsMiddleware):
    """django-cors-headers, on a short way where no web page of another site asks."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_foreign = request.method == "OPTIONS" or "HTTP_ORIGIN" in request.META
        response = super().__call__(request) if is_foreign else self.get_response(request)
        assert isinstance(response, HttpResponseBase), "nothing here is asynchronous"
        patch_vary_headers(response, ("origin",))
        return response


def origin_allowed(sender: object, request: HttpRequest, **_: Any) -> bool:
    """Whether the office lets web pages of this origin call the API (django-cors-headers asks)."""
    origin = request.headers.get("Origin", "")
    try:
        allowed = company.current().office.allowed_origins
    except (NotFounded, Error):
        return False
    return is_allowed(origin, allowed)
