"""What waits for the office, in one look."""

from datetime import datetime, timedelta
from typing import NamedTuple

from upline.base import clock, sql
from upline.wallet import queries as wallet


class Overview(NamedTuple):
    """Numbers of members, customers, orders, payouts, mails, jobs; `joined_lately` are members who
    joined in the last seven days, `closed_accounts` those of closed members that hold money."""

    members: int
    customers: int
    joined_lately: int
    blocked: int
    orders_awaiting_payment: int
    oldest_awaiting: datetime | None
    refunds_to_send: int
    surplus_payments: int
    payment_events: int
    kyc_submitted: int
    payouts_requested: int
    payouts_approved: int
    mails_failed: int
    mails_queued: int
    jobs_failed: int
    closed_accounts: int


def overview() -> Overview:
    """The numbers as they are now."""
    row = sql.one(
        Overview,
        """SELECT
               (SELECT count(*) FROM members_member WHERE kind = 'member') AS members,
               (SELECT count(*) FROM members_member WHERE kind <> 'member') AS customers,
               (SELECT count(*) FROM members_member WHERE member_since > %s) AS joined_lately,
               (SELECT count(*) FROM members_member WHERE standing = 'blocked') AS blocked,
               (SELECT count(*) FROM orders_order WHERE status = 'awaiting_payment')
                   AS orders_awaiting_payment,
               (SELECT min(created_at) FROM orders_order WHERE status = 'awaiting_payment')
                   AS oldest_awaiting,
               (SELECT count(*) FROM orders_refundtosend WHERE sent_at IS NULL)
                   AS refunds_to_send,
               (SELECT count(*) FROM payments_surplus WHERE status = 'open')
                   AS surplus_payments,
               (SELECT count(*) FROM payments_paymentevent WHERE status = 'waiting')
                   AS payment_events,
               (SELECT count(*) FROM (
                    SELECT DISTINCT ON (member_id) status FROM kyc_kycreview
                    ORDER BY member_id, id DESC) latest WHERE status = 'submitted')
                   AS kyc_submitted,
               (SELECT count(*) FROM payouts_payout WHERE status = 'requested')
                   AS payouts_requested,
               (SELECT count(*) FROM payouts_payout WHERE status = 'approved')
                   AS payouts_approved,
               (SELECT count(*) FROM mailings_mail WHERE status = 'failed') AS mails_failed,
               (SELECT count(*) FROM mailings_mail WHERE status = 'queued') AS mails_queued,
               (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed')
                   AS jobs_failed,
               %s::bigint AS closed_accounts""",
        [clock.now() - timedelta(days=7), wallet.of_the_closed().count()],
    )
    assert row is not None
    return row
