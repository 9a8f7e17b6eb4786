"""The two passwords: changing them, and asking for a link to reset them."""

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, ConfigDict, Field

from upline.api.describe import shapes
from upline.api.http.contract import ApiRequest, form, perform
from upline.api.http.credentials import CLIENT
from upline.api.http.envelope import Answered
from upline.api.http.fields import confirmation
from upline.api.http.kinds import NameOrAddress, NewPassword, Password
from upline.api.http.reading import Form
from upline.api.http.registry import call
from upline.api.views import profile_of
from upline.flows import passwords
from upline.flows.permissions import Right
from upline.members.errors import LoginBlocked, LoginLocked, TransactionPasswordWrong


class ChangePassword(Form):
    current_password: Password
    new_password: NewPassword
    password_confirmation: Password

    @classmethod
    def across(cls, sent: Mapping[str, Any]) -> dict[str, str]:
        return confirmation(sent, "new_password")


@call(
    "PUT profile/password/",
    "change_password",
    "Change password",
    scope=Right.CHANGE_PROFILES,
    takes=ChangePassword,
    refuses=(LoginBlocked, LoginLocked),
    representation=shapes.Profile,
)
def change_password(request: ApiRequest) -> Answered[shapes.Profile]:
    sent = form(request, ChangePassword)
    caller = request.auth
    return perform(
        request,
        lambda unit: passwords.change_login_password(
            unit, caller, sent.current_password, sent.new_password
        ),
        lambda _: profile_of(caller.member_id),
    )


def _name_the_misprint(schema: dict[str, Any]) -> None:
    misprint = {
        "description": "Another name for `username`, as the published documentation prints it"
    }
    schema["properties"]["ccccc"] = schema["properties"]["username"] | misprint
    schema["anyOf"] = [{"required": [name]} for name in ("username", "ccccc")]
    del schema["required"]


class ForgotPassword(Form):
    model_config = ConfigDict(json_schema_extra=_name_the_misprint)
    username: NameOrAddress = Field(
        validation_alias=AliasChoices("username", "ccccc"),
        description="A username, or a confirmed e-mail address (the mail then lists its usernames)",
    )


@call(
    "POST profile/password/forget/",
    "forget_password",
    "Forgot password",
    scope=Right.SIGN_MEMBERS_IN,
    auth=CLIENT,
    takes=ForgotPassword,
)
def forget_password(request: ApiRequest) -> Answered[None]:
    sent = form(request, ForgotPassword)
    return perform(request, lambda unit: passwords.forget_login_password(unit, sent.username))


@call(
    "PUT ewallet/password/",
    "change_transaction_password",
    "Change transaction password",
    scope=Right.CHANGE_PROFILES,
    takes=ChangePassword,
    refuses=(TransactionPasswordWrong,),
)
def change_transaction_password(request: ApiRequest) -> Answered[None]:
    sent = form(request, ChangePassword)
    caller = request.auth
    return perform(
        request,
        lambda unit: passwords.change_transaction_password(
            unit, caller, sent.current_password, sent.new_password
        ),
    )


@call(
    "POST ewallet/password/forget/",
    "forget_transaction_password",
    "Forgot transaction password",
    scope=Right.SIGN_MEMBERS_IN,
)
def forget_transaction_password(request: ApiRequest) -> Answered[None]:
    caller = request.auth
    return perform(request, lambda unit: passwords.forget_transaction_password(unit, caller))
