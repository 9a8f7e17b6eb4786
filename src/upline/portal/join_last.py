"""The last step of joining: what one agrees to is shown, and one button does it.

What changed since it was shown is told and asked again, and nothing that was typed is lost. A
second press of the button finds the person that the first one made."""

from dataclasses import replace
from typing import NamedTuple

from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from upline.base.errors import Refusal, TooManyRequests
from upline.catalog.errors import ProductNotAvailable
from upline.company import current as company
from upline.flows import joining_by_link
from upline.flows.joining_by_link import Agreement, Details, Pack
from upline.flows.place_links import PlaceGone
from upline.flows.signing_in import LetIn
from upline.genealogy.errors import PlacementInvalid, SideTaken
from upline.language import gettext
from upline.members.errors import AlreadyJoined, DraftChanged, DraftGone, UsernameTaken
from upline.orders.errors import TotalsDiffer
from upline.portal import join_place
from upline.portal.door import let_in
from upline.portal.join import card, page_methods, priced
from upline.portal.join_details import (
    changed_since,
    is_judged,
    seen,
    steps,
    take,
    typed_before,
)
from upline.portal.join_door import JoinVisit, by_link, too_many
from upline.portal.join_forms import PASSWORD, AgreeForm, DetailsForm


class WayShown(NamedTuple):
    """A way to pay, and what follows from it."""

    code: str
    name: str
    hint: str
    is_chosen: bool


@page_methods
@sensitive_post_parameters("epin_code")
@by_link
def pay(visit: JoinVisit) -> HttpResponseBase:
    """`/join/USERNAME/pay/`: the last step of a member."""
    if visit.has_joined:
        return _joined_before(visit)
    if visit.draft is None:
        return visit.go("", gone="1")
    if "package" not in visit.typed:
        return visit.go("pack")
    form = typed_before(visit, is_member=True, is_sent=True)
    if not is_judged(form, ""):
        return visit.go("you", check="1")
    try:
        found = joining_by_link.pack(visit.market, int(visit.typed["package"]))
    except ProductNotAvailable:
        return visit.go("pack", gone="1")
    details = form.details(visit.hashed)
    if visit.request.method == "POST":
        return _member(visit, found, details)
    return _pay_page(visit, found, details)


@page_methods
@sensitive_post_parameters(PASSWORD)
@by_link
def buy(visit: JoinVisit) -> HttpResponseBase:
    """`/join/USERNAME/buy/`: all that a customer is asked."""
    if visit.has_joined:
        return _joined_before(visit)
    if visit.request.method == "POST":
        return _customer(visit)
    is_sent = "check" in visit.request.GET
    form = typed_before(visit, is_member=False, is_sent=is_sent)
    return _buy_page(visit, form, AgreeForm(initial=_shown_now(visit), ways=()))


def _member(visit: JoinVisit, found: Pack, details: Details) -> HttpResponse:
    assert visit.draft is not None, "the page was made of it"
    form = AgreeForm(visit.request.POST, ways=_ways(found))
    if not form.is_valid():
        return _pay_page(visit, found, details, form)
    sent = form.cleaned_data
    agreed = Agreement(
        terms=sent["terms"],
        package_id=sent["package"] or 0,
        total=sent["total"] or 0,
        way=sent.get("way", ""),
        epin_code=sent.get("epin_code", ""),
    )
    draft = replace(visit.draft, version=sent["version"])
    try:
        if agreed.package_id != found.offer.package_id:
            raise DraftChanged()
        agreed = replace(agreed, place=join_place.of(visit))
        known = joining_by_link.join_as_member(visit.unit(), visit.sponsor, draft, details, agreed)
    except AlreadyJoined as refusal:
        return _joined_before(visit, refusal.member_id)
    except Refusal as refusal:
        return _refused(visit, found, details, form, refusal)
    return visit.forget(let_in(reverse("home"), known), draft=False)


def _refused(
    visit: JoinVisit, found: Pack, details: Details, form: AgreeForm, refusal: Refusal
) -> HttpResponse:
    """Why somebody has not joined, on the page where they can put it right."""
    if isinstance(refusal, DraftGone):
        return visit.go("", gone="1")
    if isinstance(refusal, ProductNotAvailable):
        return visit.go("pack", gone="1")
    if isinstance(refusal, (PlaceGone, PlacementInvalid, SideTaken)):
        without, said = join_place.gone(visit)
        kept = {name: form.data.get(name, "") for name in ("way", "epin_code")}
        return _pay_page(without, found, details, said=said, kept=kept, status=409)
    named = {name for name in refusal.fields if name in DetailsForm.base_fields}
    if isinstance(refusal, UsernameTaken) or named:
        return visit.go("you", check="1")
    if isinstance(refusal, TooManyRequests):
        return too_many(visit, refusal)
    if isinstance(refusal, (DraftChanged, TotalsDiffer)):
        # The page as it is now: its hidden fields say what is agreed to next.
        kept = {name: form.data.get(name, "") for name in ("way", "epin_code")}
        before = form.cleaned_data["total"]
        said = refusal.sentence if before == found.total else _costs_else(visit, found, before)
        said = f"{said} {changed_since(details, form.cleaned_data['seen'])}".strip()
        return _pay_page(visit, found, details, said=said, kept=kept, status=409)
    _show(refusal, form)
    return _pay_page(visit, found, details, form)


