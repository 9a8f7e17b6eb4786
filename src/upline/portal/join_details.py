"""The step on which people say who they are: shown, taken, and judged again later."""

from dataclasses import replace
from typing import NamedTuple

from django.http import HttpResponse

from upline.base import encryption
from upline.base.errors import FieldsWrong
from upline.catalog.errors import ProductNotAvailable
from upline.flows import joining_by_link
from upline.flows.joining_by_link import Details
from upline.language import gettext
from upline.portal.join_door import JoinVisit
from upline.portal.join_forms import PASSWORD, DetailsForm, typed_of

MEMBER, CUSTOMER = "member", "customer"
_LINES = ("firstname", "lastname", "email", "mobile", "date_of_birth", "username")


class Taken(NamedTuple):
    """A form of details that was sent, and kept: the visit as it is from now on, whether somebody
    could join with it, and the hash of their password, '' where it is to be typed again."""

    visit: JoinVisit
    form: DetailsForm
    is_right: bool
    hashed: str


def take(visit: JoinVisit, *, is_member: bool) -> Taken:
    """Keep what was sent, right or wrong. Raises AlreadyJoined, Busy."""
    sent = visit.request.POST.dict()
    typed = typed_of(sent) | {"as": MEMBER if is_member else CUSTOMER}
    if is_member and not typed.get("username", "").strip():
        names = (typed.get("firstname", ""), typed.get("lastname", ""))
        typed["username"] = joining_by_link.suggest_username(*names)
    # With another username or e-mail address the password is chosen anew.
    hashed = visit.hashed_with(typed)
    password = sent.get(PASSWORD, "")
    form = DetailsForm(typed | {PASSWORD: password}, is_member=is_member, needs_password=not hashed)
    is_right = is_judged(form, password)
    if password and PASSWORD not in form.errors:
        hashed = joining_by_link.hash_password(form.password_typed)
    kept = replace(visit, draft=visit.keep(typed))
    return Taken(kept, form, is_right, hashed)


def typed_before(visit: JoinVisit, *, is_member: bool, is_sent: bool) -> DetailsForm:
    """The form with what was typed before; as if it had been sent, or to be filled in."""
    needs = not visit.hashed
    if is_sent:
        return DetailsForm(visit.typed, is_member=is_member, needs_password=needs)
    return DetailsForm(initial=visit.typed, is_member=is_member, needs_password=needs)


def is_judged(form: DetailsForm, password: str) -> bool:
    """Whether somebody could join with this; else the form says what is wrong. `password` is ''
    where it was judged before."""
    is_valid = form.is_valid()
    try:
        joining_by_link.judge(form.details(""), password, is_member=form.is_member)
    except FieldsWrong as refusal:
        form.refuse(
            {each: said for each, said in refusal.fields.items() if each not in form.errors}
        )
        return False
    return is_valid


def seen(details: Details) -> str:
    """What a page has shown of somebody, to tell later which lines are others: a keyed hash of each
    line."""
    return "-".join(
        encryption.digest(f"join {name}", str(getattr(details, name)))[:4].hex() for name in _LINES
    )


def changed_since(details: Details, before: str) -> str:
    """Says which lines are others than those of `seen`; '' where none is."""
    pairs = zip(_LINES, seen(details).split("-"), before.split("-"), strict=False)
    labels = [str(DetailsForm.base_fields[name].label) for name, now, then in pairs if now != then]
    return gettext("Changed: {lines}.", lines=", ".join(labels)) if labels else ""


def steps(at: int) -> list[tuple[str, str]]:
    """The steps of a member, of which this one is shown."""
    words = (gettext("Starter pack"), gettext("About you"), gettext("Pay and agree"))
    states = ["reached" if number < at else "now" if number == at else "" for number in range(3)]
    return list(zip(words, states, strict=True))


def details_page(
    visit: JoinVisit, form: DetailsForm, status: int = 200, said: str = ""
) -> HttpResponse:
    """The second step of a member."""
    return visit.page(
        "portal/join_you.html",
        status,
        title=gettext("About you"),
        steps=steps(1),
        form=form,
        said=said,
        pack=_chosen(visit),
    )


def _chosen(visit: JoinVisit) -> dict[str, str]:
    """The pack that was chosen before; empty where it is not offered any more."""
    try:
        found = joining_by_link.pack(visit.market, int(visit.typed.get("package", 0)))
    except ProductNotAvailable:
        return {}
    return {"name": found.offer.name, "total": visit.market.money(found.total)}
