"""`/design/…`: style sheets and icons, by addresses that change with what is in them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from upline.design import bundles
from upline.design.bundles import Bundle
from upline.site.rendering import company_colours

_FOR_GOOD = "public, max-age=31536000, immutable"


def bundle(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """The bundle of this name. A page of another version of Upline, or from before the company
    changed its colour, gets what there is now, and is told not to keep it."""
    found = _find(name)
    is_compressed = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    body = found.gzipped if is_compressed else found.text
    response = HttpResponse(body, content_type=found.content_type)
    if is_compressed:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = _FOR_GOOD if digest == found.digest else "no-store"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response


def _find(name: str) -> Bundle:
    if name == "brand.css" and (brand := company_colours()):
        return brand
    try:
        return bundles.bundle(name)
    except KeyError:
        raise Http404 from None
