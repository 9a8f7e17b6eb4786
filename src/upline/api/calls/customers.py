"""`customers/…`: customers who register themselves, or whom a member registers."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from upline.api.describe import shapes
from upline.api.http.contract import ApiRequest, form, parameters, perform, unit_of
from upline.api.http.credentials import IN_NETWORK, SHOP
from upline.api.http.envelope import Answered, answer
from upline.api.http.fields import OPTIONAL_COUNTRY, country_id, optional_country, unreadable
from upline.api.http.kinds import (
    NEW_USERNAME,
    Accepted,
    Choice,
    EmailAddress,
    Name,
    Phone,
    Text,
    Unjudged,
    Username,
)
from upline.api.http.reading import Form
from upline.api.http.registry import call
from upline.base.errors import NotPermitted
from upline.company import current as company
from upline.flows import customers, joining
from upline.flows.joining import RegistrationClosed
from upline.flows.permissions import Right
from upline.genealogy.errors import SponsorInvalid
from upline.members.errors import UsernameTaken
from upline.members.models import MemberKind


class NewCustomer(Form):
    sponsor_username: Username
    kind: Annotated[str, Choice(("retail", "preferred"))] = Field(
        "retail", description="retail, or preferred if the office allows it"
    )
    firstname: Name
    lastname: Annotated[str, Text(100, may_be_empty=True)] = ""
    email: EmailAddress = Field(description="A link to choose a password is mailed to it")
    mobile: Phone
    country: Annotated[int | str | None, OPTIONAL_COUNTRY] = Field(
        None, description="Id or name. It chooses the market; without it, the sponsor's"
    )
    username: Annotated[str, Unjudged()] = Field(
        "", description="3 to 30 letters, digits, . _ -; ignored if usernames are generated"
    )
    agree_terms: Annotated[bool, Accepted()]

    @classmethod
    def across(cls, sent: Mapping[str, Any]) -> dict[str, str]:
        wrong = optional_country(sent)
        if not company.office().dynamic_usernames:
            wrong |= unreadable(NEW_USERNAME, "username", sent)
        return wrong


@call(
    "POST customers/",
    "register_customer",
    "Register a customer",
    scope=Right.SIGN_MEMBERS_UP,
    auth=SHOP,
    takes=NewCustomer,
    refuses=(RegistrationClosed, SponsorInvalid, UsernameTaken, NotPermitted),
    gives=shapes.NewUser,
    status=201,
)
def register_customer(request: ApiRequest) -> Answered[shapes.NewUser]:
    parameters(request)  # a body that cannot be read is told before any rule
    unit = unit_of(request)
    unit.replay()
    joining.refuse_when_closed()
    sent = form(request, NewCustomer)
    new = customers.CustomerRegistration(
        sponsor=sent.sponsor_username,
        kind=MemberKind(sent.kind),
        firstname=sent.firstname,
        lastname=sent.lastname,
        email=sent.email,
        mobile=sent.mobile,
        username=sent.username,
        country_id=None if sent.country is None else country_id(sent.country),
    )
    return perform(
        request,
        lambda unit: customers.sign_up(unit, request.auth, new),
        lambda username: shapes.NewUser(username=username),
        created=True,
        always=True,
        unit=unit,
    )


@call(
    "GET customers/link/",
    "customer_link",
    "The member's link for customers",
    scope=Right.READ_ACCOUNTS,
    auth=IN_NETWORK,
    refuses=(NotPermitted,),
    gives=shapes.CustomerLink,
)
def customer_link(request: ApiRequest) -> Answered[shapes.CustomerLink]:
    return answer(shapes.CustomerLink(link=customers.link_of(request.auth.username)))
