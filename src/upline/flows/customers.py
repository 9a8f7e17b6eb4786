"""Customers: people who buy and sign in, and have no place in the trees. What they buy is the
volume of the member who sponsors them. A customer can become a member and keeps everything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password

from upline.base import audit
from upline.base.errors import Conflict, FieldsWrong, NotPermitted
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.catalog import queries as catalog
from upline.catalog.models import Package
from upline.company import current as company
from upline.events import actions as events
from upline.events.actions import WrittenEvent
from upline.flows import joining, limits, ordering
from upline.flows.joining import PlacementRequest
from upline.flows.ordering import Buyer, OrderOrigin, PaymentRequest, PayWhen
from upline.flows.permissions import Right, needs
from upline.genealogy import actions as genealogy
from upline.genealogy import queries as tree
from upline.language import gettext
from upline.mailings import actions as mailings
from upline.members import actions as members
from upline.members.errors import EmailInUse
from upline.members.models import Member, MemberKind, Standing, User
from upline.members.person.rules import wrong_birthday, wrong_username
from upline.members.queries import Caller, Person, email_in_use, market_of
from upline.orders import actions as orders
from upline.orders.actions import MadeOrder
from upline.orders.models import OrderKind
from upline.wallet import actions as wallet

CLASSES = (MemberKind.RETAIL, MemberKind.PREFERRED)


@dataclass(frozen=True)
class CustomerRegistration:
    """A person to be registered. `kind` is RETAIL or PREFERRED. `username` is ignored if the office
    generates usernames. `date_of_birth` is only needed to become a member; `country_id`, ISO
    3166-1 numeric, chooses the market. `hashed` is the hash of the password that they have chosen,
    '' where they are mailed a link to choose one."""

    sponsor: str
    kind: MemberKind
    firstname: str
    lastname: str
    email: str
    mobile: str
    username: str = ""
    date_of_birth: date | None = None
    country_id: int | None = None
    hashed: str = ""


@dataclass(frozen=True)
class MembershipRequest:
    """How a customer becomes a member: `package` is the office's code of a membership package, or
    its name; `placement` and `side` (L, R or '') as in a signup; `date_of_birth` where it is not
    known yet."""

    customer_id: int
    package: str
    placement: str = ""
    side: str = ""
    date_of_birth: date | None = None


@dataclass(frozen=True)
class OwnMembership:
    """How a customer becomes a member by themselves: with which pack, what joining with it cost as
    it was shown, in minor units, and the provider that is to bring the money, '' for what is paid
    in beforehand."""

    package_id: int
    total_amount: int
    pays_by: str = ""
    date_of_birth: date | None = None


@needs(Right.REGISTER_CUSTOMERS)
def register(unit: UnitOfWork, new: CustomerRegistration) -> str:
    """Register a customer of a member. They get a mail with a link to choose a password. Returns
    the username. Raises FieldsWrong, SponsorInvalid, UsernameTaken, EmailInUse."""
    _check_fields(new)
    sponsor = joining.find_sponsor(new.sponsor)
    make = _registration(unit, new, sponsor, may_mail=True)
    return unit.commit(lambda: make().username)


def sign_up(unit: UnitOfWork, caller: Caller, new: CustomerRegistration) -> str:
    """A customer registers, or a member of their sponsor's team registers them, under the limits of
    a signup. They can sign in once they have chosen a password with the link that is mailed to
    them. Returns the username. Raises RegistrationClosed, NotPermitted, TooManyRequests and what
    `register` raises. Needs no right: members register customers, and the public where the
    office lets it."""
    joining.refuse_when_closed()
    if caller.kind != MemberKind.MEMBER:
        raise NotPermitted(gettext("Only members can register others."))
    limits.count_signup(caller, unit.address)
    make = prepare(unit, caller, new)
    return unit.commit(lambda: make().username)


def prepare(
    unit: UnitOfWork, caller: Caller, new: CustomerRegistration
) -> Callable[[], joining.Joined]:
    """All looks of a customer's signup that come before its work; what is returned does the work,
    inside a transaction. Raises what `sign_up` does, but for its limit. Needs no right: it is part
    of a change that asked for its own."""
    _check_fields(new, CLASSES if company.office().preferred_signup else CLASSES[:1])
    sponsor = joining.find_own_sponsor(caller, new.sponsor)
    may_mail = not limits.mailed_too_often("customer_welcome", new.email)
    return _registration(unit, new, sponsor, may_mail=may_mail)


def link_of(username: str) -> str:
    """The link that a member gives to customers. Needs no right: it changes nothing."""
    return f"{settings.BASE_URL}/r/{username}"


def _registration(
    unit: UnitOfWork, new: CustomerRegistration, sponsor: Person, *, may_mail: bool
) -> Callable[[], joining.Joined]:
    username = joining.choose_username(new.username)
    person = members.NewMember(
        username=username,
        password=new.hashed or make_password(None),
        email=new.email,
        firstname=new.firstname,
        lastname=new.lastname,
        date_of_birth=new.date_of_birth,
        mobile=new.mobile,
        terms_version=company.office().terms_version,
        market_id=joining.market_for(new.country_id, sponsor).id,
        kind=new.kind,
        country_id=new.country_id,
    )

    def make() -> joining.Joined:
        members.claim_email(new.email)
        customer_id = members.join(unit, person, package_id=None)
        wallet.open_accounts(customer_id)
        genealogy.sponsor_customer(customer_id, sponsor.id)
        changes = audit.changes({}, {"sponsor": sponsor.username, "kind": new.kind})
        data = {"member_id": customer_id, "sponsor_id": sponsor.id, "class": new.kind}
        subject = f"member:{customer_id}"
        event = events.record(unit, EventKind.CUSTOMER_REGISTERED, subject, data, changes=changes)
        if may_mail:
            facts = {"has_password": True} if new.hashed else {}
            mailings.deliver(event, customer_id, new.email, **facts)
        return joining.Joined(customer_id, username, person.password)

    return make


def _check_fields(new: CustomerRegistration, classes: Sequence[str] = CLASSES) -> None:
    office = company.office()
    wrong: dict[str, str] = {}
    if new.kind not in CLASSES:
        wrong["kind"] = gettext("Choose retail or preferred customer.")
    elif new.kind not in classes:
        wrong["kind"] = gettext("Customers of this class cannot register here.")
    if not office.dynamic_usernames:
        wrong |= wrong_username(new.username)
    if office.one_member_per_email and email_in_use(new.email):
        wrong["email"] = EmailInUse.taken
    if wrong:
        raise FieldsWrong(fields=wrong)


@needs(Right.REGISTER_CUSTOMERS)
def change_sponsor(unit: UnitOfWork, customer_id: int, sponsor: str, reason: str) -> None:
    """Give a customer another sponsor: orders that are completed from now on are that member's
    volume. Raises Conflict, FieldsWrong, SponsorInvalid, OwnAccount."""
    _must_have_reason(reason)
    unit.refuse_own(customer_id)
    found = joining.find_sponsor(sponsor)
    unit.refuse_own(found.id)

    def make() -> None:
        orders.hold_books()
        _lock(customer_id)
        before = tree.sponsor_of_customer(customer_id)
        if before == found.id:
            raise Conflict(gettext("{username} is already the sponsor.", username=found.username))
        genealogy.sponsor_customer(customer_id, found.id)
        was = User.objects.values_list("username", flat=True).get(pk=before)
        _record(unit, EventKind.CUSTOMER_SPONSOR_CHANGED, customer_id, reason,
                {"sponsor_id": found.id}, audit.step("sponsor", was, found.username))  # fmt: skip

    unit.commit(make)


@needs(Right.REGISTER_CUSTOMERS)
def change_class(unit: UnitOfWork, customer_id: int, kind: MemberKind, reason: str) -> None:
    """Make a retail customer a preferred one, or the other way round: orders placed from now on are
    of that class. Raises Conflict, FieldsWrong, OwnAccount."""
    _must_have_reason(reason)
    unit.refuse_own(customer_id)
    if kind not in CLASSES:
        raise FieldsWrong(fields={"kind": gettext("Choose retail or preferred customer.")})

    def make() -> None:
        customer = _lock(customer_id)
        if customer.kind == kind:
            raise Conflict(gettext("This is already a {kind}.", kind=kind.label))
        Member.objects.filter(pk=customer_id).update(kind=kind)
        changes = audit.step("kind", customer.kind, kind)
        data = {"class": kind}
        _record(unit, EventKind.CUSTOMER_CLASS_CHANGED, customer_id, reason, data, changes)

    unit.commit(make)


@needs(Right.REGISTER_CUSTOMERS)
def become_member(unit: UnitOfWork, wish: MembershipRequest) -> str:
    """A customer becomes a member below their sponsor, with their account, wallet and orders.
    The membership order awaits payment. What they bought until now stays the sponsor's volume.
    Returns the number of that order. Raises Conflict, FieldsWrong, SponsorInvalid,
    PlacementInvalid, SideTaken, OwnAccount."""
    unit.refuse_own(wish.customer_id)
    package = catalog.membership(wish.package)
    sponsor = _sponsor_of(wish.customer_id)
    placement = joining.choose_placement(sponsor, wish.placement, wish.side)
    make = _becoming(unit, wish, package, placement)
    return unit.commit(lambda: make().number)


def build_team(unit: UnitOfWork, caller: Caller, wish: OwnMembership) -> MadeOrder:
    """A customer becomes a member by themselves, below their sponsor, where the company places
    whoever names no placement; else as `become_member`. Raises NotPermitted, TotalsDiffer,
    ProductNotAvailable, Conflict, FieldsWrong, SponsorInvalid. Needs no right: a customer changes
    what is their own."""
    joining.refuse_when_closed()
    if not company.office().join_by_link:
        raise NotPermitted(gettext("Ask your sponsor or the company to make you a member."))
    limits.count_signup(caller, unit.address)
    sponsor = _sponsor_of(caller.member_id)
    placement = joining.choose_placement(sponsor, "", "", by_default=True)
    offer = catalog.sold_at_signup(market_of(caller.member_id).id, wish.package_id)
    package = Package.objects.defer("description").get(pk=offer.package_id)
    named = MembershipRequest(caller.member_id, package.code, date_of_birth=wish.date_of_birth)
    make = _becoming(unit, named, package, placement, wish)
    return unit.commit(make)


def _becoming(
    unit: UnitOfWork,
    wish: MembershipRequest,
    package: Package,
    placement: PlacementRequest,
    own: OwnMembership | None = None,
) -> Callable[[], MadeOrder]:
    """What makes a customer a member, inside a transaction."""

    def make() -> MadeOrder:
        # Orders that are being completed are either a customer's or a member's.
        orders.hold_books()
        customer = _lock(wish.customer_id)
        _check_birthday(customer, wish)
        if tree.sponsor_of_customer(customer.pk) != placement.sponsor_id:
            raise Conflict(gettext("This customer has just been given another sponsor. Try again."))
        _turn(unit, customer, package, placement)
        order = _membership_order(unit, customer.pk, package, own)
        changes = audit.step("kind", customer.kind, MemberKind.MEMBER)
        data = {"sponsor_id": placement.sponsor_id, "package_id": package.pk}
        event = _record(unit, EventKind.CUSTOMER_BECAME_MEMBER, customer.pk, "", data, changes)
        facts = joining.how_to_pay(order) if own and own.pays_by else {}
        mailings.deliver(event, customer.pk, customer.user.email,
                       username=customer.user.username, **facts)  # fmt: skip
        return order

    return make


def _turn(
    unit: UnitOfWork, customer: Member, package: Package, placement: PlacementRequest
) -> None:
    members.become_member(customer.pk, package.pk)
    joining.take_placement(customer.pk, placement)
    orders.are_of_member(customer.pk)


def _membership_order(
    unit: UnitOfWork, member_id: int, package: Package, own: OwnMembership | None
) -> MadeOrder:
    buyer = Buyer(member_id, MemberKind.MEMBER, unit.client_id)
    market, pays_by = market_of(member_id), own.pays_by if own else ""
    offer = catalog.sold_at_signup(market.id, package.pk)
    lines = joining.membership_lines(offer, market)
    total = sum(line.price for line in lines)
    joining.compare_with_shown(market, total, own.total_amount if own else None)
    when = PayWhen.LATER if total or own is None else PayWhen.NOW
    lapses_at = joining.lapse_time(pays_by)
    payment = PaymentRequest(when, member_id, lapses_at=lapses_at, pays_by=pays_by)
    return ordering.place(unit, lines, buyer, payment, OrderOrigin(OrderKind.MEMBERSHIP))


def _sponsor_of(customer_id: int) -> Person:
    if Member.objects.filter(pk=customer_id, kind=MemberKind.MEMBER).exists():
        raise Conflict(gettext("This is already a member."))
    sponsor_id = tree.sponsor_of_customer(customer_id)
    return joining.find_sponsor(User.objects.values_list("username", flat=True).get(pk=sponsor_id))


def _lock(customer_id: int) -> Member:
    """Raises Conflict unless this is a customer whose account is not closed."""
    found = Member.objects.select_for_update(of=["self"], no_key=True).select_related("user")
    customer = found.get(pk=customer_id)
    if customer.kind == MemberKind.MEMBER:
        raise Conflict(gettext("This is already a member."))
    if customer.standing != Standing.ACTIVE:
        raise Conflict(
            gettext("This customer is {standing}.", standing=customer.get_standing_display())
        )
    return customer


def _check_birthday(customer: Member, wish: MembershipRequest) -> None:
    born = wish.date_of_birth or customer.date_of_birth
    if born is None:
        raise FieldsWrong(fields={"date_of_birth": gettext("Enter the date of birth.")})
    if wrong := wrong_birthday(born):
        raise FieldsWrong(fields=wrong)
    if customer.date_of_birth is None:
        Member.objects.filter(pk=customer.pk).update(date_of_birth=born)


def _must_have_reason(reason: str) -> None:
    if not reason.strip():
        raise FieldsWrong(fields={"reason": gettext("Enter a reason.")})


def _record(
    unit: UnitOfWork,
    event: EventKind,
    customer_id: int,
    reason: str,
    data: Mapping[str, object],
    changes: dict[str, audit.Change],
) -> WrittenEvent:
    return events.record(
        unit,
        event,
        f"member:{customer_id}",
        {"member_id": customer_id, **data},
        changes=changes,
        reason=reason,
    )
