"""The door to joining: whose link it is, and what the browser has kept of an earlier visit.

The page of a link that leads nowhere is the same whatever the cause."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from upline.base.actors import Visitor
from upline.base.errors import TooManyRequests
from upline.base.network import address_of
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.company.queries import NotFounded, load_company
from upline.design.faces import Face, face
from upline.flows import joining, joining_by_link, limits
from upline.flows.joining_by_link import LinkDead
from upline.language import gettext, ngettext
from upline.language.current import catalog
from upline.markets import current as markets
from upline.markets.queries import MarketFacts
from upline.members.person import drafts
from upline.members.person.drafts import DAYS, Draft
from upline.members.queries import Caller, Person, find_caller
from upline.portal.visiting import COOKIE
from upline.screens import home
from upline.site.asking import unit_of
from upline.site.rendering import page

_PREFIX = "__Host-" if settings.HTTPS else ""
_DRAFT, _KEY = f"{_PREFIX}join", f"{_PREFIX}join-key"
_DAY_SECONDS = 24 * 3600
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class JoinVisit:
    """A visit to the pages of a member's link. `draft` is what was typed before, None for nothing;
    `secret` what opens it, or will."""

    request: HttpRequest
    sponsor: Person
    name: str
    face: Face
    secret: str
    draft: Draft | None

    def unit(self) -> UnitOfWork:
        """The unit of work of a change that the visitor makes."""
        return unit_of(self.request, Visitor())

    @property
    def typed(self) -> dict[str, str]:
        """What was typed before, by the names of fields."""
        return dict(self.draft.typed) if self.draft else {}

    @property
    def has_joined(self) -> bool:
        """Whether somebody has joined with this draft."""
        return bool(self.draft and self.draft.member_id)

    @property
    def market(self) -> MarketFacts:
        """Where they will buy, as far as they have said."""
        country = self.typed.get("country", "")
        known = int(country) if country.isascii() and country.isdigit() else None
        return joining.market_for(known, self.sponsor)

    @property
    def hashed(self) -> str:
        """The hash of the password that they have chosen in this browser for the username and the
        e-mail address of the draft, '' for none."""
        return self.hashed_with({})

    def hashed_with(self, typed: Mapping[str, str]) -> str:
        """The same, once this is typed too."""
        kept = self.request.COOKIES.get(f"{_KEY}-{self.sponsor.id}", "")
        if self.draft is None or not kept:
            return ""
        would = replace(self.draft, typed={**self.draft.typed, **typed})
        return joining_by_link.open_key(would, kept)

    def address(self, step: str = "") -> str:
        """Where a step of this link is: "", "pack", "you", "pay" or "buy"."""
        return (
            f"/join/{self.sponsor.username}/{step}/" if step else f"/join/{self.sponsor.username}/"
        )

    def go(self, step: str, **said: str) -> HttpResponse:
        """Lead to a step, so that going back never sends a form again."""
        asked = "&".join(f"{name}={value}" for name, value in said.items())
        return redirect(f"{self.address(step)}{'?' if asked else ''}{asked}")

    def page(self, template: str, status: int = 200, **facts: Any) -> HttpResponse:
        """A page of the link."""
        about = {
            "sponsor": self.name,
            "face": self.face,
            "address": self.address(),
            "draft": self.draft,
            "can_mail": bool(settings.SMTP and self.typed.get("email")),
            "office": company.office(),
        }
        response = page(self.request, template, status, **about | facts)
        response["Cache-Control"] = "no-store"
        return response

    def keep(self, typed: dict[str, str]) -> Draft:
        """Keep what was typed, for whose link and in which language. Raises AlreadyJoined."""
        about = {"sponsor": self.sponsor.username, "language": catalog().tag}
        return joining_by_link.keep(self.unit(), self.secret, typed | about)

    def remember(self, response: HttpResponse, hashed: str = "") -> HttpResponse:
        """Let the browser keep the draft's secret, and for a day the hash of the password."""
        keep_secret(response, self.sponsor.id, self.secret)
        if hashed and self.draft:
            sealed = joining_by_link.sealed_key(self.draft, hashed)
            _set(response, f"{_KEY}-{self.sponsor.id}", sealed, _DAY_SECONDS)
        return response

    def forget(self, response: HttpResponse, *, draft: bool = True) -> HttpResponse:
        """Let the browser forget the hash of the password, and the draft's secret too."""
        response.delete_cookie(f"{_KEY}-{self.sponsor.id}")
        if draft:
            response.delete_cookie(f"{_DRAFT}-{self.sponsor.id}")
        return response


