"""How a request reaches the API: what Django's handler does, without what only pages need.

The API knows no sessions, cookies, forms or static files, and nothing of it waits for Django's
signals that a request began or ended. That would cost a call as much as its own work."""

from functools import cache
from io import BytesIO
from typing import Any

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.urls import ResolverMatch, get_resolver
from django.utils.log import log_response

from upline.api.http.frame import ApiFrame, Cors
from upline.base import connections


class ApiHandler:
    """A WSGI application for the addresses below /api/."""

    def __init__(self) -> None:
        self._fixed: dict[str, ResolverMatch] = {}
        answer: Any = convert_exception_to_response(self._call)
        for layer in (Cors, ApiFrame):
            answer = convert_exception_to_response(layer(answer))
        self._answer = answer

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        connections.drop_dead()
        request = WSGIRequest(environ)
        response = self._answer(request)
        if response.status_code >= 500:
            what = response.reason_phrase
            log_response("%s: %s", what, request.path, response=response, request=request)
        status = f"{response.status_code} {response.reason_phrase}"
        start_response(status, [*_security_headers(request.scheme), *response.items()])
        close_old_connections()
        return list(response)

    def _call(self, request: HttpRequest) -> HttpResponseBase:
        """Answer by the call that the address names. Raises DisallowedHost, Http404."""
        request.get_host()
        found = self._fixed.get(request.path_info) or self._found(request.path_info)
        response: HttpResponseBase = found.func(request, **found.kwargs)
        return response

    def _found(self, path: str) -> ResolverMatch:
        """The call at this address. An address without a parameter is looked up once."""
        found = get_resolver().resolve(path)
        if not found.kwargs:
            self._fixed[path] = found
        return found


@cache
def _security_headers(scheme: str) -> list[tuple[str, str]]:
    """What Django's SecurityMiddleware puts on every answer: of a request, only the scheme
    matters to it."""
    environ = {"REQUEST_METHOD": "GET", "wsgi.url_scheme": scheme, "wsgi.input": BytesIO()}
    bare = HttpResponse(status=204)
    del bare["Content-Type"]
    security = SecurityMiddleware(lambda _: bare)
    return list(security.process_response(WSGIRequest(environ), bare).items())
