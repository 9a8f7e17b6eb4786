"""Joining on the page of a member's link: as a customer, or as a member with a starter pack.

A door of its own: open where the office lets it be (`join_by_link`), whatever the API does in
public. What somebody types is kept in a draft; the draft makes one person, however often they
press the button."""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial

from upline.base import encryption, passwords
from upline.base.errors import FieldsWrong, NotFound, Refusal
from upline.base.passwords import normalised
from upline.base.unit import UnitOfWork
from upline.catalog import queries as catalog
from upline.catalog.models import PackageKind
from upline.catalog.statements import Offer
from upline.company import current as company
from upline.company.models import PlanKind
from upline.flows import customers, joining, limits, signing_in
from upline.flows.customers import CustomerRegistration
from upline.flows.joining import Joined, SignupRequest
from upline.flows.paying import Funds
from upline.flows.place_links import OpenPlace
from upline.flows.signing_in import LetIn
from upline.genealogy import queries as tree
from upline.language import gettext, lazy
from upline.language.current import catalog as catalog_of_now
from upline.markets.queries import MarketFacts
from upline.members.errors import AlreadyJoined, EmailInUse, UsernameTaken
from upline.members.models import MemberKind, User
from upline.members.person import drafts
from upline.members.person.drafts import Draft
from upline.members.person.rules import username_of, wrong_birthday, wrong_names, wrong_username
from upline.members.queries import Caller, Person, email_in_use, find_person, taken_of
from upline.members.security.new_passwords import wrong_password

WAYS = ("bank_transfer", "free_join", "epin")
"""How somebody can pay who joins with a link, the usual way first. A wallet is for members."""
_NOBODY = Caller(client_id=0, scopes=frozenset(), member_id=0, username="")
_NUMBERED = 20
_KEY_CONTEXT = "join key:{}"


class LinkDead(NotFound):
    """One sentence for every cause: nobody learns who was blocked, or has left."""

    sentence = lazy("This link does not lead anywhere any more.")


@dataclass(frozen=True)
class Pack:
    """A starter pack as a market offers it. `total` is what joining with it costs, the signup
    fee included, in minor units."""

    offer: Offer
    fee: int

    @property
    def total(self) -> int:
        return self.offer.amount + self.fee


@dataclass(frozen=True)
class Details:
    """What a person says of themselves. `date_of_birth` is None for a customer who has not said;
    `country_id` None stands for the sponsor's market. `hashed` is the hash of their password."""

    firstname: str
    lastname: str
    email: str
    mobile: str
    username: str
    hashed: str
    date_of_birth: date | None = None
    country_id: int | None = None


@dataclass(frozen=True)
class Agreement:
    """What somebody agrees to when they press the last button: the terms of this version, and for
    a member the pack at this total, paid this way. `place` is where the sponsor wants them, None
    for where the company places whoever names no placement."""

    terms: str
    package_id: int = 0
    total: int = 0
    way: str = ""
    epin_code: str = ""
    place: OpenPlace | None = None


def sponsor_of(username: str) -> Person:
    """The member whose link this is. Raises LinkDead where nobody can join with it. Needs no
    right: it changes nothing."""
    office = company.office()
    person = find_person(username)
    is_open = office.join_by_link and office.registration_open
    if not is_open or person is None or not person.may_sponsor or _waits(person):
        raise LinkDead()
    return person


def _waits(person: Person) -> bool:
    return company.current().plan_kind != PlanKind.UNILEVEL and tree.is_waiting(person.id)


def packs(market: MarketFacts) -> list[Pack]:
    """The starter packs that a market offers. Needs no right: it changes nothing."""
    offers = catalog.on_sale(market.id, PackageKind.MEMBERSHIP)
    fee = joining.fee_in(market) if offers else 0
    return [Pack(each, fee) for each in offers]


def pack(market: MarketFacts, package_id: int) -> Pack:
    """One of them. Raises ProductNotAvailable. Needs no right: it changes nothing."""
    return Pack(catalog.sold_at_signup(market.id, package_id), joining.fee_in(market))


