"""The calls of the API: each names its method and address, who may make it, and what it says of
itself for OpenAPI."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, Required, TypedDict, TypeVar, Unpack, overload

from django.http import HttpResponse

from upline.api.http.credentials import MEMBER, CredentialsCheck
from upline.api.http.envelope import Answered
from upline.api.http.reading import Form
from upline.base.errors import Refusal
from upline.flows.permissions import Right

P = ParamSpec("P")
S = TypeVar("S")
Handler = Callable[..., HttpResponse]
Added = Callable[[Callable[P, Answered[S]]], Callable[P, Answered[S]]]


@dataclass(frozen=True)
class Call:
    """One method at one address.

    `path` is what stands below /api/, with its last slash and its parameters in braces:
    `orders/{order_id}/`. The handler gets the request and each parameter as text."""

    method: str
    path: str
    handler: Handler
    auth: CredentialsCheck
    scope: Right | None
    name: str
    summary: str
    forms: tuple[type[Form], ...]
    refuses: tuple[type[Refusal], ...]
    gives: Any
    status: int
    representation: Any
    is_plain_mistake: bool
    files: tuple[str, ...]

    @property
    def parameters(self) -> list[str]:
        """The names of the parameters in its address."""
        return re.findall(r"{(\w+)}", self.path)


CALLS: list[Call] = []


class Terms(TypedDict, total=False):
    """What a call says beside its answer: the `scope` that the api client needs (None where every
    one may, or the flow asks for it), who may make it (a member, unless it says otherwise), the
    form it `takes` (`one_of` several, told apart by what is sent), its own refusals beside those of
    every call, the status of a success, and whether the published API prints the address by plain
    mistake, which marks it as deprecated."""

    scope: Required[Right | None]
    auth: CredentialsCheck
    takes: type[Form]
    one_of: tuple[type[Form], ...]
    refuses: tuple[type[Refusal], ...]
    status: int
    plain_mistake: bool


@overload
def call(
    address: str, name: str, summary: str, *, gives: type[S], **terms: Unpack[Terms]
) -> Added[P, S]: ...
@overload
def call(
    address: str, name: str, summary: str, *, representation: type[S], **terms: Unpack[Terms]
) -> Added[P, S]: ...
@overload
def call(
    address: str, name: str, summary: str, *, files: tuple[str, ...], **terms: Unpack[Terms]
) -> Callable[[Callable[P, HttpResponse]], Callable[P, HttpResponse]]: ...
@overload
def call(
    address: str, name: str, summary: str, **terms: Unpack[Terms]
) -> Callable[[Callable[P, Answered[None]]], Callable[P, Answered[None]]]: ...
def call(
    address: str,
    name: str,
    summary: str,
    *,
    gives: Any = None,
    representation: Any = None,
    files: tuple[str, ...] = (),
    **terms: Unpack[Terms],
) -> Any:
    """Make a function the handler of an address, such as `PUT profile/bank/`.

    `gives` is the shape of `data` in its answer (200 unless `status` says otherwise);
    `representation` is its shape where `Prefer: return=representation` asks for one instead of
    204; `files` are the kinds of file that it answers instead of data. A handler that answers
    another shape is a type error."""
    method, path = address.split(" ")
    takes = terms.get("takes")

    def add(handler: Handler) -> Handler:
        CALLS.append(
            Call(
                method=method,
                path=path,
                handler=handler,
                auth=terms.get("auth", MEMBER),
                scope=terms["scope"],
                name=name,
                summary=summary,
                forms=(takes,) if takes else terms.get("one_of", ()),
                refuses=terms.get("refuses", ()),
                gives=gives,
                status=terms.get("status", 200 if gives or files else 204),
                representation=representation,
                is_plain_mistake=terms.get("plain_mistake", False),
                files=files,
            )
        )
        return handler

    return add
