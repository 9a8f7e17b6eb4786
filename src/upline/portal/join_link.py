"""`/link/continue-joining/SECRET/`: going on with what was typed, on any device. Opening the page
changes nothing: mail scanners open links too."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from upline.language import gettext
from upline.members.person import drafts
from upline.members.person.drafts import DAYS, Draft
from upline.members.person.rules import USERNAME
from upline.members.queries import find_person
from upline.portal.join_details import CUSTOMER
from upline.portal.join_door import keep_secret
from upline.site.rendering import page


@require_http_methods(["GET", "HEAD", "POST"])
def continue_joining(request: HttpRequest, secret: str) -> HttpResponse:
    """A button that lets this browser go on; or that there is nothing to go on with."""
    draft = drafts.find(secret)
    if draft is None:
        return _expired(request)
    if draft.member_id:
        said = gettext("You have already joined. Sign in with your e-mail address and password.")
        return _page(request, said=said, then=(gettext("Sign in"), reverse("sign-in")))
    if request.method == "POST":
        return _go_on(draft)
    told = gettext(
        "What you have typed is still here, {name}. Only your password was not kept: choose it "
        "again on the next pages.",
        name=draft.typed.get("firstname", ""),
    )
    return _page(request, told=told, button=gettext("Continue"))


def _go_on(draft: Draft) -> HttpResponse:
    sponsor = draft.typed.get("sponsor", "")
    step = "join-buy" if draft.typed.get("as") == CUSTOMER else "join-pay"
    response = redirect(reverse(step, args=[sponsor]))
    if person := find_person(sponsor):
        keep_secret(response, person.id, draft.secret)
    return response


def _expired(request: HttpRequest) -> HttpResponse:
    sponsor = request.GET.get("to", "")
    is_name = re.fullmatch(USERNAME, sponsor, re.ASCII)
    said = gettext(
        "This link works no longer: what you typed is kept for {days} days, and a newer link "
        "replaces an older one. You can start again.",
        days=DAYS,
    )
    then = (gettext("Start again"), reverse("join", args=[sponsor])) if is_name else None
    return _page(request, said=said, then=then, outcome="warn", status=404)


def _page(request: HttpRequest, status: int = 200, **facts: object) -> HttpResponse:
    """Neither caches nor other sites get to know the address, which holds the secret."""
    title = gettext("Continue joining")
    response = page(
        request, "site/link.html", status, **{"title": title, "outcome": "good"} | facts
    )
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "strict-origin"
    return response
