"""What the office's first page shows: what waits for somebody, and for whom."""

from typing import Any

from django.http import HttpRequest
from procrastinate.jobs import Status as JobStatus

from upline.flows import asked_steps
from upline.flows.permissions import Right
from upline.kyc.models import KycStatus
from upline.language import gettext
from upline.mailings.models import MailStatus
from upline.members.models import StepStatus
from upline.office.asking import actor_of
from upline.orders.models import OrderStatus
from upline.payments.models import PaymentEventStatus, SurplusStatus
from upline.payouts.models import PayoutStatus
from upline.screens.dashboard import Overview, overview
from upline.screens.shown import listing, moment


def _lately(now: Overview) -> str:
    about = {"joined": now.joined_lately, "blocked": now.blocked}
    if not now.customers:
        return gettext("{joined} in the last 7 days, {blocked} blocked", **about)
    return gettext(
        "{joined} in the last 7 days, {blocked} blocked; {customers} customers",
        customers=now.customers,
        **about,
    )


def _payment_events(now: Overview) -> tuple[Any, ...]:
    return (
        Right.VIEW_PAYMENT_EVENTS,
        gettext("Payments without an order"),
        now.payment_events,
        listing("payments_paymentevent", status__exact=PaymentEventStatus.WAITING),
        gettext("Assign each to its order, or set it aside") if now.payment_events else "",
    )


def _of_sales(now: Overview) -> list[tuple[Any, ...]]:
    waiting = {"status__exact": OrderStatus.AWAITING_PAYMENT}
    return [
        (
            Right.VIEW_ORDERS,
            gettext("Orders awaiting payment"),
            now.orders_awaiting_payment,
            listing("orders_order", **waiting),
            gettext("Oldest from {moment}", moment=moment(now.oldest_awaiting))
            if now.oldest_awaiting
            else "",
        ),
        (
            Right.VIEW_REFUNDS_TO_SEND,
            gettext("Refunds to send"),
            now.refunds_to_send,
            listing("orders_refundtosend", sent="no"),
            gettext("You send this money yourself") if now.refunds_to_send else "",
        ),
        (
            Right.VIEW_SURPLUSES,
            gettext("Surplus payments"),
            now.surplus_payments,
            listing("payments_surplus", status__exact=SurplusStatus.OPEN),
            gettext("Money that no order needed: leave it or send it back")
            if now.surplus_payments
            else "",
        ),
        _payment_events(now),
    ]


def tiles(request: HttpRequest) -> list[tuple[Any, ...]]:
    """Label, number, address and a note, for what this staff user may see."""
    now = overview()
    tiles = [
        (
            Right.VIEW_MEMBERS,
            gettext("Members"),
            now.members,
            listing("members_member"),
            _lately(now),
        ),
        *_of_sales(now),
        (
            Right.VIEW_KYC,
            gettext("KYC to review"),
            now.kyc_submitted,
            listing("kyc_kycreview", status__exact=KycStatus.SUBMITTED),
            "",
        ),
        (
            Right.VIEW_PAYOUTS,
            gettext("Payouts to approve"),
            now.payouts_requested,
            listing("payouts_payout", status__exact=PayoutStatus.REQUESTED),
            gettext("{count} approved, waiting for a batch", count=now.payouts_approved),
        ),
        (
            Right.VIEW_BOOKS,
            gettext("Money on closed accounts"),
            now.closed_accounts,
            listing("wallet_account", owner="closed"),
            gettext("of members who have left: you pay or keep it") if now.closed_accounts else "",
        ),
        (
            Right.VIEW_MAILS,
            gettext("Failed mails"),
            now.mails_failed,
            listing("mailings_mail", status__exact=MailStatus.FAILED),
            gettext("{count} waiting to be sent", count=now.mails_queued),
        ),
        (
            Right.VIEW_JOBS,
            gettext("Failed jobs"),
            now.jobs_failed,
            listing("procrastinate_procrastinatejob", status__exact=JobStatus.FAILED.value),
            gettext("Background work that needs a look") if now.jobs_failed else "",
        ),
    ]
    seen = [tuple(tile) for permission, *tile in tiles if request.user.has_perm(permission)]
    if to_confirm := asked_steps.waiting_for(actor_of(request)).count():
        address = listing("members_stepasked", status__exact=StepStatus.ASKED)
        seen.insert(
            0,
            (
                gettext("Steps to confirm"),
                to_confirm,
                address,
                gettext("Colleagues need a second person"),
            ),
        )
    return seen
