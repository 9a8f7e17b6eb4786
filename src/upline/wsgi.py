"""What the web server calls: the API on a short way (`api/http/handler.py`), pages on Django's."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upline.settings")

from django.core.wsgi import get_wsgi_application

_pages = get_wsgi_application()

# Only now: what it imports needs Django set up.
from upline.api.http.handler import ApiHandler  # noqa: E402
from upline.base.whole_bodies import require_whole  # noqa: E402
from upline.site import health  # noqa: E402

_api = ApiHandler()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """WSGI. `/api/docs` is a page."""
    path = environ["PATH_INFO"]
    if path.startswith(health.PREFIX):
        return health.answer(environ, start_response)
    require_whole(environ)
    is_api = path.startswith("/api/") and not path.startswith("/api/docs")
    return (_api if is_api else _pages)(environ, start_response)
