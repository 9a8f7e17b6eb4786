"""A small company with something of everything, for the database that the program runs in."""

from datetime import timedelta

from commissions import world
from support.cast import enrol, set_transaction_password
from support.customers import register
from support.installation import ROOT_MEMBER, STAFF, TRANSACTION_PASSWORD
from support.wares import put_on_sale
from upline.base.actors import Shell
from upline.base.amounts import Money
from upline.base.unit import UnitOfWork
from upline.cart import actions as cart
from upline.catalog.models import Package
from upline.company import current as company
from upline.flows import (
    adjusting,
    checkout,
    configuring,
    epin_batches,
    exchanging,
    order_decisions,
    order_entry,
    paying,
    paying_out,
    payment_events,
    refunding,
    selling,
    surpluses,
)
from upline.members.person import profile
from upline.members.queries import Caller
from upline.orders.models import OrderLine
from upline.payments.models import Surplus
from upline.shipping import actions as shipping


def tell() -> None:
    """Three members and a customer; money, e-pins, payments that wait, orders paid three ways,
    refunds, a payout in each status, and a commission run that was paid."""
    ids = {"anna": enrol(ROOT_MEMBER, "anna", ROOT_MEMBER, "L")}
    ids["ben"] = enrol("anna", "ben", "anna", "L")
    ids["cleo"] = enrol(ROOT_MEMBER, "cleo", ROOT_MEMBER, "R")
    anna = Caller(1, frozenset(), ids["anna"], "anna")
    set_transaction_password(anna.member_id)
    adjusting.credit_wallet(UnitOfWork(Shell()), anna.member_id, 100_000, "the story")
    (code,) = epin_batches.issue_epins(UnitOfWork(Shell()), 30_000, 1, anna.member_id)
    paying.pay_from_epin(UnitOfWork(Shell()), anna, 5_000, code)
    paying.pay_from_wallet(UnitOfWork(Shell()), anna, 20_000, "anna", TRANSACTION_PASSWORD)
    _buy_and_return(anna)
    paying.give_back(UnitOfWork(Shell()), anna)
    paying.pay_from_epin(UnitOfWork(Shell()), anna, 700, code)
    _pay_from_outside(anna)
    _buy_a_position(anna)
    _be_paid_out(anna)
    _exchange()
    _earn()


def _pay_from_outside(anna: Caller) -> None:
    """Too much for one order, of which a part was sent back; a part of the price of another."""

    def ordered() -> str:
        soap = Package.objects.get(code="C-soap").pk
        UnitOfWork(Shell()).commit(lambda: cart.add(anna.member_id, soap, 100))
        return checkout.check_out(UnitOfWork(Shell()), anna, None, None).number

    number = ordered()
    for amount, reference in ((100_000, "A"), (50_000, "B"), (1_000, "C")):
        order_decisions.record_payment(UnitOfWork(Shell()), number, amount, reference)
    surplus = Surplus.objects.earliest("id")
    surpluses.send_back(UnitOfWork(Shell()), surplus.pk, "the story")
    order_decisions.record_payment(UnitOfWork(Shell()), ordered(), 1_000, "D")
    lines = "reference,amount,currency,text\nE,{}10.00,EUR,{}\n"
    for sign, number in (("", ordered()), ("-", "")):
        payment_events.import_bank_file(UnitOfWork(Shell()), lines.format(sign, number))


def _buy_and_return(anna: Caller) -> None:
    def fill_cart() -> None:
        address = dict.fromkeys(("name", "address", "city"), "Bonn")
        shipping.add(anna.member_id, zip_code="53111", phone="12345", **address)
        cart.add(anna.member_id, Package.objects.get(code="C-soap").pk, 8)

    UnitOfWork(Shell()).commit(fill_cart)
    order = checkout.check_out(UnitOfWork(Shell()), anna, None, None)
    line = OrderLine.objects.get(order_id=order.id)
    for _ in range(2):
        refunding.refund_order(UnitOfWork(Shell()), order.number, {line.pk: 3}, "the story")


def _buy_a_position(anna: Caller) -> None:
    """One that is open, one that a refund has closed, and an order of another that awaits
    payment."""
    configuring.change_settings(UnitOfWork(Shell()), positions_max=4)
    put_on_sale("C-centre", 10_000, kind="cart", name="Centre", opens_position=True)
    number, returned, _ = (
        order_entry.enter(UnitOfWork(Shell()), anna.member_id, {"C-centre": 1}) for _ in range(3)
    )
    order_decisions.record_payment(UnitOfWork(Shell()), number, 10_000, "F")
    order_decisions.record_payment(UnitOfWork(Shell()), returned, 10_000, "G")
    line = OrderLine.objects.get(order__number=returned)
    refunding.refund_order(UnitOfWork(Shell()), returned, {line.pk: 1}, "the story")


def _be_paid_out(anna: Caller) -> None:
    bank = {"account_holder": "Anna", "account_number": "DE89370400440532013000"}
    UnitOfWork(Shell()).commit(
        lambda: profile.change_bank(UnitOfWork(Shell()), anna.member_id, **bank)
    )

    def ask() -> str:
        return paying_out.request(UnitOfWork(Shell()), anna, 1_000, TRANSACTION_PASSWORD)

    def approved() -> str:
        number = ask()
        paying_out.approve(UnitOfWork(Shell()), number)
        return number

    ask()
    paying_out.cancel(UnitOfWork(Shell()), anna, ask())
    paying_out.decline(UnitOfWork(Shell()), ask(), "the story")
    paid, returned, failed, _ = approved(), approved(), approved(), approved()
    paying_out.make_batch(UnitOfWork(Shell()))
    paying_out.mark_paid(UnitOfWork(Shell()), paid)
    paying_out.mark_paid(UnitOfWork(Shell()), returned)
    paying_out.mark_returned(UnitOfWork(Shell()), returned, "the story")
    paying_out.mark_failed(UnitOfWork(Shell()), failed, "the story")
    approved()


def _exchange() -> None:
    """A second currency, and money of the company exchanged for it."""
    selling.open_market(
        UnitOfWork(Shell()), currency="USD", exponent=2, country_ids=[], code="US", name="America",
        seller="Acme Inc", seller_address="", seller_tax_number="", language="en",
    )  # fmt: skip
    sold = Money(10_000, "EUR")
    exchanging.exchange_company(UnitOfWork(Shell()), sold, "USD", 1_085_000, "the story")


def _earn() -> None:
    """A commission run of this month, paid after its end; the next one takes some of it back."""
    today = company.today()
    register("anna", "carl")
    world.people(STAFF, "otto")
    world.use_plan(today.replace(day=1))
    _, number = (_sell(seller, 10_000, 5_000) for seller in ("anna", "ben"))
    _sell("carl", 3_000, 1_500)
    next_month = today.replace(day=1) + timedelta(days=40)
    with world.noon(next_month):
        (run,) = world.opened()
        world.paid(run)
    world.refund(number, next_month)
    with world.noon(next_month + timedelta(days=31)):
        (run,) = world.opened()
        world.paid(run)


def _sell(username: str, amount: int, points: int) -> str:
    """Now, and not at noon like other sales of this world: nobody buys before they have joined."""
    return str(UnitOfWork(Shell()).commit(world.sale(username, amount, points)))
