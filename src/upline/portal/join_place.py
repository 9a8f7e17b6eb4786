"""The place in the tree that a sponsor has chosen for whoever joins with a link."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpResponse

from upline.flows import place_links
from upline.flows.place_links import PLACE_DAYS, OpenPlace, PlaceGone
from upline.language import gettext
from upline.portal.join_door import JoinVisit

_COOKIE = "__Host-join-place" if settings.HTTPS else "join-place"
_NAME = "place"
_DAY_SECONDS = 24 * 3600


def chosen(visit: JoinVisit, sealed: str) -> HttpResponse:
    """Keep the place of a link that was opened, and lead to the page without it. A visitor who has
    typed nothing yet gets a cookie: pages that show what is behind links open them, too."""
    if place_links.unseal(visit.sponsor.username, sealed) is None:
        return visit.go("", place_over="1")
    if visit.draft and not visit.has_joined:
        visit.keep({_NAME: sealed})
    response = visit.go("")
    response.set_cookie(
        _cookie(visit),
        sealed,
        max_age=PLACE_DAYS * _DAY_SECONDS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def kept(visit: JoinVisit) -> dict[str, str]:
    """What a draft keeps of it when it begins."""
    sealed = visit.request.COOKIES.get(_cookie(visit), "")
    return {_NAME: sealed} if sealed and _NAME not in visit.typed else {}


def of(visit: JoinVisit) -> OpenPlace | None:
    """The place of a draft; None where its link named none. Raises PlaceGone where it is too
    old."""
    sealed = visit.typed.get(_NAME, "")
    place = place_links.unseal(visit.sponsor.username, sealed) if sealed else None
    if sealed and place is None:
        raise PlaceGone()
    return place


def gone(visit: JoinVisit) -> tuple[JoinVisit, str]:
    """The visit without its place, and what is said of that."""
    without = replace(visit, draft=visit.keep({_NAME: ""}))
    return without, gettext(
        "The place that {name} chose for you is no longer free. If you join now, you are placed "
        "like everybody who joins with this link. Nothing has been paid yet.",
        name=visit.name,
    )


def said(visit: JoinVisit) -> str:
    """What the pages say of the place; '' where there is none."""
    if "place_over" in visit.request.GET:
        return gettext(
            "This link to a place in the tree is too old. You can join all the same, or ask {name} "
            "for a new link.",
            name=visit.name,
        )
    sealed = visit.typed.get(_NAME, visit.request.COOKIES.get(_cookie(visit), ""))
    if not sealed or place_links.unseal(visit.sponsor.username, sealed) is None:
        return ""
    return gettext("{name} has chosen your place in the tree.", name=visit.name)


def _cookie(visit: JoinVisit) -> str:
    return f"{_COOKIE}-{visit.sponsor.id}"
