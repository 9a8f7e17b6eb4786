"""Everything that moves a member's money, in any order, against a model in plain Python.

ann acts; bob's wallet may pay for her. The clock is pinned, and moves by a step of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from support.cast import enrol, set_transaction_password, unique
from support.installation import ROOT_MEMBER, TRANSACTION_PASSWORD
from support.moves import IBAN
from upline.base import clock
from upline.base.actors import Shell
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.cart import actions as cart
from upline.catalog.models import Package
from upline.epins.models import EPin as Row
from upline.flows import (
    adjusting,
    checkout,
    epin_batches,
    housekeeping,
    ordering,
    paying,
    paying_out,
    refunding,
)
from upline.members.person import profile
from upline.members.queries import Caller
from upline.orders.models import Order as OrderRow
from upline.orders.models import OrderLine
from upline.orders.queries import find_own
from upline.payouts.models import Payout as PayoutRow
from upline.shipping import actions
from upline.wallet.models import AccountKind
from upline.wallet.queries import balances

LIFE = timedelta(minutes=30)
LAPSE = timedelta(hours=24)
PRICES = {"C-soap": 1250, "C-tea": 499}

amounts = st.sampled_from([499, 1250, 2000, 7001])
who = st.sampled_from(["ann", "bob"])
number = st.integers(0, 5)


@dataclass
class EPin:
    code: str
    balance: int
    expires: datetime | None


@dataclass
class Deposit:
    """`source` is whose wallet or which e-pin paid."""

    source: str | EPin
    remaining: int
    expires: datetime


@dataclass
class Order:
    number: str
    price: int
    quantity: int
    lapses: datetime
    status: str = "awaiting_payment"
    refunded: int = 0
    # What paid it, in that order: the source (None is `purchase`) and what it paid.
    paid: list[tuple[str | EPin | None, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.price * self.quantity


@dataclass
class Payout:
    number: str
    amount: int
    status: str = "requested"


# Each step of a payout: the states that it may begin in, and the one that it ends in.
STEPS = {
    "cancel": ({"requested"}, "cancelled"),
    "approve": ({"requested"}, "approved"),
    "decline": ({"requested", "approved"}, "declined"),
    "pay": ({"in_batch"}, "paid"),
    "fail": ({"in_batch"}, "failed"),
    "return": ({"paid"}, "returned"),
}


class Model:
    """What should be so."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.wallets = {"ann": 0, "bob": 0}
        self.purchase = 0
        self.epins: list[EPin] = []
        self.deposits: list[Deposit] = []
        self.orders: list[Order] = []
        self.payouts: list[Payout] = []

    def available(self) -> int:
        return self.purchase + sum(deposit.remaining for deposit in self.deposits)

    def return_to(self, source: str | EPin | None, amount: int) -> None:
        if isinstance(source, str):
            self.wallets[source] += amount
        elif source is not None and (source.expires is None or source.expires > self.now):
            source.balance += amount
        else:
            self.purchase += amount

    def holds_back(self) -> bool:
        return any(order.status == "awaiting_payment" for order in self.orders)

    def give_back(self, only_expired: bool) -> None:
        """An order that waits for its payment holds back what goes back by itself."""
        if only_expired and self.holds_back():
            return
        for deposit in self.deposits:
            if not only_expired or deposit.expires <= self.now:
                self.return_to(deposit.source, deposit.remaining)
                deposit.remaining = 0

    def pay(self, order: Order) -> None:
        remaining = order.total
        for deposit in self.deposits:
            part = min(deposit.remaining, remaining)
            if part:
                deposit.remaining -= part
                order.paid.append((deposit.source, part))
                remaining -= part
        if remaining:
            self.purchase -= remaining
            order.paid.append((None, remaining))
        order.status = "complete"

    def refund(self, order: Order, quantity: int) -> None:
        remaining, order.refunded = order.price * quantity, order.refunded + quantity
        while remaining:
            source, amount = order.paid.pop()
            part = min(amount, remaining)
            self.return_to(source, part)
            remaining -= part
            if amount > part:
                order.paid.append((source, amount - part))
        if order.refunded == order.quantity:
            order.status = "refunded"

    def let_time_pass(self) -> None:
        for order in self.orders:
            if order.status == "awaiting_payment" and order.lapses <= self.now:
                order.status = "cancelled"
        self.give_back(only_expired=True)


