"""`/share/USERNAME/DIGEST.png`: the picture that chats show of a member's link."""

import hashlib
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from upline.base import databases
from upline.base.speaking import spoken
from upline.company import current as company
from upline.design import faces, link_pictures
from upline.design.link_pictures import LinkCard
from upline.flows import joining_by_link
from upline.flows.joining_by_link import LinkDead
from upline.language import gettext
from upline.language.current import catalog
from upline.members.queries import Person, language_of
from upline.pictures import queries as pictures
from upline.screens import home

_FOR_GOOD = "public, max-age=31536000, immutable"
_KEPT = 128


def address_of(sponsor: Person) -> str:
    """Where the picture of a member's link is. It changes with what is drawn."""
    return f"/share/{sponsor.username}/{_digest(*_drawn_of(sponsor))}.png"


def picture(request: HttpRequest, username: str, digest: str) -> HttpResponseBase:
    """The picture, for browsers and chats to keep; an earlier address leads to the present one."""
    try:
        sponsor = joining_by_link.sponsor_of(username)
    except LinkDead as error:
        raise Http404 from error
    card, face = _drawn_of(sponsor)
    if digest != _digest(card, face):
        return redirect(address_of(sponsor))
    response = HttpResponse(_draw(databases.current(), card, face), content_type="image/png")
    response["Cache-Control"] = _FOR_GOOD
    return response


def _drawn_of(sponsor: Person) -> tuple[LinkCard, str]:
    """What is drawn, and the name of the face's picture, '' for none."""
    me = home.myself(sponsor.id)
    face = faces.face(sponsor.id, me.firstname, me.lastname, me.picture)
    name = me.firstname if link_pictures.can_write(me.firstname) else sponsor.username
    with spoken(language_of(sponsor.id)):
        sentence = gettext("invites you")
        is_rtl = catalog().locale.text_direction == "rtl"
    facts = company.current()
    card = LinkCard(
        name, face.initials, sentence, facts.name, None, facts.office.accent_colour, is_rtl
    )
    return card, me.picture or ""


def _digest(card: LinkCard, face: str) -> str:
    return hashlib.sha256(repr((card, face)).encode()).hexdigest()[:32]


@lru_cache(_KEPT)
def _draw(alias: str, card: LinkCard, face: str) -> bytes:
    """The picture, remembered by the database that the face is read from."""
    del alias
    found = pictures.find(face) if face else None
    return link_pictures.draw(card._replace(face=bytes(found.content) if found else None))
