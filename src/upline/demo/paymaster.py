"""What the office does about commissions and payouts: the worker, the owner, the approver."""

from contextlib import suppress
from datetime import date
from typing import NamedTuple

from upline.base import sql
from upline.base.unit import UnitOfWork
from upline.commissions.errors import OrdersChanged
from upline.commissions.models import Run
from upline.demo.opening import DemoCompany
from upline.flows import commission_run, paying_out, permissions
from upline.payouts.errors import NothingToBatch, PayoutHeld
from upline.payouts.models import Batch, Payout, PayoutStatus

_DECLINED = "The account is not the member's own"
_FAILED = "The account is closed"
_LEAST, _STEP = 2000, 500

# What commissions brought to a wallet and did not take back, less what of it was asked for and did
# not come back.
_EARNED = """
SELECT coalesce(sum(CASE WHEN credit_id = account.id THEN amount ELSE -amount END), 0)::bigint
     - (SELECT coalesce(sum(amount), 0)::bigint FROM payouts_payout
        WHERE member_id = account.member_id AND status NOT IN ('cancelled', 'declined', 'failed'))
       AS earned, account.balance
FROM wallet_account account
LEFT JOIN wallet_transfer ON account.id IN (debit_id, credit_id)
     AND wallet_transfer.kind IN ('commission', 'commission_back')
WHERE account.member_id = %s AND account.kind = 'wallet'
GROUP BY account.id
"""
_ALL_EARNED = """
SELECT username FROM members_user person
LEFT JOIN commissions_earning ON member_id = person.id
WHERE username = ANY (%s) GROUP BY username
ORDER BY coalesce(sum(total), 0) DESC, username
"""


class _Earned(NamedTuple):
    """What commissions have left to a member, and what is in the wallet, in minor units."""

    earned: int
    balance: int


class _Username(NamedTuple):
    username: str


class Paymaster:
    """Steps of runs and payouts, each by the person whose it is."""

    def __init__(self, company: DemoCompany) -> None:
        self.company = company

    def open_runs(self) -> None:
        commission_run.open_due(UnitOfWork(permissions.WORKER))

    def go_on(self, step: str, every: str, last_day: date) -> None:
        """One step of a run. A run of which an order was refunded meanwhile is computed and
        reviewed again first."""
        run_id = int(Run.objects.values_list("pk", flat=True).get(every=every, last_day=last_day))
        try:
            self._step(step, run_id)
        except OrdersChanged:
            owner = self.company.staff
            commission_run.compute(owner, run_id, _unheard)
            commission_run.review(owner, run_id)
            if step == "approve":
                commission_run.approve(self.company.approver, run_id)

    def _step(self, step: str, run_id: int) -> None:
        owner, approver = self.company.staff, self.company.approver
        match step:
            case "compute":
                commission_run.compute(UnitOfWork(permissions.WORKER), run_id, _unheard)
            case "review":
                commission_run.review(owner, run_id)
            case "approve":
                commission_run.approve(approver, run_id)
            case "pay":
                commission_run.pay(owner, run_id, _unheard)
            case "close":
                commission_run.close(owner, run_id)

    def can_be_paid(self, member_id: int) -> int:
        """Most of what commissions have left in the wallet, in round sums; 0 where it is little.
        In minor units."""
        found = sql.one(_Earned, _EARNED, [member_id])
        assert found is not None, "each member has a wallet"
        amount = min(found.earned * 4 // 5, found.balance) // _STEP * _STEP
        return amount if amount >= _LEAST else 0

    def by_earnings(self, usernames: list[str]) -> list[str]:
        """The same members, who earned most in the year first."""
        return [row.username for row in sql.rows(_Username, _ALL_EARNED, [usernames])]

    def waiting(self) -> int:
        """How many payouts wait for the office to approve them."""
        return Payout.objects.filter(status=PayoutStatus.REQUESTED).count()

    def look_at_payouts(self, declines: bool) -> None:
        asked = Payout.objects.filter(status=PayoutStatus.REQUESTED).order_by("pk")
        for number in asked.values_list("number", flat=True):
            if declines:
                paying_out.decline(self.company.approver, number, _DECLINED)
                declines = False
                continue
            with suppress(PayoutHeld):  # it is looked at again next time
                paying_out.approve(self.company.approver, number)

    def batch_payouts(self) -> None:
        """A batch for each currency, with the file that the bank takes for it."""
        with suppress(NothingToBatch):
            while True:
                made = paying_out.make_batch(self.company.staff)
                kind = "sepa" if made.currency == "EUR" else "csv"
                paying_out.bank_file(self.company.staff, made.id, kind)

    def settle_batch(self, fails: bool) -> None:
        """What the banks say of the batches that are still on their way. A payout that is alone in
        its batch never fails: each batch can be given to the bank again."""
        sent = Batch.objects.filter(payouts__status=PayoutStatus.IN_BATCH).distinct()
        for batch in sent.order_by("pk"):
            numbers = list(batch.payouts.order_by("pk").values_list("number", flat=True))
            if fails and len(numbers) > 1:
                paying_out.mark_failed(self.company.staff, numbers[0], _FAILED)
            paying_out.mark_batch_paid(self.company.staff, batch.pk)


def _unheard(sentence: str) -> None:
    """Nobody waits for a run of a year that is over."""
