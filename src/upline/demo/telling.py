"""Making the story happen: each event through the flow that the API, the office's page or the
worker would call, at its own moment."""

from collections.abc import Callable
from datetime import UTC, timedelta
from functools import singledispatchmethod

from upline.base import clock
from upline.base.actors import ActingMember
from upline.base.countries import states_of
from upline.base.unit import UnitOfWork
from upline.cart import actions as cart
from upline.catalog.models import PackageKind
from upline.catalog.statements import Offer
from upline.demo import abroad, banking
from upline.demo import events as happens
from upline.demo.events import StoryEvent
from upline.demo.funds import Purse
from upline.demo.opening import DemoCompany
from upline.demo.paymaster import Paymaster
from upline.demo.people import DemoPerson
from upline.demo.pictures import portrait
from upline.flows import (
    blocking,
    customers,
    housekeeping,
    joining,
    opening,
    order_decisions,
    ordering,
    paying,
    paying_out,
    profiles,
    refunding,
    verifying,
)
from upline.flows import passwords as password_flows
from upline.flows.ordering import Totals
from upline.flows.paying import Funds
from upline.flows.permissions import DEFAULT_SCOPES, SCOPES
from upline.kyc import actions as kyc
from upline.kyc.models import KycStatus
from upline.members import actions as members
from upline.members.models import LinkPurpose, MemberKind
from upline.members.person import profile
from upline.members.queries import Caller, find_person
from upline.orders.models import Order, OrderKind, OrderStatus
from upline.shipping import actions as shipping
from upline.wallet import queries as wallet
from upline.wallet.models import AccountKind

SIDES = {"L": 1, "R": 2}
_SCOPES = frozenset(DEFAULT_SCOPES)


