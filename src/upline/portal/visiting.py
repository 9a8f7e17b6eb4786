"""Who looks at a page of the portal, and what a page sees of the company."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, update_wrapper
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from upline.base.actors import ActingMember
from upline.base.speaking import spoken
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.design import amounts
from upline.design.faces import face
from upline.markets import current as markets
from upline.members.actions import keep_token
from upline.members.models import MemberKind
from upline.members.queries import Caller, find_caller, language_of
from upline.portal import kept, menu
from upline.screens import home
from upline.screens.home import Myself
from upline.site.asking import unit_of
from upline.site.rendering import page

# With __Host- a browser takes the cookie from this host alone, and only over HTTPS.
COOKIE = "__Host-portal" if settings.HTTPS else "portal"


@dataclass(frozen=True)
class Visit:
    """A request of a member or customer who is signed in."""

    request: HttpRequest
    caller: Caller

    @cached_property
    def me(self) -> Myself:
        """Who looks, as their own pages name them."""
        return home.myself(self.caller.member_id)

    def unit(self) -> UnitOfWork:
        """The unit of work of a change that they make."""
        return unit_of(self.request, ActingMember(self.caller.member_id))

    def page(self, template: str, **facts: Any) -> HttpResponse:
        """A page of the portal. Nothing of it is kept by browsers or by what stands between."""
        is_member = self.caller.kind == MemberKind.MEMBER
        frame: dict[str, Any] = {
            "me": face(self.caller.member_id, self.me.firstname, self.me.lastname, self.me.picture),
            "scheme": self.me.appearance,
            "is_member": is_member,
            "tabs": menu.tabs(self.request.path, is_member=is_member),
            "hides_amounts": self.request.COOKIES.get(amounts.COOKIE) == amounts.HIDDEN,
        }
        response = page(self.request, template, **frame | facts)
        response["Cache-Control"] = "no-store"
        return response

    def typed_before(self) -> dict[str, str]:
        """What they typed into this page's form before they had to sign in again."""
        return kept.typed_before(self.request, self.caller.member_id)


View = Callable[..., HttpResponseBase]


def for_members(view: Callable[..., HttpResponseBase]) -> View:
    """A page for who is signed in; others are led to the door, and back afterwards. Inside, one
    version of the settings holds, clocks show the company's time, and all is said in the member's
    language."""

    def inner(request: HttpRequest, **named: Any) -> HttpResponseBase:
        token = request.COOKIES.get(COOKIE, "")
        version, caller = find_caller("", token) if token else (0, None)
        if caller is None or not caller.member_id:
            return _to_the_door(request)
        facts = company.at_version(version)
        with company.bound(facts), timezone.override(facts.time_zone):
            markets.bind(caller.market_id)
            if caller.token_used_at:
                keep_token(token, caller.token_used_at)
            with spoken(language_of(caller.member_id)):
                response = view(Visit(request, caller), **named)
        if request.method == "GET":
            kept.forget(request, response)
        return response

    return update_wrapper(inner, view)


def _to_the_door(request: HttpRequest) -> HttpResponse:
    """To sign in, and then back, where a form that was sent is filled in again."""
    back = urlencode({"next": request.get_full_path()})
    response = redirect(f"{reverse('sign-in')}?{back}")
    if request.method == "POST":
        kept.keep(request, response)
    return response


def in_network(view: Callable[..., HttpResponseBase]) -> View:
    """The same for pages that customers do not have: there they find nothing."""

    def inner(visit: Visit, **named: Any) -> HttpResponseBase:
        if visit.caller.kind != MemberKind.MEMBER:
            raise Http404
        return view(visit, **named)

    return for_members(update_wrapper(inner, view))
