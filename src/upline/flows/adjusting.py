"""Staff credit or debit a wallet: money that came, or went, by other means."""

import secrets
from collections.abc import Callable

from upline.base import audit
from upline.base.amounts import Money
from upline.base.errors import Conflict, FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.events import actions as events
from upline.flows import two_people
from upline.flows.permissions import Right, needs
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.members import actions as members
from upline.members.queries import market_of
from upline.wallet import actions as wallet
from upline.wallet import queries as wallet_queries
from upline.wallet.models import AccountKind


class MarketChanged(Conflict):
    sentence = lazy(
        "The member has just moved to a market with another currency. Look at it again."
    )


@needs(Right.ADJUST_WALLETS)
def credit_wallet(unit: UnitOfWork, member_id: int, amount: int, reason: str) -> int:
    """Put money that came from outside onto a wallet. `amount` in minor units of the currency of
    the member's market; the reason is kept with the transfer. Returns the transfer's id."""
    return _adjust(
        unit, wallet.credit_from_outside, EventKind.WALLET_CREDITED, member_id, amount, reason
    )


@needs(Right.ADJUST_WALLETS)
def debit_wallet(unit: UnitOfWork, member_id: int, amount: int, reason: str) -> int:
    """Take money off a wallet that left by other means. Raises BalanceTooLow."""
    return _adjust(
        unit, wallet.debit_to_outside, EventKind.WALLET_DEBITED, member_id, amount, reason
    )


def _adjust(
    unit: UnitOfWork,
    move: Callable[[int, Money, str, str], int],
    event: EventKind,
    member_id: int,
    amount: int,
    reason: str,
) -> int:
    if amount <= 0 or not reason.strip():
        raise FieldsWrong(gettext("Enter an amount greater than zero and a reason."))
    unit.refuse_own(member_id)
    money = Money(amount, market_of(member_id).currency)
    refuse_too_much(money)

    def adjust() -> int:
        if markets.market(members.hold_market(member_id)).currency != money.currency:
            raise MarketChanged()
        reference = f"office:{secrets.token_hex(12)}"
        transfer_id = move(member_id, money, reference, reason)
        after = wallet_queries.balances(member_id, money.currency)[AccountKind.WALLET]
        before = after - amount if event == EventKind.WALLET_CREDITED else after + amount
        changes = audit.step("balance", before, after)
        events.record(
            unit,
            event,
            f"member:{member_id}",
            {"member_id": member_id, "amount": amount, "currency": money.currency},
            amount=amount,
            reason=reason,
            changes=changes,
        )
        return transfer_id

    step = two_people.Step(
        event,
        Right.ADJUST_WALLETS,
        {"member_id": member_id, "amount": amount, "reason": reason},
        what=f"{event} {member_id} {amount} {money.currency}",
        person_id=member_id,
        reason=reason,
    )
    return two_people.commit_amount(unit, step, adjust, lambda _: [money])


def refuse_too_much(money: Money) -> None:
    """Raises FieldsWrong where one credit, debit or batch of e-pins comes to more than the
    office's setting allows, or where it is not known how much that is in its currency."""
    most = markets.office_limit("credit_max", money.currency)
    if most is None:
        raise FieldsWrong(
            fields={
                "amount": gettext(
                    "{currency} has no exchange rate yet. Add one to its market, or set the "
                    "largest credit in {currency}.",
                    currency=money.currency,
                )
            }
        )
    if most and money.minor > most:
        shown = markets.money(Money(most, money.currency))
        raise FieldsWrong(
            fields={
                "amount": gettext(
                    "This is too much: the office's limit is {shown} at once.", shown=shown
                )
            }
        )
