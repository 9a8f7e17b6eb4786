"""The demo's front page: the company's own, with the people whom visitors can become."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse

from upline.demo import credentials, showing
from upline.design.faces import Face, face
from upline.language import gettext, lazy
from upline.members.queries import find_person
from upline.screens import home
from upline.showroom import bank_statement as bank
from upline.showroom.demo_only import require_demo
from upline.site import front as site


class PersonShown(NamedTuple):
    """A member or customer with a button: who they are, in a few words."""

    who: str
    face: Face
    says: str


class ColleagueShown(NamedTuple):
    """A staff user with a button: the role, and what they do or what waits for them."""

    who: str
    role: str
    says: str


_SAYS = {
    "anna": lazy("three weeks in"),
    "marc": lazy("leads a team of 180"),
    "lea": lazy("only buys"),
}
_OFFICE = (
    ("office", lazy("Owner"), lazy("May do everything. Three members wait for a place.")),
    ("finance", lazy("Finance"), lazy("Five payouts wait, and a bank statement.")),
    ("checker", lazy("Checker"), lazy("Last month's commissions are not calculated yet.")),
    ("approver", lazy("Approver"), lazy("Approves what others have checked.")),
    ("support", lazy("Support"), lazy("Finds members and helps them sign in.")),
    ("auditor", lazy("Auditor"), lazy("Sees everything and changes nothing.")),
)


def front(request: HttpRequest) -> HttpResponse:
    """`/` of the demo."""
    require_demo(request)
    return show(request)


def show(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    """The page, with a sentence about why somebody could not be signed in."""
    secret = credentials.of_this_installation()
    passwords = [
        (gettext("Members and customers"), secret.password),
        (gettext("Their transaction password"), secret.transaction_password),
        (gettext("Owner"), secret.staff_password),
        (gettext("Approver"), secret.approver_password),
        (gettext("The other staff users"), secret.colleague_password),
    ]
    response = site.show(
        request,
        "showroom/front.html",
        status,
        people=[_person(who) for who in showing.USERNAMES],
        colleagues=[ColleagueShown(who, str(role), str(says)) for who, role, says in _OFFICE],
        passwords=passwords,
        problem=problem,
    )
    response["Cache-Control"] = "no-store"
    return response


def bank_statement(request: HttpRequest) -> HttpResponse:
    """`/demo/bank-statement.xml`, to be imported in the office."""
    require_demo(request)
    response = HttpResponse(bank.statement(), content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="bank-statement.xml"'
    response["Cache-Control"] = "no-store"
    return response


def _person(who: str) -> PersonShown:
    person = find_person(who)
    assert person is not None, "the demo was built with these people"
    me = home.myself(person.id)
    looks = face(person.id, me.firstname, me.lastname, me.picture)
    return PersonShown(who, looks._replace(name=me.firstname), str(_SAYS[who]))
