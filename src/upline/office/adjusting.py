"""Putting money onto a member's wallet and taking it off, after a look at what the wallet holds
before and after."""

from typing import Any

from upline.base.amounts import Money
from upline.base.unit import UnitOfWork
from upline.flows import adjusting
from upline.language import gettext, lazy
from upline.members.models import Member
from upline.office.buttons import Button, ButtonForm, FactsBlock
from upline.office.fields import MoneyField, in_currency, reason_field
from upline.screens import shown
from upline.wallet import queries as wallet
from upline.wallet.errors import BalanceTooLow
from upline.wallet.models import AccountKind


class AmountForm(ButtonForm):
    """An amount in the currency of the member's market."""

    amount = MoneyField(least=1, label=lazy("Amount"))
    reason = reason_field(
        help_text=lazy("Kept for good with the transfer. The member sees it too.")
    )

    def __init__(self, thing: Member, *args: Any, **more: Any) -> None:
        super().__init__(thing, *args, **more)
        in_currency(self.fields["amount"], thing.market.currency_id)


def _credit(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    adjusting.credit_wallet(unit, member.pk, asked["amount"], asked["reason"])
    return gettext(
        "{amount} was added to the wallet of {member}.",
        amount=_written(member, asked),
        member=member,
    )


def _debit(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    adjusting.debit_wallet(unit, member.pk, asked["amount"], asked["reason"])
    return gettext(
        "{amount} was taken from the wallet of {member}.",
        amount=_written(member, asked),
        member=member,
    )


def _written(member: Member, asked: dict[str, Any]) -> str:
    return shown.money(asked["amount"], member.market.currency_id)


def _after_credit(member: Member, asked: dict[str, Any]) -> FactsBlock:
    return _balance(member, asked["amount"], asked["amount"])


def _after_debit(member: Member, asked: dict[str, Any]) -> FactsBlock:
    """Raises BalanceTooLow."""
    return _balance(member, asked["amount"], -asked["amount"])


def _balance(member: Member, amount: int, change: int) -> FactsBlock:
    """What the wallet holds before and after. Raises FieldsWrong for too large an amount."""
    currency = member.market.currency_id
    adjusting.refuse_too_much(Money(amount, currency))
    before = wallet.balances(member.pk, currency)[AccountKind.WALLET]
    if before + change < 0:
        raise BalanceTooLow()
    return FactsBlock(
        gettext("Wallet of {member}", member=member),
        [
            (gettext("Before"), shown.money(before, currency)),
            (gettext("Change"), shown.money(change, currency)),
            (gettext("After"), shown.money(before + change, currency)),
        ],
    )


MONEY = (
    Button(
        "credit",
        lazy("Credit wallet"),
        adjusting.credit_wallet,
        _credit,
        lazy(
            "Use this for money that the company received outside Upline. It is added to the "
            "wallet."
        ),
        AmountForm,
        preview=_after_credit,
    ),
    Button(
        "debit",
        lazy("Debit wallet"),
        adjusting.debit_wallet,
        _debit,
        lazy("Takes money out of the wallet. The wallet must hold that much."),
        AmountForm,
        preview=_after_debit,
        grave=True,
    ),
)
