"""The calls of the API: each names its method and address, who may make it, and what it says of
itself for OpenAPI."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http.response import HttpResponseBase

from upline.api.http.credentials import MEMBER, CredentialsCheck
from upline.api.http.reading import Form
from upline.base.errors import Refusal

Handler = Callable[..., HttpResponseBase]
H = TypeVar("H", bound=Handler)


@dataclass(frozen=True)
class Call:
    """One method at one address.

    `path` is what stands below /api/, with its last slash and its parameters in braces:
    `orders/{order_id}/`. The handler gets the request and each parameter as text."""

    method: str
    path: str
    handler: Handler
    auth: CredentialsCheck
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


def call(
    address: str,
    name: str,
    summary: str,
    *,
    auth: CredentialsCheck = MEMBER,
    takes: type[Form] | None = None,
    one_of: tuple[type[Form], ...] = (),
    refuses: tuple[type[Refusal], ...] = (),
    gives: Any = None,
    status: int | None = None,
    representation: Any = None,
    plain_mistake: bool = False,
    files: tuple[str, ...] = (),
) -> Callable[[H], H]:
    """Make a function the handler of an address, such as `PUT profile/bank/`.

    `takes` is the form it reads (`one_of` several, told apart by what is sent), `refuses` its own
    refusals beside those of every call, `gives` the shape of `data` with `status` (200 unless
    given), `representation` its shape where `Prefer: return=representation` asks for one instead
    of 204. An address that the published API prints by `plain_mistake` is marked deprecated;
    `files` are the kinds of file that it answers instead of data."""
    method, path = address.split(" ")

    def add(handler: H) -> H:
        CALLS.append(
            Call(
                method=method,
                path=path,
                handler=handler,
                auth=auth,
                name=name,
                summary=summary,
                forms=(takes,) if takes else one_of,
                refuses=refuses,
                gives=gives,
                status=status or (200 if gives or files else 204),
                representation=representation,
                is_plain_mistake=plain_mistake,
                files=files,
            )
        )
        return handler

    return add
