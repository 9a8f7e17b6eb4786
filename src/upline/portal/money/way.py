"""A payout in the words of the member who asked for it: where it is, and what to do next."""

from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString

from upline.design.amounts import marked
from upline.design.moments import element
from upline.language import gettext, lazy
from upline.payouts.models import Payout, PayoutStatus
from upline.screens import shown
from upline.screens.holds import Hold

_WAY = (PayoutStatus.REQUESTED, PayoutStatus.APPROVED, PayoutStatus.IN_BATCH, PayoutStatus.PAID)
_HEADLINES = {
    PayoutStatus.REQUESTED: lazy("Your payout is requested. The company approves it next."),
    PayoutStatus.APPROVED: lazy("Your payout is approved. It goes to the bank next."),
    PayoutStatus.IN_BATCH: lazy("Your payout is with the bank."),
    PayoutStatus.PAID: lazy("Your payout is paid."),
    PayoutStatus.RETURNED: lazy("Your bank sent this payout back. The money is in your wallet."),
    PayoutStatus.FAILED: lazy("The bank did not pay this payout. The money is in your wallet."),
    PayoutStatus.CANCELLED: lazy("You cancelled this payout. The money is in your wallet."),
    PayoutStatus.DECLINED: lazy("The company declined this payout. The money is in your wallet."),
}
_WHAT_TO_DO = {
    PayoutStatus.RETURNED: lazy("Check your bank account, then request the payout again."),
    PayoutStatus.FAILED: lazy("Check your bank account, then request the payout again."),
    PayoutStatus.DECLINED: lazy("Once the reason is dealt with, you can request it again."),
}


class PayoutLine(NamedTuple):
    """A payout on its way: what it is, where it goes, its page, and its steps."""

    said: SafeString
    to: str
    address: str
    steps: list[tuple[str, str]]


class PayoutEvent(NamedTuple):
    """A step that a payout has taken, and when."""

    said: str
    at: SafeString


def line_of(of: Payout) -> PayoutLine:
    """The payout as a line of a list."""
    return PayoutLine(
        marked(gettext("Payout of {amount}", amount=shown.amount(of))),
        where(of),
        reverse("payout", args=[of.number]),
        steps(of),
    )


def where(of: Payout) -> str:
    """The account that it goes to."""
    if not of.last_four:
        return gettext("To your bank account")
    return gettext("To your account ending in {ending}", ending=of.last_four)


def steps(of: Payout) -> list[tuple[str, str]]:
    """Its four steps, each reached, now or still to come; none where it has come back."""
    if of.status not in _WAY:
        return []
    words = (gettext("Requested"), gettext("Approved"), gettext("Sent"), gettext("Paid"))
    at = _WAY.index(PayoutStatus(of.status))
    states = ["reached" if number < at else "now" if number == at else "" for number in range(4)]
    return list(zip(words, states, strict=True))


def headline(of: Payout) -> str:
    """Where it is, in a sentence."""
    return str(_HEADLINES[PayoutStatus(of.status)])


def what_to_do(of: Payout) -> str:
    """What its member does now; '' where they only wait."""
    return str(_WHAT_TO_DO.get(PayoutStatus(of.status), ""))


def waits(of: Payout, hold: Hold | None) -> str:
    """Why it waits before it goes to the bank; '' where it does not."""
    if of.status not in (PayoutStatus.REQUESTED, PayoutStatus.APPROVED) or hold is None:
        return ""
    return hold.sentence


def history(of: Payout) -> list[PayoutEvent]:
    """What has happened to it, the latest first."""
    closed = {
        PayoutStatus.CANCELLED: gettext("Cancelled by you"),
        PayoutStatus.DECLINED: gettext("Declined"),
        PayoutStatus.FAILED: gettext("Not paid by the bank"),
    }.get(PayoutStatus(of.status), gettext("Paid"))
    taken: list[tuple[str, datetime | None]] = [
        (gettext("Returned by your bank"), of.returned_at),
        (closed, of.closed_at),
        (gettext("Sent to the bank"), of.batch.created_at if of.batch else None),
        (gettext("Approved"), of.approved_at),
        (gettext("Requested"), of.requested_at),
    ]
    return [PayoutEvent(said, element(at)) for said, at in taken if at]
