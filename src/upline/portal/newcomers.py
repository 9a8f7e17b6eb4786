"""`/home/newcomers/`: who is new in a member's team, asked again and again while Home is open. What
has not changed is answered in a few bytes."""

import hashlib

from django.http import HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase

from upline.portal import home_cards
from upline.portal.visiting import Visit, in_network
from upline.screens.home import newcomers_of


@in_network
def show(visit: Visit) -> HttpResponseBase:
    """The part of Home that shows them."""
    found = newcomers_of(visit.caller.member_id)
    shown = "".join(f"{each.member_id} {each.picture} {each.firstname};" for each in found)
    mark = f'"{hashlib.sha256(shown.encode()).hexdigest()[:16]}"'
    if visit.request.headers.get("If-None-Match") == mark:
        response: HttpResponse = HttpResponseNotModified()
    else:
        newcomers = [home_cards.newcomer(each) for each in found]
        response = visit.page("portal/newcomers.html", newcomers=newcomers)
    response["ETag"] = mark
    response["Cache-Control"] = "no-store"
    return response
