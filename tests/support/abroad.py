"""A company with two markets, EUR with two decimals and JPY with none, and something of everything
in the second one."""

from dataclasses import dataclass
from typing import Any

from support.cast import Player
from support.client import data
from support.installation import STAFF, TRANSACTION_PASSWORD
from support.markets import JAPAN, move, open_japan, set_price
from support.moves import ADDRESS, ask_payout, tell_bank
from support.office import acting, hire_staff

YEN_FOR_ONE = 160_500_000
SOAP, CREDIT, EPIN, PAYOUT, PAID, SURPLUS = 1801, 40_009, 7907, 3001, 1013, 2003
STEP, BANK_LINE, DEBT_FREE = 9_990_007, 4001, 1234
YEN = (SOAP, CREDIT, EPIN, PAYOUT, PAID, SURPLUS, STEP, BANK_LINE, 2 * SOAP)
"""Amounts in yen, each of which would be another amount with two decimals."""


@dataclass(frozen=True)
class Abroad:
    """A member in the market in yen, who had euros before; `things` are pages of the office with
    the amounts that they show."""

    member: Player
    market_id: int
    things: dict[str, tuple[str, ...]]


def rated_japan() -> int:
    """A market in yen with an exchange rate."""
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.company import current as company
    from upline.flows import market_rates

    market_id = open_japan()
    market_rates.add_rate(UnitOfWork(Shell()), market_id, YEN_FOR_ONE, None, company.today())
    return market_id


def settled_abroad(member: Player, package_id: int) -> Abroad:
    """The member moves to Japan, and orders, pays, is paid, refunded and owed something there."""
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import adjusting, epin_batches

    shell = UnitOfWork(Shell())
    adjusting.credit_wallet(shell, member.id, DEBT_FREE, "in euros")
    adjusting.debit_wallet(UnitOfWork(Shell()), member.id, DEBT_FREE, "in euros")
    market_id = rated_japan()
    set_price(package_id, market_id, SOAP, commissionable_value=900)
    move(member.id, market_id)
    adjusting.credit_wallet(UnitOfWork(Shell()), member.id, CREDIT, "in yen")
    epin_batches.issue_epins(UnitOfWork(Shell()), EPIN, 1, member.id)
    things = _orders(member, package_id) | _payouts(member) | _epins(member.id)
    things |= _asked(member.id) | _bank_line(member.username)
    things |= _audited(member.id)
    things[f"/members/member/{member.id}/"] = (_yen(CREDIT), "12.34 EUR")
    things["/wallet/transfer/"] = (_yen(CREDIT), "12.34 EUR")
    return Abroad(member, market_id, things)


def _yen(amount: int) -> str:
    return f"{amount:,} JPY"


def _checked_out(member: Player, package_id: int, pieces: int, **more: str) -> Any:
    from upline.orders.models import Order

    member.client.post("cart/products/", product_id=package_id, quantity=pieces)
    answer = member.client.post("cart/checkout/", **more)
    assert answer.status_code == 204, answer.text
    return Order.objects.get(number=answer.headers["Location"].split("/")[-2])


def _orders(member: Player, package_id: int) -> dict[str, tuple[str, ...]]:
    """One order is paid from the wallet, one by a bank transfer in part, and one in excess and then
    refunded."""
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import order_decisions, refunding
    from upline.orders.models import RefundToSend
    from upline.payments.models import Surplus

    member.client.post("cart/shipping_address/", **ADDRESS)
    paid = {"payment_method": "ewallet", "transaction_password": TRANSACTION_PASSWORD}
    whole = _checked_out(member, package_id, 1, **paid)
    part, over = _checked_out(member, package_id, 1), _checked_out(member, package_id, 2)
    pay = order_decisions.record_payment
    pay(UnitOfWork(Shell()), over.number, 2 * SOAP + SURPLUS, f"bank {over.pk}")
    pay(UnitOfWork(Shell()), part.number, PAID, f"bank {part.pk}")
    lines = {line.pk: 1 for line in over.lines.all()}
    refunding.refund_order(UnitOfWork(Shell()), over.number, lines, "sent back")
    surplus = Surplus.objects.get(payment__member_id=member.id)
    to_send = RefundToSend.objects.get(refund__order=over)
    return {
        "/orders/order/": (_yen(SOAP), _yen(2 * SOAP)),
        f"/orders/order/{whole.pk}/": (_yen(SOAP),),
        f"/orders/order/{part.pk}/": (_yen(SOAP), _yen(PAID)),
        f"/orders/order/{part.pk}/approve/": (f'value="{SOAP - PAID}"', "Amount (JPY)"),
        f"/orders/order/{over.pk}/": (_yen(2 * SOAP), _yen(SURPLUS)),
        f"/orders/order/{over.pk}/refund/": (f"{_yen(SOAP)} each",),
        "/orders/refundtosend/": (_yen(SOAP),),
        f"/orders/refundtosend/{to_send.pk}/": (_yen(SOAP),),
        "/payments/surplus/": (_yen(SURPLUS),),
        f"/payments/surplus/{surplus.pk}/": (_yen(SURPLUS), _yen(2 * SOAP + SURPLUS)),
    }


