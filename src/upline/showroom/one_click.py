"""Becoming one of the demo's people with one click.

It enters the demo's own password for the visitor: whoever has changed it, or set up a second
factor, is asked for it as everywhere."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from upline.base.actors import Visitor
from upline.base.errors import Refusal
from upline.demo import credentials, showing
from upline.demo.opening import APPROVER, COLLEAGUES, STAFF
from upline.flows import office_door, signing_in
from upline.office import signing_in as office
from upline.portal import door
from upline.showroom import front
from upline.showroom.demo_only import require_demo
from upline.site.asking import unit_of


def sign_in(request: HttpRequest, who: str) -> HttpResponse:
    """`POST /demo/as/anna/`: a member goes to Home, a staff user to the office. 404 for anybody
    else, and where the company is not the demo's."""
    require_demo(request)
    try:
        if who in showing.USERNAMES:
            return _member(request, who)
        return _staff(request, who)
    except Refusal as refusal:
        return front.show(request, refusal.sentence, refusal.status)


def _member(request: HttpRequest, who: str) -> HttpResponse:
    password = credentials.of_this_installation().password
    unit = unit_of(request, Visitor())
    device = request.COOKIES.get(door.DEVICE_COOKIE, "")
    let_in = signing_in.sign_in(unit, None, who, password, device)
    return door.let_in(reverse("home"), let_in)


def _staff(request: HttpRequest, who: str) -> HttpResponse:
    secret = credentials.of_this_installation()
    known = {STAFF: secret.staff_password, APPROVER: secret.approver_password}
    known |= dict.fromkeys(COLLEAGUES, secret.colleague_password)
    if who not in known:
        raise Http404
    device = request.COOKIES.get(office.DEVICE_COOKIE, "")
    unit = unit_of(request, Visitor())
    user = office_door.check_password(unit, who, known[who], device_token=device)
    return office.after_password(request, user, reverse("admin:index"))
