"""A member enrols the next one: person, place, order, payment and mail, whole or not at all.

The checks run in the order of codes of docs/api.md: 1006, fields, 1007, 1009, 1008, 1010, 1012,
1019, 1011, 1015, then 1014 or 1016. They look before the work; in the transaction the database
decides who was first."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from upline.base import clock, passwords
from upline.base.errors import REQUIRED, FieldsWrong, NotPermitted, Refusal
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.catalog.queries import sold_at_signup
from upline.catalog.statements import Offer
from upline.company import current as company
from upline.company.models import PlanKind
from upline.events import actions as events
from upline.flows import limits, ordering, paying
from upline.flows.ordering import Buyer, OrderOrigin, PaymentRequest, PayWhen
from upline.flows.paying import Funds
from upline.genealogy import actions as genealogy
from upline.genealogy import queries as tree
from upline.genealogy.errors import PlacementInvalid, SideTaken, SponsorInvalid
from upline.kyc import actions as kyc
from upline.language import gettext, lazy
from upline.mailings import actions as mailings
from upline.markets import current as markets
from upline.markets.queries import MarketFacts
from upline.members import actions as members
from upline.members.errors import EmailInUse, UsernameTaken
from upline.members.models import MemberKind, Standing
from upline.members.person.rules import wrong_birthday, wrong_username
from upline.members.queries import Caller, Person, email_in_use, find_person
from upline.members.security.new_passwords import wrong_password
from upline.orders import actions as orders
from upline.orders.actions import LineToOrder, MadeOrder
from upline.orders.errors import TotalsDiffer
from upline.orders.models import OrderKind
from upline.payments.models import PaymentProvider
from upline.wallet import actions as wallet

NOT_OFFERED = lazy("This payment method is not available.")
# Their orders await payment: nobody pays while they sign up.
_PAID_LATER = {"free_join": "", "bank_transfer": PaymentProvider.OUTSIDE}


class RegistrationClosed(Refusal):
    code, status = "1006", 403
    meaning = "Registration blocked by the office"
    sentence = lazy("Registration is closed.")


@dataclass(frozen=True)
class SignupRequest:
    """What a signup asks for, its fields checked one by one. `placement_position_id` is which of
    the placement's positions is meant, the first one where that is None. `side` is L, R or '';
    `total_amount`, in minor units, what the client has shown, None where it has not said;
    `country_id`, ISO 3166-1 numeric, chooses the market. `hashed` is the hash of a password that
    was judged when it was typed; `password` is '' then. `is_by_link`: with a member's link, they
    are placed where the company places whoever names no placement."""

    sponsor_username: str
    placement_username: str
    side: str
    product_id: int
    firstname: str
    lastname: str
    date_of_birth: date
    email: str
    mobile: str
    username: str
    password: str
    payment_method: str
    funds: Funds
    total_amount: int | None = None
    placement_position_id: int | None = None
    country_id: int | None = None
    hashed: str = ""
    is_by_link: bool = False


class Joined(NamedTuple):
    """Somebody who has just joined. `hashed` is the hash of their password."""

    member_id: int
    username: str
    hashed: str


@dataclass(frozen=True)
class PlacementRequest:
    """Where the new member will stand. `top_id` is the placement, or who spill-over starts
    from; `side` 1 or 2 in a binary company; `outer_end` says that it is spill-over. `waits_until`:
    they stand nowhere until they are given a place, by this moment."""

    sponsor_id: int
    top_id: int
    side: int
    outer_end: bool
    waits_until: datetime | None = None


def refuse_when_closed() -> None:
    """Raises RegistrationClosed; it comes before any look at the parameters."""
    if not company.office().registration_open:
        raise RegistrationClosed()


def join(unit: UnitOfWork, caller: Caller, signup: SignupRequest) -> str:
    """Enrol a member. Returns the new username. Raises a refusal of each code that signup
    lists in OpenAPI. Needs no right: members enrol others, and the public where the office
    lets it."""
    refuse_when_closed()
    if caller.kind != MemberKind.MEMBER:
        raise NotPermitted(gettext("Only members can enrol others."))
    limits.count_signup(caller, unit.address)
    make = prepare(unit, caller, signup)
    return unit.commit(lambda: make().username)


def prepare(unit: UnitOfWork, caller: Caller, signup: SignupRequest) -> Callable[[], Joined]:
    """All looks of a signup that come before its work; what is returned does the work, inside a
    transaction. Raises what `join` does, but for its limit. Needs no right: it is part of a
    change that asked for its own."""
    _check_fields(signup)
    sponsor = find_own_sponsor(caller, signup.sponsor_username)
    placement = choose_placement(
        sponsor,
        signup.placement_username,
        signup.side,
        signup.placement_position_id,
        by_default=signup.is_by_link and not signup.placement_username,
    )
    username = choose_username(signup.username)
    market = market_for(signup.country_id, sponsor)
    package = sold_at_signup(market.id, signup.product_id)
    if caller.member_id:
        kyc.require("signup", caller.member_id)
    source = None
    if signup.payment_method not in _PAID_LATER:
        payer_id = caller.member_id or placement.sponsor_id
        source = paying.find_source(unit, caller, payer_id, signup.funds, market.currency)
    hashed = signup.hashed or passwords.hashed(signup.password, is_known=bool(caller.member_id))
    may_mail = not limits.mailed_too_often("welcome", signup.email)

    def make() -> Joined:
        members.claim_email(signup.email)
        new_id = _make_member(unit, signup, username, hashed, package.package_id, market)
        take_placement(new_id, placement)
        order = _order(unit, caller, signup, new_id, package, source, market)
        event = events.write(
            EventKind.MEMBER_JOINED,
            f"member:{new_id}",
            member_id=new_id,
            sponsor_id=placement.sponsor_id,
            package_id=package.package_id,
        )
        if may_mail:
            facts = how_to_pay(order) if signup.payment_method == "bank_transfer" else {}
            mailings.deliver(event, new_id, signup.email, username=username, **facts)
        return Joined(new_id, username, hashed)

    return make


def how_to_pay(order: MadeOrder) -> dict[str, object]:
    """What a mail says of an order that awaits a bank transfer. Needs no right: it changes
    nothing."""
    return {"order": order.number, "amount": order.total.minor, "currency": order.total.currency}


def _check_fields(signup: SignupRequest) -> None:
    office = company.office()
    wrong = wrong_birthday(signup.date_of_birth)
    if not office.dynamic_usernames:
        wrong |= wrong_username(signup.username)
    names = (signup.username, signup.email, company.current().name)
    if not signup.hashed and (sentence := wrong_password(signup.password, names)):
        wrong["password"] = sentence
    if signup.payment_method not in office.payment_methods:
        wrong["payment_method"] = NOT_OFFERED
    if office.one_member_per_email and email_in_use(signup.email):
        wrong["email"] = EmailInUse.taken
    if wrong:
        raise FieldsWrong(fields=wrong)


def find_own_sponsor(caller: Caller, username: str) -> Person:
    """A member who may sponsor others, of the team of a member who calls. Raises SponsorInvalid.
    Needs no right: it changes nothing."""
    sponsor = find_sponsor(username)
    if caller.member_id and not tree.in_team(caller.member_id, sponsor.id):
        raise SponsorInvalid()
    return sponsor


def find_sponsor(username: str) -> Person:
    """A member who may sponsor others. Raises SponsorInvalid."""
    sponsor = find_person(username)
    if sponsor is None or not sponsor.may_sponsor:
        raise SponsorInvalid()
    return sponsor


def choose_placement(
    sponsor: Person,
    placement_username: str,
    side: str,
    position_id: int | None = None,
    *,
    by_default: bool = False,
) -> PlacementRequest:
    """Where a new member of this sponsor will stand, as things are now; `side` is L, R or '',
    `position_id` which of the placement's positions is meant, None for the first one; `by_default`
    names none, whether the office allows spill-over or not. Raises FieldsWrong, PlacementInvalid,
    SideTaken."""
    kind = company.current().plan_kind
    if kind == PlanKind.UNILEVEL:
        return PlacementRequest(sponsor.id, sponsor.id, 0, outer_end=False)
    if tree.is_waiting(sponsor.id):
        raise SponsorInvalid()
    days = company.office().holding_days
    if kind == PlanKind.BINARY and days and not placement_username:
        until = clock.now() + timedelta(days=days)
        return PlacementRequest(sponsor.id, sponsor.id, 0, outer_end=False, waits_until=until)
    top_id = None
    if not by_default:
        top_id = _find_placement(sponsor, placement_username, position_id)
    if kind == PlanKind.MATRIX:
        return PlacementRequest(sponsor.id, top_id or sponsor.id, 0, outer_end=False)
    number = tree.SIDES.get(side) or sponsor.preferred_side or 1
    if top_id and not tree.is_free(top_id, number):
        raise SideTaken()
    return PlacementRequest(sponsor.id, top_id or sponsor.id, number, outer_end=top_id is None)


def _find_placement(
    sponsor: Person, placement_username: str, position_id: int | None
) -> int | None:
    """The position to be placed below; None asks for spill-over, where the office allows it."""
    if not placement_username:
        if not company.office().spill_over:
            raise FieldsWrong(fields={"placement_username": REQUIRED})
        return None
    return position_in_team(sponsor.id, placement_username, position_id)


def position_in_team(top_id: int, username: str, position_id: int | None) -> int:
    """The position of this name (the first one, or the one of this id) in the team of `top_id`.
    Raises PlacementInvalid. Needs no right: it changes nothing."""
    placement = find_person(username)
    if placement is None or placement.member_id is None or placement.standing == Standing.CLOSED:
        raise PlacementInvalid()
    position_id = position_id or placement.member_id
    known = tree.positions_named([position_id]).get(position_id)
    if known is None or known.member_id != placement.member_id:
        raise PlacementInvalid()
    if not tree.in_team(top_id, position_id):
        raise PlacementInvalid()
    return position_id


def market_for(country_id: int | None, sponsor: Person) -> MarketFacts:
    """The market of somebody new: the one that their country belongs to, else their sponsor's."""
    assert sponsor.market_id is not None, "a sponsor is a member"
    return markets.of_country(country_id) or markets.market(sponsor.market_id)


