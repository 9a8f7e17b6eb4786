"""The buttons on an account of a member who has left: record that its balance was sent to them,
keep it, or waive a debt."""

from typing import Any

from upline.base.unit import UnitOfWork
from upline.flows import closed_accounts as flow
from upline.language import gettext, lazy
from upline.office.buttons import Button, ButtonForm, FactsBlock, ReasonForm
from upline.office.fields import LineField
from upline.screens import shown
from upline.wallet import queries
from upline.wallet.models import Account


class SentBalanceForm(ButtonForm):
    note = LineField(
        max_length=300,
        label=lazy("How"),
        help_text=lazy("For example the date and number of the transfer."),
    )


def _pay(unit: UnitOfWork, account: Account, asked: dict[str, Any]) -> str:
    made = flow.pay(unit, account.pk, asked["note"], _seen(asked))
    return gettext(
        "{money} is recorded as paid to {member}.",
        money=shown.money(made.rest, account.currency),
        member=account.member,
    )


def _forfeit(unit: UnitOfWork, account: Account, asked: dict[str, Any]) -> str:
    made = flow.forfeit(unit, account.pk, asked["reason"], _seen(asked))
    return gettext(
        "The company keeps {money} of {member}.",
        money=shown.money(made.rest, account.currency),
        member=account.member,
    )


def _waive(unit: UnitOfWork, account: Account, asked: dict[str, Any]) -> str:
    waived = flow.waive(unit, account.pk, asked["reason"], _seen(asked))
    return gettext(
        "{member} no longer owes {money}.",
        member=account.member,
        money=shown.money(waived, account.currency),
    )


def _balance(account: Account) -> dict[str, Any]:
    return {"balance": account.balance}


def _seen(asked: dict[str, Any]) -> int | None:
    """The balance that the page showed."""
    return (asked["opened"] or {}).get("balance")


def _settled(rest: str) -> Any:
    def preview(account: Account, asked: dict[str, Any]) -> FactsBlock:
        found = flow.prepare(account.pk)
        rows = [
            (gettext("Balance"), shown.money(found.balance, account.currency)),
            (
                gettext("Pays what the member owes the company"),
                shown.money(found.debt, account.currency),
            ),
            (rest, shown.money(found.rest, account.currency)),
        ]
        return FactsBlock(shown.account(account).capitalize(), rows)

    return preview


def _is_to_settle(account: Account) -> bool:
    return queries.of_the_closed().filter(pk=account.pk).exists()


def _is_a_debt(account: Account) -> bool:
    return queries.debts_of_the_closed().filter(pk=account.pk).exists()


SETTLING = (
    Button(
        "pay",
        lazy("Record as paid"),
        flow.pay,
        _pay,
        lazy(
            "The member has left and cannot ask for a payout. You have sent them the "
            "money by other means. Any debt to the company is taken off first."
        ),
        SentBalanceForm,
        initial=_balance,
        fits=_is_to_settle,
        preview=_settled(lazy("Sent to the member")),
    ),
    Button(
        "forfeit",
        lazy("Forfeit"),
        flow.forfeit,
        _forfeit,
        lazy("The member has left, and the company keeps the money."),
        ReasonForm,
        initial=_balance,
        fits=_is_to_settle,
        preview=_settled(lazy("Kept by the company")),
        grave=True,
    ),
    Button(
        "waive",
        lazy("Waive the debt"),
        flow.waive,
        _waive,
        lazy("The member has left and will not repay this. The company gives it up."),
        ReasonForm,
        initial=_balance,
        fits=_is_a_debt,
        grave=True,
    ),
)
