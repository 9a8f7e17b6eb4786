"""`ewallet/…` and `epin/…`: balances and payments."""

from typing import Annotated

from upline.api.describe import shapes
from upline.api.http.contract import ApiRequest, form, perform
from upline.api.http.envelope import Answered, answer
from upline.api.http.kinds import Choice, MoneyAboveZero, Password, Text, Username
from upline.api.http.pages import Page, next_cursor
from upline.api.http.reading import Form
from upline.api.http.registry import call
from upline.api.views import balance_of, epin_view, transaction_view
from upline.base.errors import NotPermitted
from upline.epins import queries as epins
from upline.epins.errors import EPinInvalid
from upline.flows import paying
from upline.flows.permissions import Right
from upline.kyc.errors import KycNotVerified
from upline.members.errors import TransactionPasswordWrong, UsernameNotFound
from upline.wallet import queries as wallet
from upline.wallet.errors import BalanceTooLow


@call(
    "POST ewallet/balance/",
    "wallet_balance_by_post",
    "Get ewallet balance",
    scope=Right.READ_ACCOUNTS,
    gives=shapes.Balance,
)
@call(
    "GET ewallet/balance/",
    "wallet_balance",
    "Get ewallet balance",
    scope=Right.READ_ACCOUNTS,
    gives=shapes.Balance,
)
def balance(request: ApiRequest) -> Answered[shapes.Balance]:
    return answer(balance_of(request.auth.member_id))


@call(
    "GET ewallet/transactions/",
    "wallet_transactions",
    "The transactions of your wallet, newest first",
    scope=Right.READ_ACCOUNTS,
    takes=Page,
    gives=shapes.WalletTransactions,
)
def transactions(request: ApiRequest) -> Answered[shapes.WalletTransactions]:
    page = form(request, Page)
    found = wallet.history(request.auth.member_id, page.before, page.limit + 1)
    return answer(
        shapes.WalletTransactions(
            transactions=[transaction_view(each) for each in found[: page.limit]],
            next_cursor=next_cursor(found, page.limit),
        )
    )


class WalletPayment(Form):
    payment_amount: MoneyAboveZero
    purpose: Annotated[str, Choice(("purchase",), any_case=True)]
    ewallet_username: Username
    transaction_password: Password


@call(
    "POST ewallet/payment/",
    "pay_from_wallet",
    "Purchase using ewallet",
    scope=Right.PLACE_ORDERS,
    takes=WalletPayment,
    refuses=(
        UsernameNotFound,
        BalanceTooLow,
        TransactionPasswordWrong,
        KycNotVerified,
        NotPermitted,
    ),
    representation=shapes.Balance,
)
def pay_from_wallet(request: ApiRequest) -> Answered[shapes.Balance]:
    sent = form(request, WalletPayment)
    caller = request.auth
    return perform(
        request,
        lambda unit: paying.pay_from_wallet(
            unit,
            caller,
            sent.payment_amount,
            sent.ewallet_username,
            sent.transaction_password,
        ),
        lambda _: balance_of(caller.member_id),
        created=True,
    )


@call(
    "POST ewallet/payment/refund/",
    "give_payments_back",
    "Return unused payments to where they came from",
    scope=Right.PLACE_ORDERS,
    representation=shapes.Balance,
)
def give_payments_back(request: ApiRequest) -> Answered[shapes.Balance]:
    caller = request.auth
    return perform(
        request,
        lambda unit: paying.give_back(unit, caller),
        lambda _: balance_of(caller.member_id),
    )


class EPinPayment(Form):
    payment_amount: MoneyAboveZero
    epin_code: Annotated[str, Text(40)]


@call(
    "POST epin/payment/",
    "pay_from_epin",
    "Purchase using epin",
    scope=Right.PLACE_ORDERS,
    takes=EPinPayment,
    refuses=(EPinInvalid, KycNotVerified),
    representation=shapes.Balance,
)
def pay_from_epin(request: ApiRequest) -> Answered[shapes.Balance]:
    sent = form(request, EPinPayment)
    caller = request.auth
    return perform(
        request,
        lambda unit: paying.pay_from_epin(unit, caller, sent.payment_amount, sent.epin_code),
        lambda _: balance_of(caller.member_id),
        created=True,
    )


@call(
    "GET epins/",
    "own_epins",
    "Your e-pins",
    scope=Right.READ_ACCOUNTS,
    takes=Page,
    gives=shapes.EPins,
)
def own_epins(request: ApiRequest) -> Answered[shapes.EPins]:
    page = form(request, Page)
    found = epins.of_owner(request.auth.member_id, page.before, page.limit + 1)
    return answer(
        shapes.EPins(
            epins=[epin_view(each) for each in found[: page.limit]],
            next_cursor=next_cursor(found, page.limit),
        )
    )