class Money(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()

        self.ids, self.names = {}, {}
        for name in ("ann", "bob"):
            self.names[name] = unique(name)
            self.ids[name] = enrol(ROOT_MEMBER, self.names[name])
            set_transaction_password(self.ids[name])
        self.model = Model(clock.now())
        self.ann = Caller(1, frozenset(), self.ids["ann"], self.names["ann"])
        self.happens(self.add_address)
        self.happens(self.tell_bank)
        self.money_comes_from_outside("ann", 20_000)
        self.money_comes_from_outside("bob", 20_000)
        for minutes in (None, 40):
            self.an_epin_is_issued(5_000, minutes)

    def order(self, index: int, status: str) -> Order:
        """One of the orders, of this status where there are any."""
        fitting = [order for order in self.model.orders if order.status == status]
        orders = fitting or self.model.orders
        return orders[index % len(orders)]

    def happens(self, work: Callable[[], Any], refused: bool = False) -> Any:
        """Do it at the model's time, in a transaction or flow of its own; `refused` says what
        the model expects."""

        try:
            with clock.pinned(self.model.now):
                result = work()
        except Refusal:
            assert refused
            return None
        assert not refused
        return result

    def add_address(self) -> None:
        address = dict.fromkeys(("name", "address", "city", "zip_code", "phone"), "Bonn")
        UnitOfWork(Shell()).commit(lambda: actions.add(self.ids["ann"], **address))

    def tell_bank(self) -> None:
        bank = {"account_holder": "Ann", "account_number": IBAN}
        UnitOfWork(Shell()).commit(
            lambda: profile.change_bank(UnitOfWork(Shell()), self.ids["ann"], **bank)
        )

    @rule(whose=who, amount=amounts)
    def money_comes_from_outside(self, whose: str, amount: int) -> None:
        self.happens(
            lambda: adjusting.credit_wallet(UnitOfWork(Shell()), self.ids[whose], amount, "a test")
        )
        self.model.wallets[whose] += amount

    @rule(whose=who, amount=amounts)
    def money_leaves(self, whose: str, amount: int) -> None:
        lacks = self.model.wallets[whose] < amount
        self.happens(
            lambda: adjusting.debit_wallet(UnitOfWork(Shell()), self.ids[whose], amount, "a test"),
            lacks,
        )
        self.model.wallets[whose] -= 0 if lacks else amount

    @rule(amount=amounts, minutes=st.sampled_from([None, 10, 40]))
    def an_epin_is_issued(self, amount: int, minutes: int | None) -> None:
        expires = self.model.now + timedelta(minutes=minutes) if minutes else None
        (code,) = self.happens(
            lambda: epin_batches.issue_epins(
                UnitOfWork(Shell()), amount, 1, self.ids["ann"], expires
            )
        )
        self.model.epins.append(EPin(code, amount, expires))

    @rule(whose=who, amount=amounts)
    def ann_pays_from_a_wallet(self, whose: str, amount: int) -> None:
        lacks = self.model.wallets[whose] < amount
        self.happens(
            lambda: paying.pay_from_wallet(
                UnitOfWork(Shell()), self.ann, amount, self.names[whose], TRANSACTION_PASSWORD
            ),
            lacks,
        )
        if not lacks:
            self.model.wallets[whose] -= amount
            self.model.deposits.append(Deposit(whose, amount, self.model.now + LIFE))

    @precondition(lambda self: self.model.epins)
    @rule(index=number, amount=amounts)
    def ann_pays_from_an_epin(self, index: int, amount: int) -> None:
        epin = self.model.epins[index % len(self.model.epins)]
        expired = epin.expires is not None and epin.expires <= self.model.now
        refused = expired or epin.balance < amount
        self.happens(
            lambda: paying.pay_from_epin(UnitOfWork(Shell()), self.ann, amount, epin.code), refused
        )
        if not refused:
            epin.balance -= amount
            self.model.deposits.append(Deposit(epin, amount, self.model.now + LIFE))

    @rule()
    def ann_takes_her_payments_back(self) -> None:
        self.happens(lambda: paying.give_back(UnitOfWork(Shell()), self.ann))
        self.model.give_back(only_expired=False)

    @rule(code=st.sampled_from(sorted(PRICES)), quantity=st.integers(1, 4))
    def ann_checks_out(self, code: str, quantity: int) -> None:
        package = Package.objects.get(code=code)
        UnitOfWork(Shell()).commit(lambda: cart.add(self.ann.member_id, package.pk, quantity))
        made = self.happens(lambda: checkout.check_out(UnitOfWork(Shell()), self.ann, None, None))
        order = Order(made.number, PRICES[code], quantity, self.model.now + LAPSE)
        assert made.total_amount == order.total
        if self.model.available() >= order.total:
            self.model.pay(order)
        self.model.orders.append(order)

    @rule(index=st.integers(0, 1), quantity=st.integers(1, 4))
    def ann_buys_from_two_sources(self, index: int, quantity: int) -> None:
        self.ann_pays_from_an_epin(index, 1250)
        self.ann_pays_from_a_wallet("bob", 1250 * quantity)
        self.ann_checks_out("C-soap", quantity + 1)

    @rule(index=st.integers(0, 1), minutes=st.sampled_from([5, 31]))
    def ann_orders_and_pays_too_little(self, index: int, minutes: int) -> None:
        self.ann_checks_out("C-soap", 40)
        self.ann_pays_from_an_epin(index, 499)
        self.time_passes(minutes)

    @precondition(lambda self: self.model.orders)
    @rule(index=number)
    def ann_completes_an_order(self, index: int) -> None:
        order = self.order(index, "awaiting_payment")
        points = find_own(self.ann.member_id, order.number).total_points
        totals = ordering.Totals(order.total, order.quantity, points)
        waits = order.status == "awaiting_payment"
        lacks = waits and self.model.available() < order.total
        closed = order.status in {"cancelled", "refunded"}
        self.happens(
            lambda: ordering.complete(UnitOfWork(Shell()), self.ann, order.number, totals),
            lacks or closed,
        )
        if waits and not lacks:
            self.model.pay(order)

    @precondition(lambda self: self.model.orders)
    @rule(index=number)
    def ann_cancels_an_order(self, index: int) -> None:
        order = self.order(index, "awaiting_payment")
        refused = order.status != "awaiting_payment"
        self.happens(lambda: ordering.cancel(UnitOfWork(Shell()), self.ann, order.number), refused)
        order.status = order.status if refused else "cancelled"

    @precondition(lambda self: self.model.orders)
    @rule(index=number, quantity=st.integers(1, 4))
    def the_office_refunds(self, index: int, quantity: int) -> None:
        order = self.order(index, "complete")
        line = OrderLine.objects.get(order__number=order.number)
        refused = order.status != "complete" or quantity > order.quantity - order.refunded
        self.happens(
            lambda: refunding.refund_order(
                UnitOfWork(Shell()), order.number, {line.pk: quantity}, "a test"
            ),
            refused,
        )
        if not refused:
            self.model.refund(order, quantity)

    @rule(amount=amounts)
    def ann_asks_to_be_paid(self, amount: int) -> None:
        lacks = self.model.wallets["ann"] < amount
        number = self.happens(
            lambda: paying_out.request(UnitOfWork(Shell()), self.ann, amount, TRANSACTION_PASSWORD),
            lacks,
        )
        if not lacks:
            self.model.wallets["ann"] -= amount
            self.model.payouts.append(Payout(number, amount))

    @precondition(lambda self: self.model.payouts)
    @rule(index=number, step=st.sampled_from(sorted(STEPS)))
    def a_payout_takes_a_step(self, index: int, step: str) -> None:
        payout = self.model.payouts[index % len(self.model.payouts)]
        before, after = STEPS[step]
        take: Callable[[], Any] = {
            "cancel": lambda: paying_out.cancel(UnitOfWork(Shell()), self.ann, payout.number),
            "approve": lambda: paying_out.approve(UnitOfWork(Shell()), payout.number),
            "decline": lambda: paying_out.decline(UnitOfWork(Shell()), payout.number, "a test"),
            "pay": lambda: paying_out.mark_paid(UnitOfWork(Shell()), payout.number),
            "fail": lambda: paying_out.mark_failed(UnitOfWork(Shell()), payout.number, "a test"),
            "return": lambda: paying_out.mark_returned(
                UnitOfWork(Shell()), payout.number, "a test"
            ),
        }[step]
        refused = payout.status not in before
        self.happens(take, refused)
        if not refused:
            payout.status = after
            if after in {"cancelled", "declined", "failed", "returned"}:
                self.model.wallets["ann"] += payout.amount

    @precondition(lambda self: any(each.status == "approved" for each in self.model.payouts))
    @rule()
    def the_office_makes_a_batch(self) -> None:
        self.happens(lambda: paying_out.make_batch(UnitOfWork(Shell())))
        for payout in self.model.payouts:
            payout.status = "in_batch" if payout.status == "approved" else payout.status

    @rule(amount=amounts, last=st.sampled_from(["pay", "fail"]))
    def ann_is_paid_or_not(self, amount: int, last: str) -> None:
        """All the way at once: by chance alone few payouts would get so far."""
        asked = len(self.model.payouts)
        self.ann_asks_to_be_paid(amount)
        if len(self.model.payouts) > asked:
            self.a_payout_takes_a_step(asked, "approve")
            self.the_office_makes_a_batch()
            self.a_payout_takes_a_step(asked, last)

    @rule(minutes=st.sampled_from([5, 31, 25 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.model.now += timedelta(minutes=minutes)
        self.happens(housekeeping.let_time_pass)
        self.model.let_time_pass()

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        ann, bob = balances(self.ids["ann"], "EUR"), balances(self.ids["bob"], "EUR")
        waiting = sum(deposit.remaining for deposit in self.model.deposits)
        assert (ann[AccountKind.WALLET], bob[AccountKind.WALLET]) == tuple(
            self.model.wallets.values()
        )
        assert (ann[AccountKind.DEPOSITS], ann[AccountKind.PURCHASE]) == (
            waiting,
            self.model.purchase,
        )
        epins = Row.objects.filter(owner_id=self.ids["ann"]).order_by("id")
        assert list(epins.values_list("balance", flat=True)) == [
            epin.balance for epin in self.model.epins
        ]
        payouts = PayoutRow.objects.filter(member_id=self.ids["ann"]).order_by("id")
        assert list(payouts.values_list("number", "amount", "status")) == [
            (payout.number, payout.amount, payout.status) for payout in self.model.payouts
        ]
        found = OrderRow.objects.filter(member_id=self.ids["ann"], kind="checkout").order_by("id")
        assert list(found.values_list("status", flat=True)) == [
            order.status for order in self.model.orders
        ]

    def teardown(self) -> None:
        assert invariants.check() == {}


TestMoney = Money.TestCase
TestMoney.settings = settings(
    phases=(Phase.generate,),
    max_examples=30,
    stateful_step_count=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
