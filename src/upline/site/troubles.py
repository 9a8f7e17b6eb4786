"""The page for what went wrong: ours to mend, or a database that is away and comes back."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from upline.base.outages import is_outage


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while the exception is handled. The id finds the line in the log."""
    away = is_outage(sys.exc_info()[1])
    status, template = (503, "503.html") if away else (500, "500.html")
    request_id = getattr(request, "request_id", "")
    response = render(None, template, {"request_id": request_id}, status=status)
    if away:
        response["Retry-After"] = "1"
    response["Cache-Control"] = "no-store"
    return response
