"""`payouts/…`: money from the caller's wallet to their bank."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from upline.api.describe import shapes
from upline.api.http.contract import (
    ApiRequest,
    form,
    parameters,
    perform,
    unit_of,
)
from upline.api.http.envelope import Answered, answer
from upline.api.http.kinds import MONEY_ABOVE_ZERO, MoneyAboveZero, Password
from upline.api.http.pages import Page, next_cursor
from upline.api.http.reading import Form
from upline.api.http.registry import call
from upline.api.views import payout_view
from upline.base.errors import NotFound, NotPermitted
from upline.flows import paying_out
from upline.flows.permissions import Right
from upline.kyc.errors import KycNotVerified
from upline.markets import current as markets
from upline.members.errors import TransactionPasswordWrong
from upline.payouts import queries
from upline.payouts.errors import PayoutElsewhere
from upline.payouts.queries import wrong_amount
from upline.screens.holds import hold_of
from upline.screens.payout_readiness import refuse_when_closed
from upline.wallet.errors import BalanceTooLow


class PayoutRequest(Form):
    amount: MoneyAboveZero
    transaction_password: Password

    @classmethod
    def across(cls, sent: Mapping[str, Any]) -> dict[str, str]:
        try:
            return wrong_amount(markets.current(), MONEY_ABOVE_ZERO.read(sent.get("amount", "")))
        except PydanticCustomError:
            return {}


def _own(member_id: int, number: str) -> shapes.PayoutShape:
    return payout_view(queries.find_own(member_id, number), hold_of(member_id))


@call(
    "POST payouts/",
    "request_payout",
    "Request a payout from your wallet to your bank account",
    scope=Right.REQUEST_PAYOUTS,
    takes=PayoutRequest,
    refuses=(BalanceTooLow, TransactionPasswordWrong, KycNotVerified, NotPermitted),
    gives=shapes.PayoutShape,
    status=201,
)
def request_payout(request: ApiRequest) -> Answered[shapes.PayoutShape]:
    parameters(request)  # a body that cannot be read is told before any rule
    unit, caller = unit_of(request), request.auth
    unit.replay()
    refuse_when_closed()
    sent = form(request, PayoutRequest)
    return perform(
        request,
        lambda unit: paying_out.request(unit, caller, sent.amount, sent.transaction_password),
        lambda number: _own(caller.member_id, number),
        created=True,
        always=True,
        unit=unit,
    )


@call(
    "GET payouts/",
    "payouts",
    "Your payouts, newest first",
    scope=Right.READ_ACCOUNTS,
    takes=Page,
    gives=shapes.Payouts,
)
def list_payouts(request: ApiRequest) -> Answered[shapes.Payouts]:
    page = form(request, Page)
    own = queries.own(request.auth.member_id)
    if page.before is not None:
        own = own.filter(pk__lt=page.before)
    found = list(own[: page.limit + 1])
    hold = hold_of(request.auth.member_id)
    return answer(
        shapes.Payouts(
            payouts=[payout_view(each, hold) for each in found[: page.limit]],
            next_cursor=next_cursor(found, page.limit),
        )
    )


@call(
    "GET payouts/{payout_id}/",
    "payout",
    "One of your payouts",
    scope=Right.READ_ACCOUNTS,
    refuses=(NotFound,),
    gives=shapes.PayoutShape,
)
def get_payout(request: ApiRequest, payout_id: str) -> Answered[shapes.PayoutShape]:
    return answer(_own(request.auth.member_id, payout_id))


@call(
    "DELETE payouts/{payout_id}/",
    "cancel_payout",
    "Cancel a payout that has not been approved yet",
    scope=Right.REQUEST_PAYOUTS,
    refuses=(NotFound, PayoutElsewhere),
    representation=shapes.PayoutShape,
)
def cancel_payout(request: ApiRequest, payout_id: str) -> Answered[shapes.PayoutShape]:
    caller = request.auth
    return perform(
        request,
        lambda unit: paying_out.cancel(unit, caller, payout_id),
        lambda _: _own(caller.member_id, payout_id),
    )
