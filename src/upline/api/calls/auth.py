"""`auth/…`: signing in and out."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from upline.api.describe import shapes
from upline.api.http.contract import ApiRequest, form, perform, unit_of
from upline.api.http.credentials import CLIENT, access_token
from upline.api.http.envelope import Answered
from upline.api.http.kinds import Password, Text, Username
from upline.api.http.reading import Form
from upline.api.http.registry import call
from upline.flows import signing_in
from upline.flows.permissions import Right
from upline.members.actions import TOKEN_SECONDS
from upline.members.errors import CredentialsWrong, LoginBlocked, LoginLocked

DeviceToken = Annotated[
    str,
    Text(200, may_be_empty=True),
    Field(
        description="The device_token that the last sign-in on this device returned. It keeps you "
        "from being locked out when others try wrong passwords for this username."
    ),
]


class Credentials(Form):
    username: Username
    password: Password
    device_token: DeviceToken = ""


@call(
    "POST auth/access/",
    "get_access_token",
    "Get access token",
    scope=Right.SIGN_MEMBERS_IN,
    auth=CLIENT,
    takes=Credentials,
    refuses=(CredentialsWrong, LoginBlocked, LoginLocked),
    gives=shapes.Token,
)
def get_access_token(request: ApiRequest) -> Answered[shapes.Token]:
    sent = form(request, Credentials)
    client_id = request.auth.client_id
    return perform(
        request,
        lambda unit: signing_in.sign_in(
            unit, client_id, sent.username, sent.password, sent.device_token
        ),
        lambda let_in: shapes.Token(
            access_token=let_in.access_token,
            expires_in=TOKEN_SECONDS,
            device_token=let_in.device_token,
        ),
        always=True,
        unit=unit_of(request, keyed=False),
    )


@call("POST auth/logout/", "log_out", "End this access token", scope=Right.SIGN_MEMBERS_IN)
def log_out(request: ApiRequest) -> Answered[None]:
    token = access_token(request)
    unit = unit_of(request)
    if unit.key:
        # Which token ends is what is asked for: for a later one, "done already" would be wrong.
        unit.key = replace(unit.key, body=f"{unit.key.body} {token}")
    return perform(request, lambda unit: signing_in.sign_out(unit, token), unit=unit)
