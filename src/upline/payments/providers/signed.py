"""Messages that a payment provider signs: JSON, with a time and an HMAC over both in a header.

    Upline-Signature: t=1795996800,v1=5257a869e7…

`v1` is the hexadecimal HMAC-SHA256 of `t`, a dot and the body's bytes, keyed with the secret that
the provider and the company share. A message is one event, or `{"events": [...]}`."""

import hmac
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from upline.base.amounts import NotAnAmount
from upline.base.errors import FieldsWrong, NotPermitted
from upline.base.letters import cleaned
from upline.language import gettext, lazy
from upline.payments.models import PaymentEventKind
from upline.payments.providers.event import (
    ORDER_MOST,
    REFERENCE_MOST,
    TEXT_MOST,
    TRANSFERS_MAX,
    ProviderEvent,
    amount_of,
    must_be_reference,
)

HEADER = "Upline-Signature"
TOLERANCE_SECONDS = 300
"""How far the time of a signature may be from ours: an older message is not taken again."""
_SIGNED = re.compile(r"t=(?P<time>[0-9]{1,12}),v1=(?P<hmac>[0-9a-f]{64})")


class SignatureWrong(NotPermitted):
    sentence = lazy("The signature is missing, wrong or too old.")


def sign(secret: str, at: int, body: bytes) -> str:
    """The header for a message sent at a moment, in seconds since 1970."""
    return f"t={at},v1={_hmac(secret, at, body)}"


def check(header: str, body: bytes, secrets: Iterable[str], now: float) -> None:
    """Raises SignatureWrong unless one of the secrets signed this body, lately."""
    found = _SIGNED.fullmatch(header)
    if found is None or abs(now - int(found["time"])) > TOLERANCE_SECONDS:
        raise SignatureWrong()
    expected = [_hmac(secret, int(found["time"]), body) for secret in secrets]
    if not any(hmac.compare_digest(found["hmac"], each) for each in expected):
        raise SignatureWrong()


def _hmac(secret: str, at: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()


_Id = Annotated[str, Field(min_length=1, max_length=REFERENCE_MOST)]


class _Message(BaseModel):
    """One event as a provider writes it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    event_id: _Id
    kind: PaymentEventKind
    reference: _Id
    amount: Annotated[str | Decimal, Field(union_mode="left_to_right")]
    currency: Annotated[str, Field(max_length=3)]
    order_id: Annotated[str, Field(max_length=ORDER_MOST)] = ""
    text: Annotated[str, Field(max_length=TEXT_MOST)] = ""


def read(body: bytes) -> list[ProviderEvent]:
    """The events of a message. Raises FieldsWrong, naming the first wrong one."""
    try:
        said: object = json.loads(body, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError) as error:
        raise FieldsWrong(gettext("The body is not JSON.")) from error
    given = said.get("events", [said]) if isinstance(said, dict) else None
    if not isinstance(given, list) or not 0 < len(given) <= TRANSFERS_MAX:
        raise FieldsWrong(gettext("The body must be an event, or an object with a list of events."))
    return [_event(each, f"events.{index}") for index, each in enumerate(given)]


def _event(said: object, where: str) -> ProviderEvent:
    try:
        message = _Message.model_validate(said)
        currency = message.currency.upper()
        amount = amount_of(str(message.amount), currency)
        if amount <= 0:
            raise ValueError(gettext("The amount must be above zero."))
        # Written in another form of Unicode, a text may be longer.
        event_id, reference = cleaned(message.event_id), cleaned(message.reference)
        must_be_reference(event_id)
        must_be_reference(reference)
        return ProviderEvent(
            event_id=event_id,
            kind=message.kind,
            reference=reference,
            amount=amount,
            currency=currency,
            order_number=cleaned(message.order_id).upper()[:ORDER_MOST],
            text=cleaned(" ".join(message.text.split()))[:TEXT_MOST],
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(map(str, (where, *first["loc"])))
        raise FieldsWrong(fields={name: first["msg"]}) from error
    except (NotAnAmount, ValueError) as error:
        raise FieldsWrong(fields={where: str(error)}) from error
