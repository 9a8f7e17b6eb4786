"""`/r/USERNAME`: the link that a member gives away leads to the company's shop."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from upline.company import current as company
from upline.company.queries import NotFounded
from upline.members.queries import find_person


def sponsor_link(request: HttpRequest, username: str) -> HttpResponse:
    """To the address that the office has set, with the member's username in it; 404 where it has
    set none, or nobody of this name can sponsor."""
    try:
        address = company.office().customer_link
    except NotFounded:
        raise Http404 from None
    sponsor = find_person(username) if address else None
    if sponsor is None or not sponsor.may_sponsor:
        raise Http404
    return HttpResponseRedirect(address.replace("{username}", quote(sponsor.username)))
