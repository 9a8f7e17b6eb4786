"""Who calls: an api_key, and a member's access_token where the call needs one.

The order of checks (docs/api.md): unknown address, method, api_key, access_token, then
the body and the business rules."""

import time
from dataclasses import dataclass

from django.http import HttpRequest

from upline.base import databases
from upline.base.actors import ActingClient, ActingMember
from upline.base.errors import NotPermitted, TooManyRequests, Unavailable
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows.permissions import Right
from upline.language import gettext
from upline.markets import current as markets
from upline.members.actions import keep_token
from upline.members.errors import AccessTokenWrong, ApiKeyWrong
from upline.members.models import MemberKind
from upline.members.queries import Caller, find_caller


@dataclass(frozen=True)
class CredentialsCheck:
    """The check before a call: an api_key, and the access_token of a member or customer unless the
    call works `without_token`, or one of the office's settings `opened_by` lets it. `members_only`
    refuses customers: calls about the network and earnings. Called with the scope that the api_key
    must have, if it must have one."""

    without_token: bool = False
    opened_by: tuple[str, ...] = ()
    members_only: bool = False

    def __call__(self, request: HttpRequest, scope: Right | None) -> Caller:
        api_key, token = _api_key(request), access_token(request)
        version, caller = find_caller(api_key, token)
        if caller is None:
            raise Unavailable(gettext("No company has been set up yet."))
        company.bind(company.at_version(version))
        markets.bind(caller.market_id)
        if not caller.client_id:
            raise ApiKeyWrong()
        if self._needs_token(token) and not caller.member_id:
            raise AccessTokenWrong()
        if caller.member_id and caller.token_used_at:
            keep_token(token, caller.token_used_at)
        _count(caller)
        if self.members_only and caller.kind != MemberKind.MEMBER:
            raise NotPermitted(gettext("This call is for members. You are a customer."))
        if scope:
            UnitOfWork(actor_of(caller)).require(scope)
        return caller

    def _needs_token(self, token: str) -> bool:
        if self.opened_by:
            office = company.office()
            return bool(token) or not any(getattr(office, name) for name in self.opened_by)
        return not self.without_token


MEMBER = CredentialsCheck()
CLIENT = CredentialsCheck(without_token=True)
PUBLIC = CredentialsCheck(opened_by=("public_signup",))
SHOP = CredentialsCheck(opened_by=("public_signup", "customer_signup"))
IN_NETWORK = CredentialsCheck(members_only=True)


def actor_of(caller: Caller) -> ActingMember | ActingClient:
    """Who acts: the member who calls, through the api client, or the client itself."""
    if caller.member_id:
        return ActingMember(caller.member_id, caller.client_id, caller.scopes)
    return ActingClient(caller.client_id, caller.scopes)


def _api_key(request: HttpRequest) -> str:
    key = str(request.META.get("HTTP_API_KEY", ""))
    if not key or "," in key:
        raise ApiKeyWrong()
    return key


def access_token(request: HttpRequest) -> str:
    """The token from either header; two different ones are none."""
    token = str(request.META.get("HTTP_ACCESS_TOKEN", ""))
    scheme, _, bearer = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if scheme.lower() == "bearer":
        token = token or bearer.strip()
        if token != bearer.strip():
            return ","
    return token


_minute = 0
_requests: dict[tuple[str, int], int] = {}


def _count(caller: Caller) -> None:
    """The rough limit on all requests, in this process's memory."""
    global _minute, _requests
    most = company.office().request_limit
    if not (most and caller.member_id):
        return
    minute = int(time.monotonic() // 60)
    if minute != _minute:
        _minute, _requests = minute, {}
    counted = (databases.current(), caller.member_id)
    _requests[counted] = _requests.get(counted, 0) + 1
    if _requests[counted] > most:
        raise TooManyRequests(retry_after=60 - int(time.monotonic() % 60))
