"""Share: a member's link, as a QR code and in texts that are ready to send."""

import io
from typing import NamedTuple
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.safestring import SafeString, mark_safe

from upline.company import current as company
from upline.flows import joining_by_link
from upline.flows.joining_by_link import LinkDead
from upline.genealogy import queries as tree
from upline.language import gettext
from upline.members.models import MemberKind, User
from upline.members.queries import Person
from upline.portal.visiting import Visit, for_members
from upline.screens import home


class ReadyText(NamedTuple):
    """A text with the link in it, and where it can be sent with one tap."""

    title: str
    text: str
    whatsapp: str
    mail: str


@for_members
def show(visit: Visit) -> HttpResponse:
    """`/share/`."""
    sponsor = _sponsor(visit)
    if sponsor is None:
        return visit.page(
            "portal/share.html",
            title=gettext("Share"),
            headline=gettext("Nobody can join with a link at the moment"),
        )
    is_own = sponsor.id == visit.caller.member_id
    name = home.myself(sponsor.id).firstname
    return visit.page(
        "portal/share.html",
        title=gettext("Share"),
        headline=gettext("Whoever joins with your link joins your team")
        if is_own
        else gettext("Recommend us: whoever joins with this link joins {name}'s team", name=name),
        link=_link(sponsor),
        bare=_link(sponsor).partition("://")[2].rstrip("/"),
        code=_code(_link(sponsor)),
        texts=_texts(_link(sponsor)),
        subject=company.current().name,
    )


@for_members
def code_file(visit: Visit) -> HttpResponse:
    """`/share/qr.png`: the QR code, large enough to be printed."""
    sponsor = _sponsor(visit)
    if sponsor is None:
        raise Http404
    target = io.BytesIO()
    segno.make(_link(sponsor), error="m").save(target, kind="png", scale=24)
    response = HttpResponse(target.getvalue(), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="{sponsor.username}-qr.png"'
    response["Cache-Control"] = "no-store"
    return response


def _sponsor(visit: Visit) -> Person | None:
    """Whose link it is: a customer gives away the sponsor's. None where it leads nowhere."""
    username = visit.caller.username
    if visit.caller.kind != MemberKind.MEMBER:
        sponsor_id = tree.sponsor_of_customer(visit.caller.member_id)
        username = User.objects.values_list("username", flat=True).get(pk=sponsor_id)
    try:
        return joining_by_link.sponsor_of(username)
    except LinkDead:
        return None


def _link(sponsor: Person) -> str:
    return f"{settings.BASE_URL}/join/{sponsor.username}/"


def _code(link: str) -> SafeString:
    """The QR code as SVG; it is black on white in dark pages too, because scanners expect that."""
    drawn = segno.make(link, error="m").svg_inline(
        border=2, light="white", omitsize=True, svgclass="qr"
    )
    return mark_safe(drawn)  # noqa: S308 - made here, of an address of ours


def _texts(link: str) -> list[ReadyText]:
    name = company.current().name
    texts = (
        (
            gettext("Short"),
            gettext(
                "I order from {company} and like it. Have a look: {link}", company=name, link=link
            ),
        ),
        (
            gettext("Personal"),
            gettext(
                "Hello! I thought of you: I am with {company} and would like to show you why. "
                "You can order for yourself or join my team here: {link} Ask me anything you like.",
                company=name,
                link=link,
            ),
        ),
    )
    return [
        ReadyText(
            title,
            text,
            f"https://wa.me/?{urlencode({'text': text})}",
            f"mailto:?subject={quote(name)}&body={quote(text)}",
        )
        for title, text in texts
    ]
