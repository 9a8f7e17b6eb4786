"""PostgreSQL keeps no NUL character, and no browser sends one: an address with it names nothing.
Forms refuse it at the field; whatever else reads what was sent would fail at the database."""

from collections.abc import Callable, Iterator

from django.db import DataError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

NUL = "\0"


class NothingHasNul:
    """Middleware for all pages: 404 for an address with a NUL, and where a page failed at one in
    the query, in the form or in a cookie. The API answers for itself (api/http/frame.py)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if NUL in request.path_info:
            raise Http404
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Django calls it for what a view raised; None leaves that to others."""
        failed_at_text = isinstance(error, DataError | ValueError)
        if failed_at_text and any(NUL in text for text in _sent(request)):
            raise Http404 from error


def _sent(request: HttpRequest) -> Iterator[str]:
    """Every text of a request but its address."""
    for fields in (request.GET, request.POST):
        for name, values in fields.lists():
            yield name
            yield from (each for each in values if isinstance(each, str))
    yield from request.COOKIES.values()
