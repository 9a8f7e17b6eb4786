"""What the demo's bank says of today: transfers that pay for orders, one of which does not name its
order, and a payout that came back."""

from typing import NamedTuple

from django.template.loader import render_to_string

from upline.base import clock
from upline.base.amounts import as_text
from upline.demo import banking, showing
from upline.markets import current as markets
from upline.orders.models import Order, OrderStatus
from upline.payments.models import PaymentProvider
from upline.payouts.models import Payout, PayoutStatus


class _Entry(NamedTuple):
    """A transfer that came in, as the bank tells it."""

    reference: str
    amount: str
    currency: str
    payer: str
    text: str


def statement() -> str:
    """An account statement in XML (camt.053), made anew each time from what still waits."""
    waiting = Order.objects.filter(
        status=OrderStatus.AWAITING_PAYMENT, pays_by=PaymentProvider.OUTSIDE
    ).select_related("member__user")
    entries = [_paid(each) for each in waiting.order_by("pk")]
    back = Payout.objects.filter(status=PayoutStatus.PAID, currency="EUR").order_by("-pk").first()
    if back:
        entries.append(_came_back(back))
    return render_to_string(
        "showroom/bank_statement.xml",
        {"entries": entries, "iban": banking.COMPANY_IBAN, "now": clock.now()},
    )


def _paid(order: Order) -> _Entry:
    member = order.member
    is_lea = member.user.username == showing.LEA.username
    text = "Scarf and honey, thank you!" if is_lea else f"Order {order.number}"
    name = f"{member.firstname} {member.lastname}"
    amount = as_text(order.total_amount, markets.decimals_of(order.currency))
    return _Entry(f"DEMO{order.pk}", amount, order.currency, name, text)


def _came_back(payout: Payout) -> _Entry:
    amount = as_text(payout.amount, markets.decimals_of(payout.currency))
    text = f"Return of {payout.number}: account closed"
    return _Entry(f"DEMOR{payout.pk}", amount, payout.currency, "Example Savings Bank", text)