def choose_username(wanted: str) -> str:
    """The username of somebody new: the one they want, or one that is made up where the office
    has it so. Raises UsernameTaken."""
    office = company.office()
    if not office.dynamic_usernames:
        if find_person(wanted) is not None:
            raise UsernameTaken()
        return wanted
    while True:
        username = f"{office.username_prefix}{secrets.randbelow(10**8):08}"
        if find_person(username) is None:
            return username


def _make_member(
    unit: UnitOfWork,
    signup: SignupRequest,
    username: str,
    hashed: str,
    package_id: int,
    market: MarketFacts,
) -> int:
    new = members.NewMember(
        username=username,
        password=hashed,
        email=signup.email,
        firstname=signup.firstname,
        lastname=signup.lastname,
        date_of_birth=signup.date_of_birth,
        mobile=signup.mobile,
        terms_version=company.office().terms_version,
        market_id=market.id,
        country_id=signup.country_id,
    )
    new_id = members.join(unit, new, package_id)
    wallet.open_accounts(new_id)
    return new_id


def take_placement(new_id: int, placement: PlacementRequest) -> None:
    """Inside a transaction: put a new member into both trees, or let them wait. Raises SideTaken,
    PlacementInvalid. Needs no right: it is part of a change that asked for its own."""
    kind = company.current().plan_kind
    if kind == PlanKind.UNILEVEL:
        genealogy.place_under_sponsor(new_id, placement.sponsor_id)
    elif placement.waits_until:
        genealogy.wait(new_id, placement.sponsor_id, placement.waits_until)
    elif kind == PlanKind.MATRIX:
        genealogy.place_below(new_id, placement.sponsor_id, placement.top_id)
    elif placement.outer_end:
        genealogy.place_at_outer_end(new_id, placement.sponsor_id, placement.top_id, placement.side)
    else:
        genealogy.place(new_id, placement.sponsor_id, placement.top_id, placement.side)