def _payouts(member: Player) -> dict[str, tuple[str, ...]]:
    """One is in a batch, one is requested."""
    from upline.flows import paying_out
    from upline.payouts.models import Batch, Payout

    tell_bank(member)
    first = data(ask_payout(member, str(PAYOUT)))["payout_id"]
    paying_out.approve(acting(STAFF), first)
    paying_out.make_batch(acting(STAFF))
    second = data(ask_payout(member, str(PAYOUT)))["payout_id"]
    paying_out.approve(acting(STAFF), second)
    batch = Batch.objects.filter(currency="JPY").latest("pk")
    return {
        "/payouts/payout/": (_yen(PAYOUT),),
        f"/payouts/payout/{Payout.objects.get(number=first).pk}/": (_yen(PAYOUT),),
        "/payouts/payout/make-batch/": (_yen(PAYOUT),),
        "/payouts/batch/": (_yen(PAYOUT),),
        f"/payouts/batch/{batch.pk}/": (_yen(PAYOUT),),
    }


def _epins(member_id: int) -> dict[str, tuple[str, ...]]:
    from upline.epins.models import EPin

    epin = EPin.objects.get(owner_id=member_id)
    return {
        "/epins/epin/": (_yen(EPIN),),
        f"/epins/epin/{epin.pk}/": (_yen(EPIN),),
        "/epins/epinbatch/": (_yen(EPIN),),
        f"/epins/epinbatch/{epin.batch_id}/": (_yen(EPIN),),
    }


def _asked(member_id: int) -> dict[str, tuple[str, ...]]:
    """A colleague asks for a credit beyond what one may do alone: 10,000.00 EUR."""
    from contextlib import suppress

    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import adjusting, configuring
    from upline.flows.two_people import NeedsSecond
    from upline.members.models import StepAsked

    configuring.change_settings(UnitOfWork(Shell()), alone_max=10_000)
    with suppress(NeedsSecond):
        adjusting.credit_wallet(acting(hire_staff("wallet.add_transfer")), member_id, STEP, "cash")
    configuring.change_settings(UnitOfWork(Shell()), alone_max=0)
    step = StepAsked.objects.get(person_id=member_id)
    return {
        "/members/stepasked/": (_yen(STEP),),
        f"/members/stepasked/{step.pk}/": (_yen(STEP),),
    }


def _bank_line(reference: str) -> dict[str, tuple[str, ...]]:
    """A transfer in yen, and one in euros, in one file."""
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import payment_events
    from upline.payments.models import PaymentEvent

    lines = (
        f"reference,amount,currency,text\n{reference},{BANK_LINE},JPY,\n{reference}E,1.25,EUR,\n"
    )
    payment_events.import_bank_file(UnitOfWork(Shell()), lines)
    event = PaymentEvent.objects.get(reference=reference)
    return {
        "/payments/paymentevent/": (_yen(BANK_LINE), "1.25 EUR"),
        f"/payments/paymentevent/{event.pk}/": (_yen(BANK_LINE),),
    }


def _audited(member_id: int) -> dict[str, tuple[str, ...]]:
    """What the audit log says of it."""
    from upline.base.models import AuditEntry

    found = AuditEntry.objects.filter(member_id=member_id)
    pages = {
        "wallet.credited": (_yen(CREDIT),),
        "epins.issued": (_yen(EPIN),),
        "order.refunded": (_yen(SOAP),),
        "payout.requested": (_yen(PAYOUT),),
    }
    return {
        f"/base/auditentry/{found.filter(event=event).order_by('-id')[0].pk}/": amounts
        for event, amounts in pages.items()
    }


__all__ = ["JAPAN", "YEN", "Abroad", "rated_japan", "settled_abroad"]
