"""Where the story's members have their money from: transfers and e-pins, through the office."""

from datetime import datetime, timedelta

from upline.base import clock
from upline.demo.opening import DemoCompany
from upline.epins import queries as epins
from upline.epins.models import EPinStatus
from upline.flows import adjusting, epin_batches
from upline.members.queries import market_of
from upline.wallet import queries as wallet
from upline.wallet.models import AccountKind

_DENOMINATIONS = (5000, 10_000, 25_000, 50_000, 100_000, 250_000)
_VALID_DAYS = 540
_TRANSFERRED = 20_000


class Purse:
    """Fills wallets and buys e-pins when they are needed. Amounts in minor units."""

    def __init__(self, company: DemoCompany) -> None:
        self.company = company

    def fill_wallet(self, member_id: int, amount: int) -> None:
        """Let the wallet hold `amount` at least, by a bank transfer in steps of 200.00."""
        lacking = (
            amount - wallet.balances(member_id, market_of(member_id).currency)[AccountKind.WALLET]
        )
        if lacking > 0:
            sent = -(-lacking // _TRANSFERRED) * _TRANSFERRED
            # By the one who approves payouts: who credits a member puts none into a batch.
            adjusting.credit_wallet(
                self.company.approver, member_id, sent, "Bank transfer received"
            )

    def epin(self, owner_id: int, amount: int) -> str:
        """The code of an e-pin of the owner that holds `amount`; new ones where none does."""
        found = [each for each in self._usable(owner_id) if each.balance >= amount]
        if found:
            return min(found, key=lambda each: (each.balance, each.id)).code
        value = next((each for each in _DENOMINATIONS if each >= amount), amount)
        expires_at = clock.now() + timedelta(days=_VALID_DAYS)
        return self.buy_epins(owner_id, value, 2, expires_at, "Bank transfer received")[0]

    def buy_epins(
        self, owner_id: int, amount: int, quantity: int, expires_at: datetime, note: str
    ) -> list[str]:
        """The codes of a batch that the office issues to a member."""
        staff = self.company.staff
        return epin_batches.issue_epins(staff, amount, quantity, owner_id, expires_at, note)

    def lose_newest_epin(self, owner_id: int) -> None:
        """The office blocks it, so that nobody can use what was lost."""
        newest = [epin.id for epin in self._usable(owner_id)[:1]]
        epin_batches.block_epins(self.company.staff, newest)

    def _usable(self, owner_id: int) -> list[epins.OwnEPin]:
        """The owner's e-pins that can pay, newest first."""
        found = epins.of_owner(owner_id, None, 200)
        return [each for each in found if each.status == EPinStatus.ACTIVE]
