"""`ewallet/…` and `epin/…`: balances and payments."""

from typing import Annotated, Any

from django.http import HttpResponse

from upline.api.describe import shapes
from upline.api.describe.documented import call
from upline.api.http.contract import ApiRequest, form, perform, represented
from upline.api.http.envelope import success
from upline.api.http.kinds import Choice, MoneyAboveZero, Password, Text, Username
from upline.api.http.pages import Page, next_cursor
from upline.api.http.reading import Form
from upline.api.http.service import api
from upline.api.views import balance_of, epin_view, transaction_view
from upline.epins import queries as epins
from upline.flows import paying
from upline.wallet import queries as wallet


def balance(request: ApiRequest) -> HttpResponse:
    return success(balance_of(request.auth.member_id))


_BALANCE: dict[str, Any] = {"gives": shapes.Balance, "status": 200}
api.get("ewallet/balance/", **call("wallet_balance", "Get ewallet balance", **_BALANCE))(balance)
api.post(
    "ewallet/balance/",
    **call("wallet_balance_by_post", "Get ewallet balance", **_BALANCE),
)(balance)


@api.get(
    "ewallet/transactions/",
    **call(
        "wallet_transactions",
        "The transactions of your wallet, newest first",
        takes=Page,
        gives=shapes.WalletTransactions,
        status=200,
    ),
)
def transactions(request: ApiRequest) -> HttpResponse:
    page = form(request, Page)
    found = wallet.history(request.auth.member_id, page.before, page.limit + 1)
    return success(
        {
            "transactions": [transaction_view(each) for each in found[: page.limit]],
            "next_cursor": next_cursor(found, page.limit),
        }
    )


class WalletPayment(Form):
    payment_amount: MoneyAboveZero
    purpose: Annotated[str, Choice(("purchase",), any_case=True)]
    ewallet_username: Username
    transaction_password: Password


@api.post(
    "ewallet/payment/",
    **call(
        "pay_from_wallet",
        "Purchase using ewallet",
        takes=WalletPayment,
        codes="1011 1014 1015 1019 1101",
        representation=shapes.Balance,
    ),
)
def pay_from_wallet(request: ApiRequest) -> HttpResponse:
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
        represented(request, lambda: balance_of(caller.member_id), created=True),
    )


@api.post(
    "ewallet/payment/refund/",
    **call(
        "give_payments_back",
        "Return unused payments to where they came from",
        representation=shapes.Balance,
    ),
)
def give_payments_back(request: ApiRequest) -> HttpResponse:
    caller = request.auth
    return perform(
        request,
        lambda unit: paying.give_back(unit, caller),
        represented(request, lambda: balance_of(caller.member_id)),
    )


class EPinPayment(Form):
    payment_amount: MoneyAboveZero
    epin_code: Annotated[str, Text(40)]


@api.post(
    "epin/payment/",
    **call(
        "pay_from_epin",
        "Purchase using epin",
        takes=EPinPayment,
        codes="1016 1019",
        representation=shapes.Balance,
    ),
)
def pay_from_epin(request: ApiRequest) -> HttpResponse:
    sent = form(request, EPinPayment)
    caller = request.auth
    return perform(
        request,
        lambda unit: paying.pay_from_epin(unit, caller, sent.payment_amount, sent.epin_code),
        represented(request, lambda: balance_of(caller.member_id), created=True),
    )


@api.get(
    "epins/",
    **call("own_epins", "Your e-pins", takes=Page, gives=shapes.EPins, status=200),
)
def own_epins(request: ApiRequest) -> HttpResponse:
    page = form(request, Page)
    found = epins.of_owner(request.auth.member_id, page.before, page.limit + 1)
    return success(
        {
            "epins": [epin_view(each) for each in found[: page.limit]],
            "next_cursor": next_cursor(found, page.limit),
        }
    )
