"""`cart/checkout/`, `order/` and `orders/…`."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from upline.api.describe import shapes
from upline.api.http.contract import ApiRequest, form, perform
from upline.api.http.envelope import Answered, answer
from upline.api.http.fields import text_of
from upline.api.http.kinds import (
    Choice,
    Money,
    OptionalId,
    OptionalMoney,
    OptionalPassword,
    Points,
    Text,
    Whole,
)
from upline.api.http.pages import Page, next_cursor
from upline.api.http.reading import Form
from upline.api.http.registry import call
from upline.api.views import order_view
from upline.base.errors import REQUIRED, NotFound, NotPermitted
from upline.cart.errors import CartEmpty
from upline.catalog.errors import ProductNotAvailable
from upline.epins.errors import EPinInvalid
from upline.flows import checkout, ordering
from upline.flows.checkout import Expected
from upline.flows.ordering import Totals
from upline.flows.paying import Funds
from upline.flows.permissions import Right
from upline.flows.position_orders import PositionWish
from upline.genealogy.errors import PlacementInvalid, SideTaken
from upline.genealogy.queries import SIDES
from upline.kyc.errors import KycNotVerified
from upline.members.errors import TransactionPasswordWrong, UsernameNotFound
from upline.orders import queries
from upline.orders.errors import TotalsDiffer
from upline.wallet.errors import BalanceTooLow

BANK_TRANSFER = "bank_transfer"


class Checkout(Form):
    address_id: OptionalId = None
    total_amount: OptionalMoney = Field(
        None, description="The total you expect. If it differs, checkout is refused with 1107"
    )
    payment_method: Annotated[
        str, Choice(("ewallet", "epin", BANK_TRANSFER), may_be_empty=True)
    ] = ""
    ewallet_username: Annotated[str, Text(150, may_be_empty=True)] = ""
    transaction_password: OptionalPassword = ""
    epin_code: Annotated[str, Text(40, may_be_empty=True)] = ""
    position_id: OptionalId = Field(
        None, description="Which of your positions the order counts at, if not the first one"
    )
    placement_position_id: OptionalId = Field(
        None,
        description="Below which position of your team the further position is to stand that the "
        "cart opens; then position is required. By default at the outer end of a leg of yours",
    )
    position: Annotated[str, Choice(("L", "R"), may_be_empty=True, any_case=True)] = Field(
        "", description="On which side it is to stand; your preferred leg by default"
    )

    @classmethod
    def across(cls, sent: Mapping[str, Any]) -> dict[str, str]:
        needed = {"ewallet": "transaction_password", "epin": "epin_code"}
        secret = needed.get(text_of(sent, "payment_method"))
        return {secret: REQUIRED} if secret and not text_of(sent, secret) else {}

    def funds(self) -> Funds | None:
        if self.payment_method in {"", BANK_TRANSFER}:
            return None
        named = Funds(self.ewallet_username, self.transaction_password, self.epin_code)
        return named.of(self.payment_method)


@call(
    "POST cart/checkout/",
    "check_out",
    "Cart checkout",
    scope=Right.PLACE_ORDERS,
    takes=Checkout,
    refuses=(
        UsernameNotFound,
        ProductNotAvailable,
        SideTaken,
        PlacementInvalid,
        BalanceTooLow,
        TransactionPasswordWrong,
        EPinInvalid,
        KycNotVerified,
        NotPermitted,
        NotFound,
        TotalsDiffer,
        CartEmpty,
    ),
    representation=shapes.OrderShape,
)
def check_out(request: ApiRequest) -> Answered[shapes.OrderShape]:
    sent = form(request, Checkout)
    caller = request.auth

    return perform(
        request,
        lambda unit: checkout.check_out(
            unit,
            caller,
            sent.address_id,
            sent.funds(),
            Expected(sent.total_amount),
            sent.position_id,
            opens=PositionWish(sent.placement_position_id, SIDES.get(sent.position)),
            by_bank_transfer=sent.payment_method == BANK_TRANSFER,
        ),
        lambda order: order_view(queries.find_own(caller.member_id, order.number)),
        created=True,
        location=lambda order: f"/api/orders/{order.number}/",
    )


class OrderTotals(Form):
    order_id: Annotated[str, Text(100)]
    total_amount: Money
    total_quantity: Annotated[int, Whole(0, 10**6)]
    total_pv: Points
    position_id: OptionalId = Field(
        None,
        description="Which of your positions a sale of an outside shop counts at, if not the "
        "first one",
    )


@call(
    "POST order/",
    "complete_order",
    "Order complete",
    scope=None,
    takes=OrderTotals,
    refuses=(BalanceTooLow, NotPermitted, NotFound, TotalsDiffer),
    representation=shapes.OrderShape,
)
def complete_order(request: ApiRequest) -> Answered[shapes.OrderShape]:
    sent = form(request, OrderTotals)
    caller = request.auth
    totals = Totals(sent.total_amount, sent.total_quantity, sent.total_pv)
    return perform(
        request,
        lambda unit: ordering.complete(unit, caller, sent.order_id, totals, sent.position_id),
        lambda number: order_view(queries.find_own(caller.member_id, number)),
    )


@call(
    "GET orders/",
    "orders",
    "Your orders, newest first",
    scope=Right.READ_ACCOUNTS,
    takes=Page,
    gives=shapes.OrderList,
)
def list_orders(request: ApiRequest) -> Answered[shapes.OrderList]:
    page = form(request, Page)
    own = queries.own(request.auth.member_id)
    if page.before is not None:
        own = own.filter(pk__lt=page.before)
    found = list(own.order_by("-id")[: page.limit + 1])
    return answer(
        shapes.OrderList(
            orders=[order_view(order) for order in found[: page.limit]],
            next_cursor=next_cursor(found, page.limit),
        )
    )


@call(
    "GET orders/{order_id}/",
    "order",
    "One of your orders",
    scope=Right.READ_ACCOUNTS,
    refuses=(NotFound,),
    gives=shapes.OrderShape,
)
def get_order(request: ApiRequest, order_id: str) -> Answered[shapes.OrderShape]:
    return answer(order_view(queries.find_own(request.auth.member_id, order_id)))


@call(
    "DELETE orders/{order_id}/",
    "cancel_order",
    "Cancel an unpaid order",
    scope=Right.PLACE_ORDERS,
    refuses=(NotFound,),
    representation=shapes.OrderShape,
)
def cancel_order(request: ApiRequest, order_id: str) -> Answered[shapes.OrderShape]:
    caller = request.auth
    return perform(
        request,
        lambda unit: ordering.cancel(unit, caller, order_id),
        lambda _: order_view(queries.find_own(caller.member_id, order_id)),
    )
