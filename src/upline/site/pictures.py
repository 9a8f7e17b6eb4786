"""Pictures for browsers: who knows the name may see it; names cannot be guessed."""

from django.http import Http404, HttpRequest, HttpResponse

from upline.pictures import queries

_YEAR_SECONDS = 365 * 24 * 3600


def picture(request: HttpRequest, name: str) -> HttpResponse:
    found = queries.find(name)
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type=found.content_type)
    response["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
