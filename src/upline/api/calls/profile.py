"""`profile/…`: what members say about themselves."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from django.http import HttpResponse
from pydantic import Field

from upline.api.describe import shapes
from upline.api.http.bodies import UPLOAD_BYTES_MAX
from upline.api.http.contract import ApiRequest, form, perform
from upline.api.http.envelope import Answered, answer
from upline.api.http.fields import (
    COUNTRY,
    STATE,
    country_and_state,
    country_id,
    state_id,
    too_young,
)
from upline.api.http.kinds import (
    AccountNumber,
    Birthday,
    Choice,
    EmailAddress,
    File,
    Name,
    OptionalName,
    OptionalPhone,
    Phone,
    ProofPassword,
    Text,
)
from upline.api.http.reading import Form
from upline.api.http.registry import call
from upline.api.views import languages_of, profile_of, visibility_of
from upline.base.errors import NotFound
from upline.flows import profiles
from upline.flows.permissions import Right
from upline.language import gettext
from upline.language.loading import installed
from upline.members.errors import LoginBlocked, LoginLocked
from upline.pictures.errors import NotAPicture, PictureTooLarge
from upline.screens import profile as screen


@call(
    "GET profile/",
    "profile",
    "Get profile information",
    scope=Right.READ_ACCOUNTS,
    gives=shapes.Profile,
)
def get_profile(request: ApiRequest) -> Answered[shapes.Profile]:
    return answer(profile_of(request.auth.member_id))


class PictureUpload(Form):
    bytes_max: ClassVar[int | None] = UPLOAD_BYTES_MAX
    image: Annotated[bytes, File()]


@call(
    "POST profile/image/",
    "upload_picture",
    "Upload profile image",
    scope=Right.CHANGE_PROFILES,
    takes=PictureUpload,
    refuses=(NotAPicture, PictureTooLarge),
    representation=shapes.Profile,
)
def upload_picture(request: ApiRequest) -> Answered[shapes.Profile]:
    sent = form(request, PictureUpload)
    caller = request.auth
    return perform(
        request,
        lambda unit: profiles.change_picture(unit, caller, sent.image),
        lambda _: profile_of(caller.member_id),
    )


@call(
    "GET profile/image/",
    "picture",
    "The profile image itself",
    scope=Right.READ_ACCOUNTS,
    refuses=(NotFound,),
    files=("image/png", "image/jpeg"),
)
def picture(request: ApiRequest) -> HttpResponse:
    found = screen.picture_of(request.auth.member_id)
    if found is None:
        raise NotFound(gettext("You have no profile image."))
    return HttpResponse(bytes(found.content), content_type=found.content_type)


PROOF = Field(
    None,
    description="The login password. Checked if you send it; the office may require it for "
    "another name, date of birth, country, e-mail address or bank account",
)


class Personal(Form):
    firstname: Name
    lastname: OptionalName = ""
    gender: Annotated[str, Choice(("M", "F"), any_case=True)]
    date_of_birth: Birthday
    current_password: ProofPassword = PROOF

    @classmethod
    def across(cls, sent: Mapping[str, Any]) -> dict[str, str]:
        return too_young(sent)


def update_personal(request: ApiRequest) -> Answered[shapes.Profile]:
    """Called by `overloads.py`, which knows that this is what the body holds."""
    sent = form(request, Personal)
    caller = request.auth
    return perform(
        request,
        lambda unit: profiles.change_personal(unit, caller, **sent.changes()),
        lambda _: profile_of(caller.member_id),
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
    current_password: ProofPassword = PROOF

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


@call(
    "PUT profile/contact/",
    "update_contact",
    "Update contact information",
    scope=Right.CHANGE_PROFILES,
    takes=Contact,
    refuses=(LoginBlocked, LoginLocked),
    representation=shapes.Profile,
)
def update_contact(request: ApiRequest) -> Answered[shapes.Profile]:
    sent = form(request, Contact)
    caller = request.auth
    return perform(
        request,
        lambda unit: profiles.change_contact(unit, caller, **sent.columns()),
        lambda _: profile_of(caller.member_id),
    )


class Bank(Form):
    bank_name: OptionalName = ""
    branch_name: OptionalName = ""
    account_holder: OptionalName = ""
    account_number: Annotated[str, AccountNumber(40, may_be_empty=True)] = ""
    ifsc: Annotated[str, Text(20, may_be_empty=True)] = ""
    pan: Annotated[str, Text(20, may_be_empty=True)] = ""
    current_password: ProofPassword = PROOF


@call(
    "PUT profile/bank/",
    "update_bank",
    "Update bank information",
    scope=Right.CHANGE_PROFILES,
    takes=Bank,
    refuses=(LoginBlocked, LoginLocked),
    representation=shapes.Profile,
)
def update_bank(request: ApiRequest) -> Answered[shapes.Profile]:
    sent = form(request, Bank)
    caller = request.auth
    return perform(
        request,
        lambda unit: profiles.change_bank(unit, caller, **sent.changes()),
        lambda _: profile_of(caller.member_id),
    )


class Language(Form):
    language: Annotated[str, Choice(installed(), may_be_empty=True, any_case=True)]


@call(
    "GET profile/language/",
    "languages",
    "Get the language of mails",
    scope=Right.READ_ACCOUNTS,
    gives=shapes.Languages,
)
def languages(request: ApiRequest) -> Answered[shapes.Languages]:
    return answer(languages_of(request.auth.member_id))


@call(
    "PUT profile/language/",
    "choose_language",
    "Choose the language of mails",
    scope=Right.CHANGE_PROFILES,
    takes=Language,
    representation=shapes.Languages,
)
def choose_language(request: ApiRequest) -> Answered[shapes.Languages]:
    sent = form(request, Language)
    caller = request.auth
    return perform(
        request,
        lambda unit: profiles.choose_language(unit, caller, sent.language),
        lambda _: languages_of(caller.member_id),
    )


class ContactVisibility(Form):
    show: Annotated[str, Choice(("true", "false"), any_case=True)] = Field(
        description="true: those above you see your e-mail address and mobile phone"
    )


@call(
    "GET profile/visibility/",
    "contact_visibility",
    "Whether those above you see your e-mail address and mobile phone",
    scope=Right.READ_ACCOUNTS,
    gives=shapes.Visibility,
)
def contact_visibility(request: ApiRequest) -> Answered[shapes.Visibility]:
    return answer(visibility_of(request.auth.member_id))


@call(
    "PUT profile/visibility/",
    "show_contact",
    "Show your e-mail address and mobile phone to those above you, or hide them",
    scope=Right.CHANGE_PROFILES,
    takes=ContactVisibility,
    representation=shapes.Visibility,
)
def show_contact(request: ApiRequest) -> Answered[shapes.Visibility]:
    is_shown = form(request, ContactVisibility).show == "true"
    caller = request.auth
    return perform(
        request,
        lambda unit: profiles.show_contact(unit, caller, is_shown=is_shown),
        lambda _: visibility_of(caller.member_id),
    )


@call(
    "POST profile/email/confirmation/",
    "confirm_email_again",
    "Send the link that confirms a new e-mail address again",
    scope=Right.CHANGE_PROFILES,
)
def confirm_email_again(request: ApiRequest) -> Answered[None]:
    caller = request.auth
    return perform(request, lambda unit: profiles.send_confirmation(unit, caller))