class Teller:
    """Tells events one after the other. Order numbers are remembered by the story's keys."""

    def __init__(self, company: DemoCompany, say: Callable[[happens.DayEnds], None]) -> None:
        self.company, self.say = company, say
        self.ids = {company.root: company.root_id}
        self.kinds: dict[str, MemberKind] = {}
        self.numbers: dict[str, str] = {}
        self.may_pay: set[str] = set()
        self.swiss: set[str] = set()
        self.swiss_packages: dict[str, Offer] = {}
        self.purse = Purse(company)
        self.paymaster = Paymaster(company)

    def tell(self, event: StoryEvent) -> None:
        with clock.pinned(event.at.astimezone(UTC)):
            self._tell(event)

    # Who does it: the member through the company's app or its web shop, or the office.

    def _caller(self, who: str) -> Caller:
        kind = self.kinds.get(who, MemberKind.MEMBER)
        return Caller(self.company.app_id, _SCOPES, self.ids[who], who, kind=kind)

    def _unit(self, who: str) -> UnitOfWork:
        return UnitOfWork(
            ActingMember(self.ids[who], self.company.app_id, _SCOPES), address=_address(who)
        )

    def _packages(self, who: str) -> dict[str, Offer]:
        """Those of the market that somebody belongs to."""
        return self.swiss_packages if who in self.swiss else self.company.packages

    def _meet(self, person: DemoPerson) -> None:
        """Remember somebody who is about to join."""
        if person.is_swiss:
            self.swiss.add(person.username)

    @singledispatchmethod
    def _tell(self, event: StoryEvent) -> None:
        raise NotImplementedError(type(event))

    @_tell.register
    def _(self, event: happens.Joins) -> None:
        person = event.person
        self._meet(person)
        package = self._packages(event.who)[event.package]
        signup = joining.SignupRequest(
            sponsor_username=event.sponsor,
            placement_username=event.placement.partition("/")[0],
            placement_position_id=self.ids.get(event.placement),
            side=event.leg,
            product_id=package.package_id,
            firstname=person.firstname,
            lastname=person.lastname,
            date_of_birth=person.born,
            email=person.email,
            mobile=person.mobile,
            username=person.username,
            password=self.company.credentials.password,
            payment_method=event.payment_method,
            country_id=person.country_id,
            funds=self._funds_for_signup(event, package),
        )
        joining.join(self._unit(event.caller), self._caller(event.caller), signup)
        joined = find_person(person.username)
        assert joined is not None, "the flow has just made this member"
        self.ids[person.username] = joined.id

    @_tell.register
    def _(self, event: happens.MarketOpens) -> None:
        self.swiss_packages = abroad.open_market(self.company.staff)

    @_tell.register
    def _(self, event: happens.RateBegins) -> None:
        abroad.add_rate(self.company.staff, event.per_unit)

    @_tell.register
    def _(self, event: happens.RegistersCustomer) -> None:
        person = event.person
        self._meet(person)
        new = customers.CustomerRegistration(
            sponsor=event.sponsor,
            kind=event.kind,
            firstname=person.firstname,
            lastname=person.lastname,
            email=person.email,
            mobile=person.mobile,
            username=person.username,
            country_id=person.country_id,
        )
        customers.register(self.company.staff, new)
        registered = find_person(person.username)
        assert registered is not None, "the flow has just made this customer"
        self.ids[person.username] = registered.id
        self.kinds[person.username] = event.kind
        self._choose_password(person.username)

    def _choose_password(self, who: str) -> None:
        """With the link that the mail carries."""
        unit, purpose = self._unit(who), LinkPurpose.LOGIN_PASSWORD
        secret = unit.commit(lambda: members.make_link(self.ids[who], purpose))
        password_flows.reset(unit, purpose, secret, self.company.credentials.password)

    @_tell.register
    def _(self, event: happens.OpensPosition) -> None:
        wish = opening.PositionRequest(self.ids[event.who], event.placement, SIDES[event.leg])
        opened = opening.open_position(self.company.staff, wish, "Bought a further position")
        self.ids[event.name] = opened.id

    def _funds_for_signup(self, event: happens.Joins, package: Offer) -> Funds:
        amount = package.amount + self.company.signup_fee
        return self._funds(event.caller, amount, event.payment_method)

    def _funds(self, who: str, amount: int, method: str) -> Funds:
        """What pays `amount`: an e-pin bought before, or the wallet, filled where it lacks."""
        if method == "epin":
            return Funds(epin_code=self.purse.epin(self.ids[who], amount))
        if method == "free_join":
            return Funds()
        self.purse.fill_wallet(self.ids[who], amount)
        if who not in self.may_pay:
            self._set_transaction_password(who)
        return Funds(who, self.company.credentials.transaction_password)

    def _set_transaction_password(self, who: str) -> None:
        """Before the first payment, with a link as the one that a mail carries."""
        unit, purpose = self._unit(who), LinkPurpose.TRANSACTION_PASSWORD
        secret = unit.commit(lambda: members.make_link(self.ids[who], purpose))
        chosen = self.company.credentials.transaction_password
        password_flows.reset(unit, purpose, secret, chosen)
        self.may_pay.add(who)

    @_tell.register
    def _(self, event: happens.FillsInProfile) -> None:
        person, unit, member_id = event.person, self._unit(event.who), self.ids[event.who]
        unit.commit(lambda: profile.change_personal(unit, member_id, gender=person.gender))
        self._change_contact(event.who, person, person.email)
        if event.with_bank:
            unit.commit(lambda: profile.change_bank(unit, member_id, **banking.bank_of(person)))

    @_tell.register
    def _(self, event: happens.ChangesEmail) -> None:
        self._change_contact(event.who, event.person, event.email)

    def _change_contact(self, who: str, person: DemoPerson, email: str) -> None:
        profiles.change_contact(
            self._unit(who),
            self._caller(who),
            address_line1=person.street,
            country_id=person.country_id,
            state_id=_state_id(person),
            city=person.city,
            zip_code=person.zip_code,
            email=email,
            mobile=person.mobile,
        )

    @_tell.register
    def _(self, event: happens.ShowsPicture) -> None:
        head = portrait(event.seed, event.gender)
        profiles.change_picture(self._unit(event.who), self._caller(event.who), head)

    @_tell.register
    def _(self, event: happens.AddsAddress) -> None:
        person, member_id = event.person, self.ids[event.who]
        self._unit(event.who).commit(
            lambda: shipping.add(
                member_id,
                name=event.name,
                address=event.street,
                zip_code=person.zip_code,
                city=person.city,
                phone=person.mobile,
            )
        )

    def spend_purchase_money(self, who: str) -> None:
        """Buy for all that can only buy, and a little from the wallet."""
        currency = self._caller(who).currency
        saved = wallet.balances(self.ids[who], currency)[AccountKind.PURCHASE]
        if saved:
            cheap = min(self._wares(who), key=lambda ware: ware.amount)
            pieces = -(-saved // cheap.amount)
            unit, caller = self._unit(who), self._caller(who)
            self._put_in_cart(unit, caller.member_id, cheap.package_id, pieces)
            funds = self._funds(who, cheap.amount * pieces, "ewallet")
            ordering.check_out(unit, caller, None, funds)

    def _wares(self, who: str) -> list[Offer]:
        return [each for each in self._packages(who).values() if each.kind == PackageKind.CART]

    @_tell.register
    def _(self, event: happens.Buys) -> None:
        unit, caller = self._unit(event.who), self._caller(event.who)
        total = 0
        for code, quantity in event.wares:
            package = self._packages(event.who)[code]
            total += package.amount * quantity
            self._put_in_cart(unit, caller.member_id, package.package_id, quantity)
        funds = None
        if event.way == "paid_in":
            self._pay_in(event.who, total)
        elif event.way in {"wallet", "epin"}:
            funds = self._funds(event.who, total, event.way)
        made = ordering.check_out(unit, caller, None, funds)
        self.numbers[event.key] = made.number

    def _put_in_cart(
        self, unit: UnitOfWork, member_id: int, package_id: int, quantity: int
    ) -> None:
        unit.commit(lambda: cart.add(member_id, package_id, quantity))

    def _pay_in(self, who: str, amount: int) -> None:
        funds = self._funds(who, amount, "ewallet")
        paying.pay_from_wallet(
            self._unit(who), self._caller(who), amount, who, funds.transaction_password
        )

    def _order(self, key: str) -> Order:
        if key in self.ids:
            return Order.objects.get(member_id=self.ids[key], kind=OrderKind.MEMBERSHIP)
        return Order.objects.get(number=self.numbers[key])

    def _unpaid(self, key: str) -> Order | None:
        """The order, unless what the buyer had paid in before has covered it already."""
        order = self._order(key)
        return order if order.status == OrderStatus.AWAITING_PAYMENT else None

    @_tell.register
    def _(self, event: happens.PaysOrder) -> None:
        if order := self._unpaid(event.key):
            self._pay_in(event.who, order.total_amount)
            totals = Totals(order.total_amount, order.total_quantity, order.total_points)
            ordering.complete(self._unit(event.who), self._caller(event.who), order.number, totals)

    @_tell.register
    def _(self, event: happens.CancelsOrder) -> None:
        if order := self._unpaid(event.key):
            ordering.cancel(self._unit(event.who), self._caller(event.who), order.number)

    @_tell.register
    def _(self, event: happens.OrderIsApproved) -> None:
        if order := self._unpaid(event.key):
            order_decisions.approve_order(self.company.approver, order.number)

    @_tell.register
    def _(self, event: happens.OrderIsRefunded) -> None:
        order = self._order(event.key)
        lines = list(order.lines.order_by("id"))
        pieces = {line.pk: line.quantity for line in lines} if event.whole else {lines[0].pk: 1}
        refunding.refund_order(self.company.approver, order.number, pieces, event.reason)

    @_tell.register
    def _(self, event: happens.SellsInShop) -> None:
        member_id = self.ids[event.who]
        shop_id = self.company.shop_id
        scopes = frozenset(SCOPES)
        caller = Caller(shop_id, scopes, member_id, event.who)
        unit = UnitOfWork(ActingMember(member_id, shop_id, scopes))
        totals = Totals(event.amount, event.quantity, event.points)
        ordering.complete(unit, caller, event.shop_order, totals)

    @_tell.register
    def _(self, event: happens.PaysInAndForgets) -> None:
        self._pay_in(event.who, event.amount)

    @_tell.register
    def _(self, event: happens.IsBlocked) -> None:
        blocking.block_member(self.company.staff, self.ids[event.who], event.reason)

    @_tell.register
    def _(self, event: happens.IsUnblocked) -> None:
        blocking.unblock_member(self.company.staff, self.ids[event.who], event.reason)

    @_tell.register
    def _(self, event: happens.IsReviewed) -> None:
        member_id = self.ids[event.who]
        if event.status == KycStatus.SUBMITTED:
            unit = self._unit(event.who)
            unit.commit(lambda: kyc.review(unit, member_id, event.status, event.note))
        else:
            verifying.review_kyc(self.company.staff, member_id, event.status, event.note)

    @_tell.register
    def _(self, event: happens.GetsEPins) -> None:
        expires_at = clock.now() + timedelta(days=event.days)
        owner_id = self.ids[event.who]
        self.purse.buy_epins(owner_id, event.amount, event.quantity, expires_at, event.note)

    @_tell.register
    def _(self, event: happens.EPinIsBlocked) -> None:
        self.purse.lose_newest_epin(self.ids[event.who])

    @_tell.register
    def _(self, event: happens.RunsAreOpened) -> None:
        self.paymaster.open_runs()

    @_tell.register
    def _(self, event: happens.RunGoesOn) -> None:
        self.paymaster.go_on(event.step, event.every, event.last_day)

    @_tell.register
    def _(self, event: happens.AsksForPayout) -> None:
        caller = self._caller(event.who)
        amount = self.paymaster.can_be_paid(caller.member_id)
        if not amount:
            return
        if event.who not in self.may_pay:
            self._set_transaction_password(event.who)
        secret = self.company.credentials.transaction_password
        paying_out.request(self._unit(event.who), caller, amount, secret)

    @_tell.register
    def _(self, event: happens.PayoutsAreLookedAt) -> None:
        self.paymaster.look_at_payouts(event.declines)

    @_tell.register
    def _(self, event: happens.PayoutsAreBatched) -> None:
        self.paymaster.batch_payouts()

    @_tell.register
    def _(self, event: happens.BatchIsSettled) -> None:
        self.paymaster.settle_batch(event.fails)

    @_tell.register
    def _(self, event: happens.TimePasses) -> None:
        housekeeping.let_time_pass()

    @_tell.register
    def _(self, event: happens.DayEnds) -> None:
        housekeeping.let_time_pass()
        self.say(event)


def _address(username: str) -> str:
    """A network address from the ranges that are kept for examples."""
    number = banking.number_of(username)
    network = ("192.0.2", "198.51.100", "203.0.113")[number % 3]
    return f"{network}.{number % 250 + 1}"


def _state_id(person: DemoPerson) -> int:
    states = states_of(person.country_id).values()
    return next(state.id for state in states if state.code == person.state_code)
