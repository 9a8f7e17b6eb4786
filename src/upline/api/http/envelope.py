"""The published API's envelope: what a success and a failure look like, and exact numbers in it."""

from decimal import Decimal
from typing import Any, Generic, TypeVar

import simplejson
from django.http import HttpResponse

from upline.base.amounts import PERCENT_DECIMALS, POINT_DECIMALS, as_number
from upline.base.errors import Refusal
from upline.base.unit import Answer
from upline.markets import current as markets

JSON = "application/json"
S = TypeVar("S")


class Answered(HttpResponse, Generic[S]):
    """A success whose `data` has the shape S; None for 204 without data. `registry.call` asks a
    handler for the shape that it describes."""


def answer(data: S) -> Answered[S]:
    """`data` in the envelope."""
    return response_of(Answer(200, as_json(data)))


def response_of(stored: Answer) -> Answered[Any]:
    """The response for an answer whose data are JSON text already."""
    response: Answered[Any]
    if stored.status == 204:
        response = Answered(status=204)
        del response["Content-Type"]
    else:
        body = '{"status": true}' if stored.data is None else _wrapped(stored.data)
        response = Answered(body, content_type=JSON, status=stored.status)
    if stored.location:
        response["Location"] = stored.location
    return response


def _wrapped(data: str) -> str:
    return f'{{"status": true, "data": {data}}}'


def failure(refusal: Refusal) -> HttpResponse:
    """A refusal in the envelope: code, sentence, and a sentence per wrong field."""
    error: dict[str, Any] = {"code": refusal.code, "description": refusal.sentence}
    if refusal.fields:
        error["fields"] = refusal.fields
    response = HttpResponse(
        as_json({"status": False, "error": error}), content_type=JSON, status=refusal.status
    )
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def as_json(data: Any) -> str:
    """JSON text. Decimals are written digit by digit, never through a float."""
    return simplejson.dumps(data, use_decimal=True, ensure_ascii=False)


def money(minor: int, currency: str) -> int | Decimal:
    """Minor units of a currency as the number that the API shows: 4990 is 49.9 where a unit has two
    decimals."""
    return as_number(minor, markets.decimals_of(currency))


def percent(basis_points: int) -> int | Decimal:
    """Basis points as the number of percent that the API shows: 1900 is 19."""
    return as_number(basis_points, PERCENT_DECIMALS)


def points(hundredths: int) -> int | Decimal:
    """Hundredths of a point as the number that the API shows."""
    return as_number(hundredths, POINT_DECIMALS)
