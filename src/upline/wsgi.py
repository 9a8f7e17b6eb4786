"""What the web server calls: the API on a short way, all pages on the whole one.

The API knows no sessions, cookies, forms or static files. Their middleware would cost it a fifth
of its time, so it gets a handler with `API_MIDDLEWARE` alone."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upline.settings")

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application


class ApiHandler(WSGIHandler):
    """Django's handler with the API's middleware instead of the pages'."""

    def load_middleware(self, is_async: bool = False) -> None:
        pages, settings.MIDDLEWARE = settings.MIDDLEWARE, settings.API_MIDDLEWARE
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = pages


_pages = get_wsgi_application()
_api = ApiHandler()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """WSGI. `/api/docs` is a page."""
    path = environ["PATH_INFO"]
    is_api = path.startswith("/api/") and not path.startswith("/api/docs")
    return (_api if is_api else _pages)(environ, start_response)
