"""The public pages speak the visitor's language; those of the office that of whoever is signed in
(office/site.py)."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from upline.base.speaking import spoken
from upline.language.choosing import accepted


class VisitorsLanguage:
    """Middleware: the first installed language that a browser asks for, else English. The page
    about the API is in English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/api/"):
            return self.get_response(request)
        wish = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
        with spoken((accepted(wish) if wish else None) or "en"):
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ("Accept-Language",))
        return response
