"""The company's pages as an app on a phone or a desk: its manifest, its icons, and the worker that
shows a page where there is no network."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from upline.design import bundles, marks
from upline.language import gettext
from upline.site.rendering import accent_colour, company_colours, company_name, mark_of, page

_FOR_GOOD = "public, max-age=31536000, immutable"
_PAGE_COLOUR = "#f6f5f2"
_SHORT_MOST = 12


def manifest(request: HttpRequest) -> JsonResponse:
    """`/manifest.webmanifest`."""
    name = _company()
    facts: dict[str, Any] = {
        "id": "/",
        "name": name,
        "short_name": name if len(name) <= _SHORT_MOST else name.split()[0][:_SHORT_MOST],
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": _PAGE_COLOUR,
        "theme_color": _PAGE_COLOUR,
        "icons": [_icon("icon-192.png"), _icon("icon-512.png"), _icon("maskable-512.png")],
    }
    response = JsonResponse(facts, content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    return response


def _icon(name: str) -> dict[str, str]:
    side, _ = marks.SIZES[name]
    purpose = "maskable" if name.startswith("maskable") else "any"
    return {"src": mark_of(name), "sizes": f"{side}x{side}", "type": "image/png",
            "purpose": purpose}  # fmt: skip


def icon(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """`/icons/<digest>/icon-192.png`; an address from before the company changed its name or colour
    gets today's icon, and is told not to keep it."""
    try:
        found = marks.mark(_company(), accent_colour(), name)
    except KeyError:
        raise Http404 from None
    response = HttpResponse(found.text, content_type=found.content_type)
    response["Cache-Control"] = _FOR_GOOD if digest == found.digest else "no-store"
    return response


def worker(request: HttpRequest) -> HttpResponse:
    """`/worker.js`: the worker, which begins with what it keeps. It is another one once any of that
    has changed."""
    brand = company_colours()
    kept = [reverse("offline"), bundles.address("upline.css"), bundles.address("icons.svg")]
    kept += [bundles.address_of("brand.css", brand)] if brand else []
    source = bundles.worker()
    name = f"offline-{bundles.digest_of([source, *kept])}"
    facts = f"const NAME = {json.dumps(name)};\nconst KEPT = {json.dumps(kept)};\n"
    response = HttpResponse(facts + source, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def offline(request: HttpRequest) -> HttpResponse:
    """`/offline/`: what the worker shows where there is no network. It tells of nobody."""
    response = page(request, "site/offline.html", title=gettext("You are offline"))
    patch_vary_headers(response, ("Accept-Language",))
    return response


def _company() -> str:
    name = company_name()
    if not name:
        raise Http404
    return name
