"""`/r/USERNAME`: the link that a member gives away."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from upline.company import current as company
from upline.company.queries import NotFounded
from upline.members.queries import find_person


def sponsor_link(request: HttpRequest, username: str) -> HttpResponse:
    """To the address that the office has set, with the member's username in it; else to the
    member's page for joining, which says where nobody of this name can sponsor."""
    try:
        address = company.office().customer_link
    except NotFounded:
        address = ""
    sponsor = find_person(username) if address else None
    if sponsor is None or not sponsor.may_sponsor:
        return HttpResponseRedirect(reverse("join", args=[username]))
    return HttpResponseRedirect(address.replace("{username}", quote(sponsor.username)))
