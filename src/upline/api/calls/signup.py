"""`signup/…`: enrolling the next member."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from upline.api.describe import shapes
from upline.api.http.contract import ApiRequest, form, parameters, perform, unit_of
from upline.api.http.credentials import PUBLIC
from upline.api.http.envelope import Answered, answer, money
from upline.api.http.fields import (
    OPTIONAL_COUNTRY,
    confirmation,
    country_id,
    funds_fields,
    optional_country,
    text_of,
    too_young,
    unreadable,
)
from upline.api.http.kinds import (
    NEW_USERNAME,
    Accepted,
    Birthday,
    Choice,
    EmailAddress,
    Id,
    Name,
    NewPassword,
    OptionalId,
    OptionalMoney,
    OptionalPassword,
    Password,
    Phone,
    Text,
    Unjudged,
    Username,
)
from upline.api.http.reading import Form
from upline.api.http.registry import call
from upline.base.errors import REQUIRED, DateWrong, NotPermitted
from upline.catalog.errors import ProductNotAvailable
from upline.company import current as company
from upline.company.models import PlanKind
from upline.epins.errors import EPinInvalid
from upline.flows import joining
from upline.flows.joining import RegistrationClosed
from upline.flows.paying import Funds
from upline.flows.permissions import Right
from upline.genealogy.errors import PlacementInvalid, SideTaken, SponsorInvalid
from upline.kyc.errors import KycNotVerified
from upline.markets import current as markets
from upline.members.errors import TransactionPasswordWrong, UsernameNotFound, UsernameTaken
from upline.orders.errors import TotalsDiffer
from upline.wallet.errors import BalanceTooLow

_OptionalUsername = Annotated[str, Text(150, may_be_empty=True)]


class Signup(Form):
    sponsor_username: Username
    placement_username: _OptionalUsername = Field(
        "", description="Optional if the office allows spillover; ignored in a unilevel company"
    )
    position: Annotated[str, Unjudged()] = Field(
        "", description="L or R; binary only. Without placement_username it chooses the leg"
    )
    product_id: Id
    firstname: Name
    lastname: Name
    date_of_birth: Birthday
    email: EmailAddress
    mobile: Phone
    username: Annotated[str, Unjudged()] = Field(
        "", description="3 to 30 letters, digits, . _ -; ignored if usernames are generated"
    )
    password: NewPassword
    password_confirmation: Password
    agree_terms: Annotated[bool, Accepted()]
    payment_method: Annotated[str, Choice(("free_join", "ewallet", "epin"))]
    total_amount: OptionalMoney = Field(
        None, description="The total you expect. If it differs, signup is refused with 1107"
    )
    ewallet_username: _OptionalUsername = ""
    transaction_password: OptionalPassword = ""
    epin_code: Annotated[str, Text(40, may_be_empty=True)] = ""
    placement_position_id: OptionalId = Field(
        None, description="Which position of placement_username, if not the first one"
    )
    country: Annotated[int | str | None, OPTIONAL_COUNTRY] = Field(
        None, description="Id or name. It chooses the market; without it, the sponsor's"
    )

    @classmethod
    def across(cls, sent: Mapping[str, Any]) -> dict[str, str]:
        wrong = confirmation(sent, "password") | too_young(sent) | optional_country(sent)
        if text_of(sent, "payment_method") == "ewallet":
            wrong |= funds_fields(sent)
        facts = company.current()
        if text_of(sent, "payment_method") not in facts.office.payment_methods:
            wrong["payment_method"] = joining.NOT_OFFERED
        if not facts.office.dynamic_usernames:
            wrong |= unreadable(NEW_USERNAME, "username", sent)
        if facts.plan_kind == PlanKind.UNILEVEL:
            return wrong
        is_placed = bool(text_of(sent, "placement_username"))
        is_binary = facts.plan_kind == PlanKind.BINARY
        waits = is_binary and facts.office.holding_days > 0
        may_be_unplaced = facts.office.spill_over or waits
        if not (is_placed or may_be_unplaced):
            wrong["placement_username"] = REQUIRED
        if is_binary:
            leg = Choice(("L", "R"), may_be_empty=not is_placed and may_be_unplaced, any_case=True)
            wrong |= unreadable(leg, "position", sent)
        return wrong


@call(
    "POST signup/",
    "sign_up",
    "Register new user",
    scope=Right.SIGN_MEMBERS_UP,
    auth=PUBLIC,
    takes=Signup,
    refuses=(
        RegistrationClosed,
        SponsorInvalid,
        SideTaken,
        PlacementInvalid,
        UsernameTaken,
        UsernameNotFound,
        ProductNotAvailable,
        DateWrong,
        BalanceTooLow,
        TransactionPasswordWrong,
        EPinInvalid,
        KycNotVerified,
        NotPermitted,
        TotalsDiffer,
    ),
    gives=shapes.NewUser,
    status=201,
)
def sign_up(request: ApiRequest) -> Answered[shapes.NewUser]:
    parameters(request)  # a body that cannot be read is told before any rule
    unit = unit_of(request)
    unit.replay()
    joining.refuse_when_closed()
    sent = form(request, Signup)
    signup = joining.SignupRequest(
        sponsor_username=sent.sponsor_username,
        placement_username=sent.placement_username,
        side=sent.position.upper(),
        product_id=sent.product_id,
        firstname=sent.firstname,
        lastname=sent.lastname,
        date_of_birth=sent.date_of_birth,
        email=sent.email,
        mobile=sent.mobile,
        username=sent.username,
        password=sent.password,
        payment_method=sent.payment_method,
        total_amount=sent.total_amount,
        placement_position_id=sent.placement_position_id,
        country_id=None if sent.country is None else country_id(sent.country),
        funds=Funds(
            ewallet_username=sent.ewallet_username,
            transaction_password=sent.transaction_password,
            epin_code=sent.epin_code,
        ).of(sent.payment_method),
    )
    return perform(
        request,
        lambda unit: joining.join(unit, request.auth, signup),
        lambda username: shapes.NewUser(username=username),
        created=True,
        always=True,
        unit=unit,
    )


@call(
    "POST signup/fee/",
    "signup_fee_by_post",
    "Get signup fee",
    scope=None,
    auth=PUBLIC,
    gives=shapes.Fee,
)
@call("GET signup/fee/", "signup_fee", "Get signup fee", scope=None, auth=PUBLIC, gives=shapes.Fee)
def signup_fee(request: ApiRequest) -> Answered[shapes.Fee]:
    market = markets.current()
    fee = money(joining.fee_in(market), market.currency)
    return answer(shapes.Fee(fee=fee, currency=market.currency))
