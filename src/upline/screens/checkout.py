"""How a member can pay an amount: what is taken from where, and what each way lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from upline.base.amounts import Money
from upline.company import current as company
from upline.epins import queries as epins
from upline.epins.queries import OwnEPin
from upline.markets import current as markets
from upline.members.queries import Caller
from upline.payments import queries as payments
from upline.wallet import queries as wallet
from upline.wallet.models import AccountKind

EPINS_MOST = 20


class PayFrom(StrEnum):
    """What an order can be paid from. The shopping balance is all that can only buy."""

    BALANCE = "balance"
    WALLET = "wallet"
    EPIN = "epin"
    TRANSFER = "bank_transfer"


class TakenFrom(NamedTuple):
    """How much is taken from where, in minor units."""

    source: PayFrom
    amount: int


@dataclass(frozen=True)
class WayToPay:
    """A way to pay an amount. `holds` is what is there, and `missing` what it lacks, both in minor
    units: 0 where it is enough. `parts` is what is taken from where, the shopping balance first."""

    source: PayFrom
    parts: Sequence[TakenFrom]
    holds: int = 0
    missing: int = 0
    epin: OwnEPin | None = None

    @property
    def code(self) -> str:
        """What a form calls it."""
        return f"{self.source}-{self.epin.id}" if self.epin else str(self.source)


def ways_to_pay(caller: Caller, price: Money, order_id: int | None = None) -> list[WayToPay]:
    """How the caller can pay this price, of this order where it is made already: first what can.
    Where the shopping balance is enough, neither wallet nor e-pins are needed."""
    balance = payments.available(caller.member_id, price.currency, order_id)
    lacking = max(0, price.minor - balance)
    used = min(balance, price.minor)
    first = [TakenFrom(PayFrom.BALANCE, used)] if used else []
    found = []
    if balance or not lacking:
        found.append(WayToPay(PayFrom.BALANCE, first, balance, lacking))
    if lacking:
        held = wallet.balances(caller.member_id, price.currency).get(AccountKind.WALLET, 0)
        rest = [*first, TakenFrom(PayFrom.WALLET, lacking)]
        found.append(WayToPay(PayFrom.WALLET, rest, held, max(0, lacking - held)))
        found += _epins(caller, first, lacking, price.currency)
    if order_id is None and _takes_transfers() and price.minor:
        by_transfer = [TakenFrom(PayFrom.TRANSFER, price.minor)]
        found.append(WayToPay(PayFrom.TRANSFER, by_transfer))
    return sorted(found, key=lambda way: way.missing > 0)


def _takes_transfers() -> bool:
    """Whether the company lets its buyers transfer money, and has said where to."""
    allowed = company.office().checkout_by_bank_transfer
    return allowed and markets.pay_in(markets.current()) is not None


def _epins(
    caller: Caller, first: Sequence[TakenFrom], lacking: int, currency: str
) -> list[WayToPay]:
    """Those that are enough; where none is, the one that holds most."""
    found = [
        WayToPay(
            PayFrom.EPIN,
            [*first, TakenFrom(PayFrom.EPIN, lacking)],
            each.balance,
            max(0, lacking - each.balance),
            each,
        )
        for each in epins.spendable(caller.member_id, currency, EPINS_MOST)
    ]
    enough = [each for each in found if not each.missing]
    return enough or sorted(found, key=lambda each: each.missing)[:1]
