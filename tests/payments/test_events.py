"""What a bank says of payments comes twice, late, in another order and in contradiction: the money
is counted once, wherever it is then, and what fits nothing waits for staff."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attacks.parallel import Gate, times
from payments.test_waiting import check_out
from support.cast import Cast, Player, unique
from upline.base.actors import Shell
from upline.base.errors import FieldsWrong
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.flows import order_decisions, payment_events, surpluses
from upline.orders.errors import OrderClosed
from upline.orders.models import Order
from upline.payments.errors import PaymentEventDiffers, PaymentRecordedBefore
from upline.payments.models import Payment, PaymentEvent, Surplus
from upline.wallet.models import AccountKind
from upline.wallet.queries import balances

HEAD = "reference,amount,currency,text\n"
# An order of 25.00: two transfers for it, each said twice, the first taken back, said twice.
STEPS = (("A", 1000), ("A", 1000), ("B", 1500), ("A", -1000), ("A", -1000), ("cancel", 0))


def imported(*lines: str) -> int:
    return payment_events.import_bank_file(UnitOfWork(Shell()), HEAD + "\n".join(lines) + "\n")


@dataclass
class Expected:
    """What is right, told without the books: minor units by reference."""

    status: str = "awaiting_payment"
    waiting: dict[str, int] = field(default_factory=dict)
    surplus: dict[str, int] = field(default_factory=dict)
    came: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    asked_back: set[str] = field(default_factory=set)

    def take(self, step: str, amount: int) -> None:
        if step == "cancel":
            self.cancel()
        elif amount > 0:
            self.arrive(step, amount)
        else:
            self.asked_back.add(step)
        self.give_back()

    def cancel(self) -> None:
        if self.status == "awaiting_payment":
            self.status, self.surplus, self.waiting = "cancelled", self.waiting, {}

    def arrive(self, reference: str, amount: int) -> None:
        if reference in self.came:
            return
        self.came.add(reference)
        where = self.waiting if self.status == "awaiting_payment" else self.surplus
        where[reference] = amount
        if sum(self.waiting.values()) == 2500:
            self.status, self.waiting = "complete", {}

    def give_back(self) -> None:
        for reference in self.asked_back - self.gone:
            for where in (self.waiting, self.surplus):
                if where.pop(reference, None):
                    self.gone.add(reference)


def tell(player: Player, product: int, steps: Sequence[tuple[str, int]]) -> None:
    """Tell the steps of a new order, and compare."""
    before = balances(player.id, "EUR")
    assert check_out(player, product, 2) == "awaiting_payment"
    number = Order.objects.filter(member_id=player.id).latest("id").number
    expected, mark = Expected(), unique("T")
    for step, amount in steps:
        expected.take(step, amount)
        if step == "cancel":
            try:
                order_decisions.cancel_order(UnitOfWork(Shell()), number)
            except OrderClosed:
                assert expected.status == "complete"
        else:
            imported(f"{mark}{step},{amount / 100:.2f},EUR,thanks for {number}")
    after, order = balances(player.id, "EUR"), Order.objects.get(number=number)
    assert order.status == expected.status
    assert after[AccountKind.DEPOSITS] - before[AccountKind.DEPOSITS] == sum(
        expected.waiting.values()
    )
    assert after[AccountKind.PURCHASE] - before[AccountKind.PURCHASE] == sum(
        expected.surplus.values()
    )
    paid = Payment.objects.filter(reference__startswith=mark)
    assert sum(payment.authorised for payment in paid) == sum(
        amount for step, amount in {*steps} if amount > 0
    )
    events = PaymentEvent.objects.filter(reference__startswith=mark)
    waits = {event.reference.removeprefix(mark) for event in events if event.status == "waiting"}
    assert waits == expected.asked_back - expected.gone, "it waits for staff"
    leave(player, number)


def leave(player: Player, number: str) -> None:
    """What still waits leaves the next order alone."""
    if Order.objects.get(number=number).status == "awaiting_payment":
        order_decisions.cancel_order(UnitOfWork(Shell()), number)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.permutations(STEPS))
def test_in_any_order_the_money_is_where_it_belongs(
    cast: Cast, product: Any, steps: list[tuple[str, int]]
) -> None:
    drain(cast.anna)
    tell(cast.anna, product("soap"), steps)


def drain(player: Player) -> None:
    """Shopping balance of an example before would pay the next order at once."""
    for surplus in Surplus.objects.filter(payment__member_id=player.id, status="open"):
        surpluses.send_back(UnitOfWork(Shell()), surplus.pk, "the next example")


def test_a_planted_fault_in_taking_back_is_noticed(
    cast: Cast, product: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payment_events, "_take_back", lambda *_: True)
    with transaction.atomic():
        with pytest.raises(AssertionError):
            tell(cast.anna, product("soap"), STEPS[:1] + STEPS[3:5])
        assert any("taken back" in promise for promise in invariants.breaches())
        transaction.set_rollback(True)


def test_the_same_file_imported_at_once_pays_once(cast: Cast, product: Any) -> None:
    assert check_out(cast.anna, product("soap"), 2) == "awaiting_payment"
    number = Order.objects.filter(member_id=cast.anna.id).latest("id").number
    line = f"{unique('T')},25.00,EUR,{number}"

    def send() -> int:
        try:
            return imported(line)
        finally:
            connections.close_all()

    assert sum(times(4, send, Gate(4, "payments_paymentevent"))) == 1
    payment_events.apply_received()
    assert Order.objects.get(number=number).status == "complete"
    assert Payment.objects.filter(order_id=Order.objects.get(number=number).pk).count() == 1
    assert balances(cast.anna.id, "EUR")[AccountKind.PURCHASE] == 0


def test_a_transfer_without_an_order_waits_until_staff_assign_it(cast: Cast, product: Any) -> None:
    assert check_out(cast.anna, product("soap"), 2) == "awaiting_payment"
    number = Order.objects.filter(member_id=cast.anna.id).latest("id").number
    reference = unique("T")
    assert imported(f"{reference},25.00,EUR,no number here") == 1
    event = PaymentEvent.objects.get(reference=reference)
    assert event.status == "waiting"
    payment_events.assign(UnitOfWork(Shell()), event.pk, number)
    assert Order.objects.get(number=number).status == "complete"
    event.refresh_from_db()
    assert event.status == "applied"


def test_a_transfer_that_staff_recorded_is_known_when_the_file_comes(
    cast: Cast, product: Any
) -> None:
    assert check_out(cast.anna, product("soap"), 2) == "awaiting_payment"
    number = Order.objects.filter(member_id=cast.anna.id).latest("id").number
    reference = unique("T")
    order_decisions.record_payment(UnitOfWork(Shell()), number, 2500, reference)
    imported(f"{reference},25.00,EUR,{number}")
    assert PaymentEvent.objects.get(reference=reference).status == "superseded"
    assert balances(cast.anna.id, "EUR")[AccountKind.PURCHASE] == 0


def test_another_transfer_under_a_name_that_is_known_is_refused(
    cast: Cast, product: Any, nothing_changes: Callable[[], AbstractContextManager[None]]
) -> None:
    """Taken for the one that is known, its money would be nowhere."""
    assert check_out(cast.anna, product("soap"), 2) == "awaiting_payment"
    number = Order.objects.filter(member_id=cast.anna.id).latest("id").number
    reference = unique("T")
    assert imported(f"{reference},10.00,EUR,{number}") == 1
    with nothing_changes(), pytest.raises(PaymentEventDiffers, match=r"10\.00 EUR"):
        imported(f"{unique('T')},3.00,EUR,{number}", f"{reference},15.00,EUR,{number}")
    assert imported(f"{reference},10.00,EUR,{number}") == 0
    leave(cast.anna, number)


@pytest.mark.parametrize("recorded", [1000, 2500])
def test_a_transfer_of_another_amount_than_staff_recorded_waits(
    recorded: int,
    cast: Cast,
    product: Any,
    nothing_changes: Callable[[], AbstractContextManager[None]],
) -> None:
    assert check_out(cast.anna, product("soap"), 2) == "awaiting_payment"
    number = Order.objects.filter(member_id=cast.anna.id).latest("id").number
    reference = unique("T")
    order_decisions.record_payment(UnitOfWork(Shell()), number, recorded, reference)
    imported(f"{reference},20.00,EUR,{number}")
    event = PaymentEvent.objects.get(reference=reference)
    assert event.status == "waiting"
    with nothing_changes(), pytest.raises(PaymentRecordedBefore):
        payment_events.assign(UnitOfWork(Shell()), event.pk, number)
    payment_events.set_aside(UnitOfWork(Shell()), event.pk, "typed wrong, and corrected")
    assert invariants.check() == {}
    leave(cast.anna, number)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("", "column reference"),
        ("reference,amount,currency\nA,1.00,EUR\n", "column text"),
        (HEAD, "no transfer"),
        (HEAD + "A,one,EUR,UP-1\n", "Line 2"),
        (HEAD + "A,1.00,EUR,x\nB,0.00,EUR,x\n", "Line 3"),
        (HEAD + ",1.00,EUR,x\n", "Line 2"),
        (HEAD + "A,1.00,XXX,x\n", "Line 2"),
        (HEAD + "A,99999999999999999999,EUR,x\n", "Line 2: The amount is too large."),
        (HEAD + "NOTPROVIDED,1.00,EUR,x\n", "Line 2: NOTPROVIDED is what banks write"),
        (HEAD + "A,1.00,EUR,x\nA,1.00,EUR,x\n", "Line 3: A stands in an earlier line too."),
        (HEAD + "A,1.00,EUR,x\nA,2.00,EUR,x\n", "Line 3: A stands in an earlier line too."),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_whole(
    file: str, said: str, cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes(), pytest.raises(FieldsWrong) as refusal:
        payment_events.import_bank_file(UnitOfWork(Shell()), file)
    assert said in refusal.value.fields["lines"]