def ways() -> list[str]:
    """How a starter pack can be paid with a link, the usual way first; empty where the company
    takes wallets alone. Needs no right: it changes nothing."""
    office = company.office()
    offered = [each for each in WAYS if each in office.payment_methods]
    return [each for each in offered if each != "bank_transfer" or office.pay_in_account]


def suggest_username(firstname: str, lastname: str) -> str:
    """A username that is free, made of somebody's names; '' where usernames are generated. Needs
    no right: it changes nothing."""
    if company.office().dynamic_usernames:
        return ""
    made = username_of(firstname, lastname) or f"member{secrets.randbelow(10**6):06}"
    wished = [made, *(f"{made}{number}" for number in range(2, _NUMBERED))]
    taken = taken_of(wished)
    free = next((each for each in wished if each not in taken), "")
    return free or f"{made}{secrets.randbelow(10**4):04}"


def judge(details: Details, password: str, *, is_member: bool) -> None:
    """Raises FieldsWrong for what nobody could join with, all at once; `password` is '' where it
    was judged before. A customer's username is made when they join. Needs no right: it changes
    nothing."""
    office = company.office()
    wrong = wrong_names(firstname=details.firstname, lastname=details.lastname)
    if is_member and details.date_of_birth:
        wrong |= wrong_birthday(details.date_of_birth)
    if is_member and not office.dynamic_usernames:
        wrong |= wrong_username(details.username)
        if not wrong.get("username") and find_person(details.username):
            wrong["username"] = UsernameTaken.sentence
    if office.one_member_per_email and email_in_use(details.email):
        wrong["email"] = EmailInUse.taken
    names = (details.username, details.email, company.current().name)
    if password and (sentence := wrong_password(password, names)):
        wrong["password"] = sentence
    if wrong:
        raise FieldsWrong(fields=wrong)


def hash_password(password: str) -> str:
    """The hash of a password that was judged. Raises Busy. Needs no right: it changes nothing."""
    return passwords.hashed(password, is_known=False)


def sealed_key(draft: Draft, hashed: str) -> str:
    """The hash of a password, for the browser that somebody joins in to keep until they have: no
    draft holds it. It opens for this draft alone, while its username and e-mail address are the
    same. Needs no right: it changes nothing."""
    text = f"{_whose(draft)}:{hashed}"
    return encryption.seal_for(_KEY_CONTEXT.format(draft.digest.hex()), text).decode()


def open_key(draft: Draft, sealed: str) -> str:
    """The hash again; '' where this is none of this draft, or its username or e-mail address has
    changed since: then the password is chosen anew. A draft that has become a member holds neither
    any more, and the member's own password decides. Needs no right: it changes nothing."""
    try:
        text = encryption.open_for(_KEY_CONTEXT.format(draft.digest.hex()), sealed.encode())
    except (encryption.Unreadable, ValueError):
        return ""
    whose, _, hashed = text.partition(":")
    return hashed if draft.member_id or whose == _whose(draft) else ""


def _whose(draft: Draft) -> str:
    names = [draft.typed.get(each, "") for each in ("username", "email")]
    return encryption.digest("join key", json.dumps(names)).hex()


def keep(unit: UnitOfWork, secret: str, typed: Mapping[str, str]) -> Draft:
    """Keep what somebody has typed so far, for seven days. Raises AlreadyJoined. Needs no right:
    it is theirs who has the secret."""
    unit.commit(lambda: drafts.keep(secret, typed))
    draft = drafts.find(secret)
    assert draft is not None, "it was kept just now"
    return draft


def hand_over(unit: UnitOfWork, link: str) -> Draft | None:
    """Let the browser that used a mailed link have the draft, and no other any more; None where the
    link works no longer. Needs no right: it is theirs who reads the mailbox."""
    return unit.commit(lambda: drafts.hand_over(link))


def discard(unit: UnitOfWork, secret: str) -> None:
    """Throw away what somebody has typed. Needs no right: it is theirs who has the secret."""
    unit.commit(lambda: drafts.discard(secret))


def join_as_member(
    unit: UnitOfWork, sponsor: Person, draft: Draft, details: Details, agreed: Agreement
) -> LetIn:
    """The draft becomes a member, whose starter pack is paid or awaits its payment, and who is
    signed in. Raises AlreadyJoined to all but one of those who press at once, DraftChanged,
    DraftGone, ProductNotAvailable, TotalsDiffer, and what a signup does. Needs no right: the
    office lets everybody join with a member's link."""
    with _not_again(draft):
        make = _prepared_member(unit, sponsor, details, agreed)
    return unit.commit(partial(_finish, draft, make))