def _pay_page(
    visit: JoinVisit,
    found: Pack,
    details: Details,
    form: AgreeForm | None = None,
    *,
    said: str = "",
    kept: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown, now = visit.typed.get("shown", ""), priced(visit, found)
    if shown and shown != now:
        said = said or _costs_now(found, now, shown)
        visit = replace(visit, draft=visit.keep({"shown": now}))
    ways = _ways(found)
    facts = _shown_now(visit) | {
        "package": found.offer.package_id,
        "total": found.total,
        "seen": seen(details),
    }
    if form is None:
        form = AgreeForm(initial=facts | (kept or {}), ways=ways)
    chosen = str(form["way"].value() or "") if ways else ""
    return visit.page(
        "portal/join_pay.html",
        status,
        title=gettext("Check and join"),
        steps=steps(2),
        form=form,
        facts=facts,
        pack=card(visit.market, found),
        fee=visit.market.money(found.fee) if found.fee else "",
        details=details,
        ways=_ways_shown(visit, ways, chosen),
        said=said,
        place=join_place.said(visit),
        seller=visit.market.seller,
    )


def _costs_else(visit: JoinVisit, found: Pack, before: int | None) -> str:
    return _costs_now(found, priced(visit, found), visit.market.money(before or 0))


def _costs_now(found: Pack, now: str, before: str) -> str:
    return gettext(
        "Joining with {pack} now costs {now}. When you chose it, it cost {before}.",
        pack=found.offer.name,
        now=now,
        before=before,
    )


def _shown_now(visit: JoinVisit) -> dict[str, object]:
    """What a page says it has shown, in fields that are not seen."""
    version = visit.draft.version if visit.draft else 0
    return {"terms": company.office().terms_version, "version": version}


def _ways(found: Pack) -> list[str]:
    return joining_by_link.ways() if found.total else []


def _ways_shown(visit: JoinVisit, ways: list[str], chosen: str) -> list[WayShown]:
    said = {
        "bank_transfer": (
            gettext("Bank transfer"),
            gettext("You get the account and your reference right after joining, and by mail."),
        ),
        "epin": (
            gettext("E-pin"),
            gettext("A code that {name} has given you. It pays at once.", name=visit.name),
        ),
        "free_join": (
            gettext("Pay later"),
            gettext("You can sign in at once. Your pack counts as soon as it is paid."),
        ),
    }
    known = chosen if chosen in ways else next(iter(ways), "")
    return [WayShown(each, *said[each], each == known) for each in ways]


def _customer(visit: JoinVisit) -> HttpResponse:
    agree = AgreeForm(visit.request.POST, ways=())
    try:
        taken = take(visit, is_member=False)
    except AlreadyJoined as refusal:
        return _joined_before(visit, refusal.member_id)
    except TooManyRequests as refusal:
        return too_many(visit, refusal)
    now, form = taken.visit, taken.form
    if agree.is_valid() and taken.is_right:
        try:
            known = _join_customer(now, form.details(taken.hashed), agree.cleaned_data["terms"])
            return now.forget(let_in(reverse("shop"), known), draft=False)
        except AlreadyJoined as refusal:
            return _joined_before(visit, refusal.member_id)
        except TooManyRequests as refusal:
            return too_many(visit, refusal)
        except Refusal as refusal:
            _show(refusal, form, agree)
    return now.remember(_buy_page(now, form, agree), taken.hashed)


def _join_customer(visit: JoinVisit, details: Details, terms: str) -> LetIn:
    assert visit.draft is not None, "it was kept just now"
    username = joining_by_link.suggest_username(details.firstname, details.lastname)
    named = replace(details, username=username)
    agreed = Agreement(terms=terms)
    return joining_by_link.join_as_customer(visit.unit(), visit.sponsor, visit.draft, named, agreed)


def _show(refusal: Refusal, *forms: Form) -> None:
    """Show what is refused beside its field, else above the first form."""
    for name, sentence in refusal.fields.items() or [("", refusal.sentence)]:
        found = next((each for each in forms if name in each.fields), None)
        (found or forms[0]).add_error(name if found else None, sentence)


def _buy_page(visit: JoinVisit, form: DetailsForm, agree: AgreeForm) -> HttpResponse:
    page = visit.page(
        "portal/join_buy.html",
        title=gettext("Open your account"),
        form=form,
        agree=agree,
        facts=_shown_now(visit),
    )
    return visit.remember(page)


def _joined_before(visit: JoinVisit, member_id: int = 0) -> HttpResponse:
    """Whoever pressed twice is let in again where their browser has the hash of their password;
    who comes back later is told, and can sign in."""
    member_id = member_id or (visit.draft.member_id if visit.draft else None) or 0
    if visit.request.method != "POST" or not member_id:
        return visit.go("")
    password = visit.request.POST.get(PASSWORD, "")
    try:
        known = joining_by_link.let_in_again(visit.unit(), member_id, visit.hashed, password)
    except Refusal:
        known = None
    return let_in(reverse("home"), known) if known else visit.go("")
