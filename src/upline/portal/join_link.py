"""`/link/continue-joining/SECRET/`: going on with what was typed, on any device. Opening the page
changes nothing: mail scanners open links too. The button hands the draft over to this browser:
the link works no longer, and the browser in which it began has it no longer."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from upline.base.actors import Visitor
from upline.flows import joining_by_link
from upline.language import gettext
from upline.members.person import drafts
from upline.members.person.drafts import DAYS, Draft
from upline.members.person.rules import USERNAME
from upline.members.queries import find_person
from upline.portal.join_details import CUSTOMER
from upline.portal.join_door import keep_secret
from upline.site.asking import unit_of
from upline.site.rendering import page


@require_http_methods(["GET", "HEAD", "POST"])
def continue_joining(request: HttpRequest, secret: str) -> HttpResponse:
    """A button that lets this browser go on; or that there is nothing to go on with."""
    if request.method == "POST":
        handed = joining_by_link.hand_over(unit_of(request, Visitor()), secret)
        if handed:
            return _go_on(handed)
    draft = drafts.find_by_link(secret)
    if draft is None or draft.member_id:
        return _no_more(request, draft or drafts.find_by_used_link(secret))
    # Without a name: whoever typed it need not be the person whose mailbox this is.
    told = gettext(
        "What you have typed is still here. Only your password was not kept: choose it again on "
        "the next pages. From then on, it is on this device alone."
    )
    return _page(request, told=told, button=gettext("Continue"))


def _no_more(request: HttpRequest, draft: Draft | None) -> HttpResponse:
    """Why a link hands nothing over any more."""
    if draft is None:
        return _expired(request)
    if draft.member_id:
        said = gettext("You have already joined. Sign in with your e-mail address and password.")
        return _page(request, said=said, then=(gettext("Sign in"), reverse("sign-in")))
    said = gettext(
        "This link was used already, and works once. Continue in the browser in which you used it; "
        "there you can have a new link mailed to you."
    )
    return _page(request, said=said, outcome="warn", status=404)


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