def _set(response: HttpResponse, name: str, value: str, seconds: int) -> None:
    # Lax: a link in a mail or chat leads here, and finds what was typed before.
    response.set_cookie(
        name, value, max_age=seconds, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )


def keep_secret(response: HttpResponse, sponsor_id: int, secret: str) -> None:
    """Let a browser keep the secret of a draft that was begun with this sponsor's link."""
    _set(response, f"{_DRAFT}-{sponsor_id}", secret, DAYS * _DAY_SECONDS)


def dead_link(request: HttpRequest) -> HttpResponse:
    """The page of every link that leads nowhere, with whom to ask."""
    try:
        contact = company.office().contact_email
    except NotFounded:
        contact = ""
    title = gettext("This link does not lead anywhere any more")
    return page(request, "portal/join_dead.html", 404, title=title, contact=contact)


def by_link(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page of a member's link, open to everybody: `view(visit, …)`. Inside, one version of the
    settings holds, and clocks show the company's time. Forms are counted by network."""

    def inner(request: HttpRequest, username: str, **named: Any) -> HttpResponseBase:
        try:
            facts = load_company()
        except NotFounded:
            return dead_link(request)
        with company.bound(facts), timezone.override(facts.time_zone):
            try:
                sponsor = joining_by_link.sponsor_of(username)
            except LinkDead:
                return dead_link(request)
            markets.bind(sponsor.market_id)
            try:
                return _visit(view, request, sponsor, named)
            finally:
                markets.bind(None)

    return update_wrapper(inner, view)


def _visit(
    view: Callable[..., HttpResponseBase],
    request: HttpRequest,
    sponsor: Person,
    named: dict[str, Any],
) -> HttpResponseBase:
    me = home.myself(sponsor.id)
    secret = request.COOKIES.get(f"{_DRAFT}-{sponsor.id}", "")
    if not _SECRET.fullmatch(secret):
        secret = drafts.new_secret()
    shown = face(sponsor.id, me.firstname, "", me.picture)
    visit = JoinVisit(request, sponsor, me.firstname, shown, secret, drafts.find(secret))
    if request.method == "POST":
        try:
            limits.count_join(address_of(request))
        except TooManyRequests as refusal:
            return too_many(visit, refusal)
    return view(visit, **named)


def too_many(visit: JoinVisit, refusal: TooManyRequests) -> HttpResponse:
    """What a network is told that has sent too many forms."""
    minutes = max(1, -(-(refusal.retry_after or 0) // 60))
    said = ngettext(
        "Too many forms have been sent from your network. Try again in {count} minute. What you "
        "saved before is kept.",
        "Too many forms have been sent from your network. Try again in {count} minutes. What you "
        "saved before is kept.",
        minutes,
    )
    title = gettext("Please wait a little")
    response = visit.page(
        "portal/join_told.html", 429, title=title, said=said, then=visit.address()
    )
    response["Retry-After"] = str(refusal.retry_after or 60)
    return response


def signed_in(request: HttpRequest) -> Caller | None:
    """Who is signed in to the portal in this browser, None for nobody."""
    token = request.COOKIES.get(COOKIE, "")
    _, caller = find_caller("", token) if token else (0, None)
    return caller if caller and caller.member_id else None
