"""`/join/USERNAME/`: three short steps from a member's link to one's own Home.

Each step keeps what was typed and leads to the next, so that reloading and going back are safe.
The last step is in `join_last`."""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upline.base.errors import FieldsWrong, TooManyRequests
from upline.company import current as company
from upline.flows import join_links, joining_by_link, signing_in
from upline.flows.joining_by_link import Pack
from upline.language import gettext
from upline.markets.queries import MarketFacts
from upline.members.errors import AlreadyJoined
from upline.members.models import MemberKind
from upline.portal import join_door, join_place, link_picture
from upline.portal.join_details import (
    CUSTOMER,
    MEMBER,
    details_page,
    steps,
    take,
    typed_before,
)
from upline.portal.join_door import JoinVisit, by_link
from upline.portal.join_forms import PASSWORD
from upline.portal.visiting import COOKIE
from upline.screens import shown

page_methods = require_http_methods(["GET", "HEAD", "POST"])


class PackShown(NamedTuple):
    """A starter pack as a card. `total` is with the signup fee."""

    id: int
    name: str
    description: str
    picture: str
    price: str
    total: str
    tax: str
    points: str
    is_chosen: bool


@require_safe
@by_link
def face(visit: JoinVisit) -> HttpResponseBase:
    """`/join/USERNAME/`: who invites, and two ways to go on."""
    if sealed := visit.request.GET.get("place"):
        return join_place.chosen(visit, sealed)
    caller = join_door.signed_in(visit.request)
    offered = offered_packs(visit)
    cheapest = min((each.total for each in offered), default=0)
    return visit.page(
        "portal/join.html",
        title=gettext("{name} invites you", name=visit.name),
        described=gettext(
            "Join {company} with {name}: order for yourself, or build a team of your own.",
            company=company.current().name,
            name=visit.name,
        ),
        picture=f"{settings.BASE_URL}{link_picture.address_of(visit.sponsor)}",
        has_packs=bool(offered),
        cheapest=visit.market.money(cheapest) if cheapest else "",
        is_own=caller is not None and caller.member_id == visit.sponsor.id,
        is_member=caller is not None and caller.kind == MemberKind.MEMBER,
        is_customer=caller is not None and caller.kind != MemberKind.MEMBER,
        go_on=_where_to_go_on(visit),
        has_joined=bool(visit.draft and visit.draft.member_id),
        is_gone="gone" in visit.request.GET,
        place=join_place.said(visit),
        is_discarded="discarded" in visit.request.GET,
        is_forgotten="forgotten" in visit.request.GET,
        is_mailed="mailed" in visit.request.GET,
    )


@page_methods
@by_link
def pack(visit: JoinVisit) -> HttpResponseBase:
    """`/join/USERNAME/pack/`: the first step of a member."""
    offered = offered_packs(visit)
    if visit.has_joined or not offered:
        return visit.go("")
    sent = visit.request.POST.get("package", "")
    chosen = next((each for each in offered if str(each.offer.package_id) == sent), None)
    if chosen:
        return _chosen(visit, chosen)
    page = visit.page(
        "portal/join_pack.html",
        title=gettext("Choose your starter pack"),
        steps=steps(0),
        packs=_cards(visit, offered),
        fee=visit.market.money(offered[0].fee) if offered[0].fee else "",
        is_gone="gone" in visit.request.GET,
    )
    return visit.remember(page)


def _chosen(visit: JoinVisit, chosen: Pack) -> HttpResponse:
    place = join_place.kept(visit)
    typed = {"as": MEMBER, "package": str(chosen.offer.package_id), "shown": priced(visit, chosen)}
    try:
        visit.keep(typed | place)
    except AlreadyJoined:
        return visit.go("")
    return visit.remember(visit.go("pay" if visit.hashed else "you"))


@page_methods
@sensitive_post_parameters(PASSWORD)
@by_link
def you(visit: JoinVisit) -> HttpResponseBase:
    """`/join/USERNAME/you/`: the second step of a member; with `?check` it says what is wrong with
    what was typed before."""
    if visit.has_joined:
        return visit.go("")
    if visit.request.method == "POST":
        return _taken(visit)
    if "package" not in visit.typed:
        return visit.go("pack")
    is_sent = "check" in visit.request.GET
    return details_page(visit, typed_before(visit, is_member=True, is_sent=is_sent))


def _taken(visit: JoinVisit) -> HttpResponse:
    try:
        taken = take(visit, is_member=True)
    except AlreadyJoined:
        return visit.go("")
    except TooManyRequests as refusal:
        form = typed_before(visit, is_member=True, is_sent=False)
        response = details_page(visit, form, refusal.status, refusal.sentence)
        response["Retry-After"] = str(refusal.retry_after or 1)
        return response
    now = taken.visit
    response = now.go("pay") if taken.is_right else details_page(now, taken.form)
    return now.remember(response, taken.hashed)


@require_POST
@by_link
def discard(visit: JoinVisit) -> HttpResponseBase:
    """Throw away what was typed."""
    if visit.draft:
        joining_by_link.discard(visit.unit(), visit.draft.secret)
    return visit.forget(visit.go("", discarded="1"))


@require_POST
@by_link
def somebody_else(visit: JoinVisit) -> HttpResponseBase:
    """Have this browser forget whoever used it before: what they typed, that they joined, and their
    sign-in. What they typed stays for whoever has the mailed link."""
    token = visit.request.COOKIES.get(COOKIE, "")
    response = visit.forget(visit.go("", forgotten="1"))
    if token:
        signing_in.sign_out(visit.unit(), token)
        response.delete_cookie(COOKIE)
    return response


@require_POST
@by_link
def mail_link(visit: JoinVisit) -> HttpResponseBase:
    """Mail a link to go on later, or on another device."""
    if visit.draft is None:
        return visit.go("", gone="1")
    try:
        join_links.ask(visit.unit(), visit.draft)
    except TooManyRequests as refusal:
        return join_door.too_many(visit, refusal)
    except FieldsWrong:
        return visit.go("you", check="1")
    return visit.go("", mailed="1")


def offered_packs(visit: JoinVisit) -> list[Pack]:
    """The packs that can be bought here; none where nothing that is offered can be paid here."""
    found = joining_by_link.packs(visit.market)
    return found if joining_by_link.ways() else [each for each in found if not each.total]


def priced(visit: JoinVisit, of: Pack) -> str:
    """What joining costs, as a draft remembers what was shown."""
    return visit.market.money(of.total)


def card(market: MarketFacts, of: Pack, chosen: str = "") -> PackShown:
    """A pack as a page shows it; `chosen` is the id of the chosen one."""
    offer = of.offer
    whole, part = divmod(offer.points, 100)
    return PackShown(
        offer.package_id,
        offer.name,
        offer.description,
        f"/pictures/{offer.picture}" if offer.picture else "",
        market.money(offer.amount),
        market.money(of.total),
        market.money(offer.tax) if offer.tax else "",
        shown.points(offer.points) if part else str(whole),
        str(offer.package_id) == chosen,
    )


def _cards(visit: JoinVisit, offered: list[Pack]) -> list[PackShown]:
    chosen = visit.typed.get("package", "")
    known = {str(each.offer.package_id) for each in offered}
    first = chosen if chosen in known else str(offered[0].offer.package_id)
    return [card(visit.market, each, first) for each in offered]


def _where_to_go_on(visit: JoinVisit) -> str:
    if visit.draft is None or visit.has_joined:
        return ""
    if visit.typed.get("as") == CUSTOMER:
        return visit.address("buy")
    return visit.address("pay" if "email" in visit.typed else "you")
