"""Making the story happen: each event through the flow that the API, the office's page or the
worker would call, at its own moment."""

from collections.abc import Callable
from datetime import UTC, timedelta
from functools import singledispatchmethod

from upline.base import clock
from upline.base.countries import states_of
from upline.catalog.statements import Offer
from upline.company import current
from upline.company.queries import load_company
from upline.demo import abroad, banking
from upline.demo import events as happens
from upline.demo.events import StoryEvent
from upline.demo.funds import Purse
from upline.demo.opening import DemoCompany
from upline.demo.paymaster import Paymaster
from upline.demo.people import DemoPerson
from upline.demo.pictures import portrait
from upline.demo.players import Players
from upline.demo.shopping import Shopping
from upline.flows import (
    blocking,
    configuring,
    customers,
    housekeeping,
    joining,
    opening,
    paying_out,
    profiles,
    verifying,
)
from upline.flows.paying import Funds
from upline.kyc import actions as kyc
from upline.kyc.models import KycStatus
from upline.members.person import profile
from upline.members.queries import find_person
from upline.shipping import actions as shipping

SIDES = {"L": 1, "R": 2}


class Teller:
    """Tells events one after the other."""

    def __init__(self, company: DemoCompany, say: Callable[[happens.DayEnds], None]) -> None:
        self.company, self.say = company, say
        self.purse = Purse(company)
        self.players = Players(company, self.purse)
        self.shopping = Shopping(company, self.players)
        self.paymaster = Paymaster(company)

    def tell(self, event: StoryEvent) -> None:
        with clock.pinned(event.at.astimezone(UTC)):
            self._tell(event)

    @singledispatchmethod
    def _tell(self, event: StoryEvent) -> None:
        raise NotImplementedError(type(event))

    @_tell.register
    def _(self, event: happens.Joins) -> None:
        person = event.person
        self.players.meet(person)
        package = self.players.packages(event.who)[event.package]
        signup = joining.SignupRequest(
            sponsor_username=event.sponsor,
            placement_username=event.placement.partition("/")[0],
            placement_position_id=self.players.ids.get(event.placement),
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
        joining.join(self.players.unit(event.caller), self.players.caller(event.caller), signup)
        joined = find_person(person.username)
        assert joined is not None, "the flow has just made this member"
        self.players.ids[person.username] = joined.id

    @_tell.register
    def _(self, event: happens.MarketOpens) -> None:
        self.players.swiss_packages = abroad.open_market(self.company.staff)

    @_tell.register
    def _(self, event: happens.RateBegins) -> None:
        abroad.add_rate(self.company.staff, event.per_unit)

    @_tell.register
    def _(self, event: happens.RegistersCustomer) -> None:
        person = event.person
        self.players.meet(person)
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
        self.players.ids[person.username] = registered.id
        self.players.kinds[person.username] = event.kind
        self.players.choose_password(person.username)

    @_tell.register
    def _(self, event: happens.OpensPosition) -> None:
        wish = opening.PositionRequest(
            self.players.ids[event.who], event.placement, SIDES[event.leg]
        )
        opened = opening.open_position(self.company.staff, wish, "Bought a further position")
        self.players.ids[event.name] = opened.id

    def _funds_for_signup(self, event: happens.Joins, package: Offer) -> Funds:
        amount = package.amount + self.company.signup_fee
        return self.players.funds(event.caller, amount, event.payment_method)

    @_tell.register
    def _(self, event: happens.FillsInProfile) -> None:
        person, member_id = event.person, self.players.ids[event.who]
        unit = self.players.unit(event.who)
        unit.commit(lambda: profile.change_personal(unit, member_id, gender=person.gender))
        self._change_contact(event.who, person, person.email)
        if event.with_bank:
            unit.commit(lambda: profile.change_bank(unit, member_id, **banking.bank_of(person)))

    @_tell.register
    def _(self, event: happens.ChangesEmail) -> None:
        self._change_contact(event.who, event.person, event.email)

    def _change_contact(self, who: str, person: DemoPerson, email: str) -> None:
        profiles.change_contact(
            self.players.unit(who),
            self.players.caller(who),
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
        unit, caller = self.players.unit(event.who), self.players.caller(event.who)
        profiles.change_picture(unit, caller, portrait(event.portrait))

    @_tell.register
    def _(self, event: happens.AddsAddress) -> None:
        person, member_id = event.person, self.players.ids[event.who]
        self.players.unit(event.who).commit(
            lambda: shipping.add(
                member_id,
                name=event.name,
                address=event.street,
                zip_code=person.zip_code,
                city=person.city,
                phone=person.mobile,
            )
        )

    @_tell.register
    def _(self, event: happens.Buys) -> None:
        self.shopping.buy(event)

    @_tell.register
    def _(self, event: happens.FillsCart) -> None:
        self.shopping.fill_cart(event.who, event.wares)

    @_tell.register
    def _(self, event: happens.PaysOrder) -> None:
        self.shopping.pay_later(event)

    @_tell.register
    def _(self, event: happens.CancelsOrder) -> None:
        self.shopping.cancel(event)

    @_tell.register
    def _(self, event: happens.OrderIsApproved) -> None:
        self.shopping.approve(event)

    @_tell.register
    def _(self, event: happens.OrderIsRefunded) -> None:
        self.shopping.refund(event)

    @_tell.register
    def _(self, event: happens.SellsInShop) -> None:
        self.shopping.sell_in_shop(event)

    @_tell.register
    def _(self, event: happens.PaysInAndForgets) -> None:
        self.shopping.pay_in(event.who, event.amount)

    @_tell.register
    def _(self, event: happens.IsBlocked) -> None:
        blocking.block_member(self.company.staff, self.players.ids[event.who], event.reason)

    @_tell.register
    def _(self, event: happens.IsUnblocked) -> None:
        blocking.unblock_member(self.company.staff, self.players.ids[event.who], event.reason)

    @_tell.register
    def _(self, event: happens.IsReviewed) -> None:
        member_id = self.players.ids[event.who]
        if event.status == KycStatus.SUBMITTED:
            unit = self.players.unit(event.who)
            unit.commit(lambda: kyc.review(unit, member_id, event.status, event.note))
        else:
            verifying.review_kyc(self.company.staff, member_id, event.status, event.note)

    @_tell.register
    def _(self, event: happens.GetsEPins) -> None:
        expires_at = clock.now() + timedelta(days=event.days)
        owner_id = self.players.ids[event.who]
        self.purse.buy_epins(owner_id, event.amount, event.quantity, expires_at, event.note)

    @_tell.register
    def _(self, event: happens.EPinIsBlocked) -> None:
        self.purse.lose_newest_epin(self.players.ids[event.who])

    @_tell.register
    def _(self, event: happens.RunsAreOpened) -> None:
        self.paymaster.open_runs()

    @_tell.register
    def _(self, event: happens.RunGoesOn) -> None:
        self.paymaster.go_on(event.step, event.every, event.last_day)

    @_tell.register
    def _(self, event: happens.AsksForPayout) -> None:
        self._ask_for_payout(event.who)

    @_tell.register
    def _(self, event: happens.PayoutsWait) -> None:
        for who in event.asking:
            # A password that was set just now would hold the payout up.
            if self.paymaster.waiting() < event.count and who in self.players.may_pay:
                self._ask_for_payout(who)

    def _ask_for_payout(self, who: str) -> None:
        caller = self.players.caller(who)
        amount = self.paymaster.can_be_paid(caller.member_id)
        if not amount:
            return
        if who not in self.players.may_pay:
            self.players.set_transaction_password(who)
        secret = self.company.credentials.transaction_password
        paying_out.request(self.players.unit(who), caller, amount, secret)

    @_tell.register
    def _(self, event: happens.HoldingTankOpens) -> None:
        configuring.change_settings(self.company.staff, holding_days=event.days)
        # The building sees the company as it was bound: without this setting.
        current.bind(load_company())

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


def _state_id(person: DemoPerson) -> int:
    states = states_of(person.country_id).values()
    return next(state.id for state in states if state.code == person.state_code)
