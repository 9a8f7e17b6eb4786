"""Something of everything that the office shows."""

from typing import Any

from django.contrib import admin
from django.db.models import Model

from support.approved_runs import approved_run
from support.cast import Cast
from support.installation import STAFF, TRANSACTION_PASSWORD
from support.moves import tell_bank
from support.office import fail_a_job, hire_staff
from upline.base import clock
from upline.base.actors import Shell
from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package
from upline.company.models import ApiClient
from upline.epins.models import EPin
from upline.events.models import Event
from upline.flows import (
    order_decisions,
    payment_events,
    provider_secrets,
    refunding,
    roles,
    verifying,
)
from upline.genealogy.models import Position
from upline.kyc.models import KycReview, KycStatus
from upline.mailings.models import Mail
from upline.markets.models import Market
from upline.members.models import StepAsked, User
from upline.office.desk import Desk
from upline.orders.models import Order, RefundToSend
from upline.payments.models import PaymentEvent, ProviderSecret, Surplus
from upline.payouts.models import Batch, Payout
from upline.wallet.models import Account, Transfer


def desks() -> dict[type[Model], Desk]:
    """The office's lists, by what each shows."""
    found = admin.site._registry.items()
    return {model: desk for model, desk in found if isinstance(desk, Desk)}


def stock(cast: Cast, fill: Any, give_epin: Any, product: Any, bring_to: Any) -> dict[str, int]:
    """Something of everything: the id of one thing for each list."""
    fill(cast.anna, "1000.00")
    give_epin(cast.anna, "50.00", note="for the fair")
    cast.anna.client.post("cart/products/", product_id=product("soap"), quantity=3)
    cast.anna.client.post("cart/products/", product_id=product("tea"), quantity=2)
    cast.anna.client.post("cart/shipping_address/", name="Anna Example", address="Long Lane 1",
                          zip_code="10115", city="Berlin", phone="+49 30 123456")  # fmt: skip
    paid = cast.anna.client.post(
        "cart/checkout/", payment_method="ewallet", transaction_password=TRANSACTION_PASSWORD
    )
    assert paid.status_code == 204, paid.text
    tell_bank(cast.anna)
    for status in ("requested", "declined", "in_batch"):
        bring_to(cast.anna, status)
    verifying.review_kyc(UnitOfWork(Shell()), cast.anna.id, KycStatus.VERIFIED, "passport seen")
    group = roles.save(UnitOfWork(Shell()), None, f"Support {cast.anna.username}", [])
    order = Order.objects.get(member_id=cast.anna.id, kind="checkout")
    return {
        "members/member": cast.anna.id,
        "kyc/kycreview": KycReview.objects.get(member_id=cast.anna.id).pk,
        "orders/order": order.pk,
        "catalog/package": Package.objects.get(name="Soap").pk,
        "wallet/transfer": Transfer.objects.order_by("-id")[0].pk,
        "wallet/account": Account.objects.get(member_id=cast.anna.id, kind="wallet").pk,
        "commissions/run": approved_run(cast.anna.id),
        "payouts/payout": Payout.objects.filter(member_id=cast.anna.id, status="in_batch")[0].pk,
        "payouts/batch": Batch.objects.all()[0].pk,
        "epins/epin": EPin.objects.get(owner_id=cast.anna.id).pk,
        "epins/epinbatch": EPin.objects.get(owner_id=cast.anna.id).batch_id,
        "company/apiclient": ApiClient.objects.get(name="tests").pk,
        "events/event": Event.objects.order_by("-id")[0].pk,
        "mailings/mail": Mail.objects.filter(user_id=cast.anna.id)[0].pk,
        "orders/refundtosend": _refund_to_send(cast.cleo.id),
        "payments/surplus": _surplus(cast.cleo.id),
        "payments/paymentevent": _payment_event(cast.cleo.username),
        "payments/providersecret": provider_secret(),
        "procrastinate/procrastinatejob": fail_a_job(),
        "base/auditentry": AuditEntry.objects.filter(event="wallet.credited")[0].pk,
        "markets/market": Market.objects.all()[0].pk,
        "genealogy/position": Position.objects.get(member_id=cast.anna.id, number=1).pk,
        "members/stepasked": _asked_step(cast.ben.id),
        "members/user": User.objects.get(username=STAFF).pk,
        "auth/group": group,
    }


def _asked_step(member_id: int) -> int:
    """Something that a colleague wants and takes two people."""
    kim = User.objects.get(username=hire_staff("wallet.add_transfer"))
    asked = StepAsked(
        event="wallet.credited", right="wallet.add_transfer", what=f"wallet.credited {member_id} 1",
        arguments={"member_id": member_id, "amount": 1_000_001, "reason": "cash"},
        person_id=member_id, amount=1_000_001, currency="EUR", reason="cash", actor=kim,
        at=clock.now(),
    )  # fmt: skip
    asked.save()
    return int(asked.pk)


def _refund_to_send(member_id: int) -> int:
    """A membership that was paid outside and refunded."""

    order = Order.objects.get(member_id=member_id, kind="membership")
    if order.status == "awaiting_payment":
        order_decisions.approve_order(UnitOfWork(Shell()), order.number)
    lines = {line.pk: line.quantity for line in order.lines.all()}
    refunding.refund_order(UnitOfWork(Shell()), order.number, lines, "sent back")
    return RefundToSend.objects.get(refund__order=order).pk


def _surplus(member_id: int) -> int:
    """Money for an order that had been paid."""
    order = Order.objects.get(member_id=member_id, kind="membership")
    order_decisions.record_payment(UnitOfWork(Shell()), order.number, 100, f"bank {order.pk}")
    return int(Surplus.objects.get(payment__member_id=member_id).pk)


def _payment_event(reference: str) -> int:
    """A bank transfer that names no order."""
    lines = f"reference,amount,currency,text\n{reference},1.00,EUR,thanks\n"
    payment_events.import_bank_file(UnitOfWork(Shell()), lines)
    return int(PaymentEvent.objects.get(reference=reference).pk)


def provider_secret() -> int:
    """A secret of a payment provider that is in use."""
    provider_secrets.add(UnitOfWork(Shell()), "gateway")
    return int(ProviderSecret.objects.latest("pk").pk)
