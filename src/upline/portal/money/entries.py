"""What moved money in a wallet, in the words of the member whose it is."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from upline.base.amounts import Money
from upline.design.moments import element
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.payouts.models import PayoutStatus
from upline.screens import shown
from upline.screens.wallet import Movement
from upline.wallet.models import AccountKind, TransferKind

GROUPS: dict[str, tuple[TransferKind, ...]] = {
    "earnings": (
        TransferKind.COMMISSION,
        TransferKind.COMMISSION_PURCHASE,
        TransferKind.COMMISSION_BACK,
        TransferKind.COMMISSION_PURCHASE_BACK,
        TransferKind.COMMISSION_OWED,
        TransferKind.COMMISSION_REPAID,
    ),
    "orders": (
        TransferKind.PAYMENT_FROM_WALLET,
        TransferKind.PAYMENT_FROM_EPIN,
        TransferKind.PAYMENT_FROM_OUTSIDE,
        TransferKind.PAYMENT_RETURNED,
        TransferKind.PAYMENT_SENT_BACK,
        TransferKind.ORDER_PAYMENT,
        TransferKind.ORDER_REFUND,
    ),
    "payouts": (
        TransferKind.PAYOUT,
        TransferKind.PAYOUT_RETURNED,
        TransferKind.PAYOUT_SENT_BACK,
    ),
}
"""What the filters of the list narrow it down to; `other` is whatever is in none of them."""
GROUPS["other"] = tuple(
    kind for kind in TransferKind if not any(kind in kinds for kinds in GROUPS.values())
)
GROUP_NAMES = {
    "earnings": lazy("Earnings"),
    "orders": lazy("Orders"),
    "payouts": lazy("Payouts"),
    "other": lazy("Other"),
}

_EARNED = {
    TransferKind.COMMISSION: lazy("Earnings of {days}"),
    TransferKind.COMMISSION_PURCHASE: lazy("Your shopping share of the earnings of {days}"),
    TransferKind.COMMISSION_BACK: lazy("Taken back with the earnings of {days}"),
    TransferKind.COMMISSION_PURCHASE_BACK: lazy("Taken back with the earnings of {days}"),
    TransferKind.COMMISSION_OWED: lazy("Owed after the earnings of {days}"),
    TransferKind.COMMISSION_REPAID: lazy("Repaid from the earnings of {days}"),
}
_CAME_BACK = {
    PayoutStatus.CANCELLED: lazy("Cancelled payout"),
    PayoutStatus.DECLINED: lazy("Declined payout"),
    PayoutStatus.FAILED: lazy("Payout that the bank did not pay"),
}
_OTHERS = {
    TransferKind.PAYMENT_FROM_EPIN: lazy("Paid in from an e-pin"),
    TransferKind.PAYMENT_FROM_OUTSIDE: lazy("Your payment has arrived"),
    TransferKind.PAYMENT_RETURNED: lazy("Unused payment, back where it came from"),
    TransferKind.PAYMENT_SENT_BACK: lazy("Sent back to you"),
    TransferKind.PAYOUT_SENT_BACK: lazy("Payout that your bank returned"),
    TransferKind.OFFICE_CREDIT: lazy("Added by the company"),
    TransferKind.OFFICE_DEBIT: lazy("Taken off by the company"),
    TransferKind.EXCHANGE_IN: lazy("Exchanged when you changed market"),
    TransferKind.EXCHANGE_OUT: lazy("Exchanged when you changed market"),
}


class EntryShown(NamedTuple):
    """A line of the list: what happened, when (with what staff noted), the amount with its sign,
    the balance after it, and the page of what caused it ('' for none)."""

    said: str
    at: SafeString
    amount: str
    balance: str
    address: str


def shown_entry(of: Movement, account: AccountKind, currency: str) -> EntryShown:
    """A movement as the list shows it."""
    return EntryShown(
        said(of, account),
        _when(of),
        signed(of.amount, currency),
        shown.money(of.balance, currency),
        _address(of),
    )


def signed(minor: int, currency: str) -> str:
    """An amount that was added or taken off, with a plus or a real minus; no line breaks inside."""
    sign = "+" if minor >= 0 else "\u2212"
    return f"{sign}{markets.money(Money(abs(minor), currency))}".replace(" ", "\u00a0")


def said(of: Movement, account: AccountKind) -> str:
    """What happened, as a sentence without its amount."""
    kind = TransferKind(of.kind)
    if kind in _EARNED:
        assert of.first_day, "what a run moved names its run"
        assert of.last_day, "it has both days"
        period = shown.period(of.every or "", of.first_day, of.last_day)
        return str(_EARNED[kind]).format(days=period)
    if kind == TransferKind.PAYOUT:
        return _payout(of)
    if kind == TransferKind.PAYOUT_RETURNED:
        return str(_CAME_BACK[PayoutStatus(of.payout_status or PayoutStatus.FAILED)])
    if kind in (TransferKind.PAYMENT_FROM_WALLET, TransferKind.ORDER_PAYMENT):
        return _payment(of, account)
    if kind == TransferKind.ORDER_REFUND:
        return gettext("Refund of order {number}", number=of.order_number)
    return str(_OTHERS.get(kind) or gettext("Settled when your membership ended"))


def _when(of: Movement) -> SafeString:
    """The moment, and what staff wrote where they moved money by hand."""
    by_hand = (TransferKind.OFFICE_CREDIT, TransferKind.OFFICE_DEBIT)
    note = of.note if of.kind in by_hand else ""
    parts = [(element(of.created_at),), (note,)] if note else [(element(of.created_at),)]
    return format_html_join(" · ", "{}", parts)


def _payout(of: Movement) -> str:
    if not of.last_four:
        return gettext("Payout to your bank account")
    return gettext("Payout to your account ending in {ending}", ending=of.last_four)


def _payment(of: Movement, account: AccountKind) -> str:
    """A payment leaves the wallet for the reserved balance, and that for the order."""
    if of.amount > 0:
        return gettext("Paid in for an order")
    if of.firstname is not None and account == AccountKind.WALLET:
        name = f"{of.firstname} {of.lastname}".strip()
        return gettext("Paid from your wallet for {name}", name=name)
    if of.order_number:
        return gettext("Order {number}", number=of.order_number)
    return gettext("Reserved for your next order")


def _address(of: Movement) -> str:
    """Where what caused it is explained; '' where it has no page."""
    if of.payout_number:
        return reverse("payout", args=[of.payout_number])
    if of.run_id and of.kind in GROUPS["earnings"]:
        return reverse("earnings-period", args=[of.run_id])
    if of.order_number and of.is_own_order:
        return reverse("order", args=[of.order_number])
    return ""