def _prepared_member(
    unit: UnitOfWork, sponsor: Person, details: Details, agreed: Agreement
) -> Callable[[], Joined]:
    _check(unit, agreed)
    market = joining.market_for(details.country_id, sponsor)
    way = agreed.way
    if not pack(market, agreed.package_id).total:
        way = company.office().payment_methods[0]
    elif way not in ways():
        raise FieldsWrong(fields={"way": joining.NOT_OFFERED})
    assert details.date_of_birth is not None, "a member's details have one"
    signup = SignupRequest(
        sponsor_username=sponsor.username,
        placement_username=agreed.place.placement_username if agreed.place else "",
        side=agreed.place.side if agreed.place else "",
        placement_position_id=agreed.place.position_id if agreed.place else None,
        product_id=agreed.package_id,
        firstname=details.firstname,
        lastname=details.lastname,
        date_of_birth=details.date_of_birth,
        email=details.email,
        mobile=details.mobile,
        username=details.username,
        password="",
        payment_method=way,
        funds=Funds(epin_code=agreed.epin_code).of(way),
        total_amount=agreed.total,
        country_id=details.country_id,
        hashed=details.hashed,
        is_by_link=True,
    )
    return joining.prepare(unit, _NOBODY, signup)


def join_as_customer(
    unit: UnitOfWork, sponsor: Person, draft: Draft, details: Details, agreed: Agreement
) -> LetIn:
    """The draft becomes a customer of the sponsor, who is signed in. Raises AlreadyJoined to all
    but one of those who press at once, DraftChanged, DraftGone, and what registering does. Needs
    no right: the office lets everybody join with a member's link."""
    new = CustomerRegistration(
        sponsor=sponsor.username,
        kind=MemberKind.RETAIL,
        firstname=details.firstname,
        lastname=details.lastname,
        email=details.email,
        mobile=details.mobile,
        username=details.username,
        country_id=details.country_id,
        hashed=details.hashed,
    )
    with _not_again(draft):
        _check(unit, agreed)
        make = customers.prepare(unit, _NOBODY, new)
    return unit.commit(partial(_finish, draft, make))


@contextmanager
def _not_again(draft: Draft) -> Iterator[None]:
    """What is refused because the same press came before says that."""
    try:
        yield
    except Refusal as refusal:
        found = drafts.find(draft.secret)
        if found and found.member_id:
            raise AlreadyJoined(found.member_id) from refusal
        raise


def _check(unit: UnitOfWork, agreed: Agreement) -> None:
    limits.count_signup(_NOBODY, unit.address)
    now = company.office().terms_version
    if agreed.terms != now:
        sentence = gettext(
            "The terms have changed: version {version} applies now. Read them, and agree again.",
            version=now,
        )
        raise FieldsWrong(fields={"agreed": sentence})


def _finish(draft: Draft, make: Callable[[], Joined]) -> LetIn:
    """Inside the transaction: whoever presses a second time waits here, and finds it done."""
    locked = drafts.lock(draft.secret, draft.version)
    joined = make()
    drafts.finish(locked, joined.member_id)
    User.objects.filter(pk=joined.member_id).update(language=catalog_of_now().tag)
    let_in = signing_in.let_in(joined.member_id, joined.hashed)
    assert let_in is not None, "nobody can have changed what is not there yet"
    return let_in


def let_in_again(unit: UnitOfWork, member_id: int, hashed: str, password: str) -> LetIn | None:
    """Let somebody in whose first press has made them this member: by the hash of their password
    that their browser keeps, or by the password that came along again; None where neither is
    theirs. Raises what signing in does. Needs no right: this is how they prove who they are."""
    if hashed:
        return unit.commit(lambda: signing_in.let_in(member_id, hashed))
    if not password:
        return None
    username = User.objects.values_list("username", flat=True).get(pk=member_id)
    return signing_in.sign_in(unit, None, username, normalised(password))