def _order(
    unit: UnitOfWork,
    caller: Caller,
    signup: SignupRequest,
    new_id: int,
    package: Offer,
    source: paying.MoneySource | None,
    market: MarketFacts,
) -> MadeOrder:
    """The membership order. Nobody pays a free join's now; it lapses where the office says so. One
    with a link that costs nothing is complete at once."""
    lines = membership_lines(package, market)
    total = sum(line.price for line in lines)
    compare_with_shown(market, total, signup.total_amount)
    pays_by = _PAID_LATER.get(signup.payment_method)
    is_later = pays_by is not None and not (signup.is_by_link and not total)
    when = PayWhen.LATER if is_later else PayWhen.NOW
    lapses_at = lapse_time(pays_by or "") if is_later else None
    # Who enrols somebody in another currency has paid nothing in that could buy there.
    is_callers = caller.member_id and caller.currency == market.currency
    payer_id = caller.member_id if is_callers else new_id
    payment = PaymentRequest(when, payer_id, source, lapses_at, pays_by or "")
    buyer = Buyer(new_id, MemberKind.MEMBER, caller.client_id or None)
    return ordering.place(unit, lines, buyer, payment, OrderOrigin(OrderKind.MEMBERSHIP))


def compare_with_shown(market: MarketFacts, total: int, shown: int | None) -> None:
    """Raises TotalsDiffer where joining costs another amount than was shown, None where nothing
    was. Needs no right: it changes nothing."""
    if shown not in (None, total):
        sentence = gettext("Package and fee come to {amount}.", amount=market.money(total))
        raise TotalsDiffer(sentence, fields={"total_amount": sentence})


def fee_in(market: MarketFacts) -> int:
    """The signup fee in a market's currency. Raises FieldsWrong where it has no exchange rate.
    Needs no right: it changes nothing."""
    return markets.office_amount("signup_fee", market)


def membership_lines(package: Offer, market: MarketFacts) -> list[LineToOrder]:
    """What a new member orders: the package, and the signup fee where there is one."""
    lines = [orders.line_of(package, 1)]
    fee = fee_in(market)
    if fee:
        lines.append(orders.signup_fee_line(fee))
    return lines


def lapse_time(pays_by: str = "") -> datetime | None:
    """When a membership order made now lapses unless it is paid, by the provider that is to bring
    its money; None: never."""
    if pays_by == PaymentProvider.OUTSIDE:
        return orders.lapse_time(pays_by)
    days = company.office().signup_order_days
    return clock.now() + timedelta(days=days) if days else None
