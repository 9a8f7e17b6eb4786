"""Pictures for browsers: who knows the name may see it; names cannot be guessed."""

from django.http import Http404, HttpRequest, HttpResponse

from upline.base import sql

_YEAR_SECONDS = 365 * 24 * 3600


def picture(request: HttpRequest, name: str) -> HttpResponse:
    row = sql.one("SELECT content, content_type FROM pictures_picture WHERE name = %s", [name])
    if row is None:
        raise Http404
    response = HttpResponse(bytes(row.content), content_type=row.content_type)
    response["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
