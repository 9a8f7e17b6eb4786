"""`profile/…`: what members say about themselves."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from django.http import HttpResponse

from upline.api import shapes
from upline.api.bodies import UPLOAD_BYTES_MAX
from upline.api.contract import ApiRequest, change, form, perform, represented
from upline.api.documented import call
from upline.api.envelope import success
from upline.api.fields import COUNTRY, STATE, country_and_state, country_id, state_id, too_young
from upline.api.kinds import (
    AccountNumber,
    Birthday,
    Choice,
    EmailAddress,
    File,
    Name,
    OptionalName,
    OptionalPhone,
    Phone,
    Text,
)
from upline.api.reading import Form
from upline.api.service import api
from upline.base.errors import NotFound
from upline.flows import profiles
from upline.members import profile
from upline.screens import profile as screen


@api.get(
    "profile/",
    **call("profile", "Get profile information", gives=shapes.Profile, status=200),
)
def get_profile(request: ApiRequest) -> HttpResponse:
    return success(screen.profile_of(request.auth.member_id))


class Picture(Form):
    bytes_max: ClassVar[int | None] = UPLOAD_BYTES_MAX
    image: Annotated[bytes, File()]


@api.post(
    "profile/image/",
    **call(
        "upload_picture",
        "Upload profile image",
        takes=Picture,
        codes="1017 1018",
        representation=shapes.Profile,
    ),
)
def upload_picture(request: ApiRequest) -> HttpResponse:
    sent = form(request, Picture)
    caller = request.auth
    return perform(
        request,
        lambda unit: profiles.change_picture(unit, caller, sent.image),
        represented(request, lambda: screen.profile_of(caller.member_id)),
    )


@api.get(
    "profile/image/",
    **call(
        "picture",
        "The profile image itself",
        codes="1102",
        status=200,
        files=("image/png", "image/jpeg"),
    ),
)
def picture(request: ApiRequest) -> HttpResponse:
    found = screen.picture_of(request.auth.member_id)
    if found is None:
        raise NotFound("You have no profile image.")
    return HttpResponse(bytes(found.content), content_type=found.content_type)


class Personal(Form):
    firstname: Name
    lastname: OptionalName = ""
    gender: Annotated[str, Choice(("M", "F"), any_case=True)]
    date_of_birth: Birthday

    @classmethod
    def across(cls, sent: Mapping[str, Any]) -> dict[str, str]:
        return too_young(sent)


def update_personal(request: ApiRequest) -> HttpResponse:
    """Called by `overloads.py`, which knows that this is what the body holds."""
    sent = form(request, Personal)
    member_id = request.auth.member_id
    return change(
        request,
        lambda _: profile.change_personal(member_id, **sent.changes()),
        represented(request, lambda: screen.profile_of(member_id)),
    )


class Contact(Form):
    address_line1: Annotated[str, Text(200)]
    address_line2: Annotated[str, Text(200, may_be_empty=True)] = ""
    country: Annotated[int | str, COUNTRY]
    state: Annotated[int | str | None, STATE] = None
    city: Name
    zip_code: Annotated[str, Text(20, may_be_empty=True)] = ""
    email: EmailAddress
    mobile: Phone
    landline: OptionalPhone = ""

    @classmethod
    def across(cls, sent: Mapping[str, Any]) -> dict[str, str]:
        return country_and_state(sent)

    def columns(self) -> dict[str, Any]:
        """What was sent, with the ids of country and state."""
        fields = self.changes()
        country = country_id(fields.pop("country"))
        assert country is not None, "checked beside the state"
        if "state" in fields:
            said = fields.pop("state")
            fields["state_id"] = None if said is None else state_id(country, said)
        return fields | {"country_id": country}


@api.put(
    "profile/contact/",
    **call(
        "update_contact",
        "Update contact information",
        takes=Contact,
        representation=shapes.Profile,
    ),
)
def update_contact(request: ApiRequest) -> HttpResponse:
    sent = form(request, Contact)
    caller = request.auth
    return perform(
        request,
        lambda unit: profiles.change_contact(unit, caller, **sent.columns()),
        represented(request, lambda: screen.profile_of(caller.member_id)),
    )


class Bank(Form):
    bank_name: OptionalName = ""
    branch_name: OptionalName = ""
    account_holder: OptionalName = ""
    account_number: Annotated[str, AccountNumber(40, may_be_empty=True)] = ""
    ifsc: Annotated[str, Text(20, may_be_empty=True)] = ""
    pan: Annotated[str, Text(20, may_be_empty=True)] = ""


@api.put(
    "profile/bank/",
    **call("update_bank", "Update bank information", takes=Bank, representation=shapes.Profile),
)
def update_bank(request: ApiRequest) -> HttpResponse:
    sent = form(request, Bank)
    member_id = request.auth.member_id
    return change(
        request,
        lambda unit: profile.change_bank(unit, member_id, **sent.changes()),
        represented(request, lambda: screen.profile_of(member_id)),
    )
