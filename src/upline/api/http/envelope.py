"""The published API's envelope: what a success and a failure look like, and exact numbers in it."""

from decimal import Decimal
from typing import Any

import simplejson
from django.http import HttpResponse

from upline.base.amounts import POINT_DECIMALS, as_number
from upline.base.errors import Refusal
from upline.base.unit import Answer
from upline.company import current as company

JSON = "application/json"


def success(data: Any, status: int = 200) -> HttpResponse:
    """`data` in the envelope."""
    return given(Answer(status, render(data)))


def given(answer: Answer) -> HttpResponse:
    """The response for an answer whose data are JSON text already."""
    if answer.status == 204:
        response = HttpResponse(status=204)
        del response["Content-Type"]
    else:
        body = '{"status": true}' if answer.data is None else _wrapped(answer.data)
        response = HttpResponse(body, content_type=JSON, status=answer.status)
    if answer.location:
        response["Location"] = answer.location
    return response


def _wrapped(data: str) -> str:
    return f'{{"status": true, "data": {data}}}'


def failure(refusal: Refusal) -> HttpResponse:
    """A refusal in the envelope: code, sentence, and a sentence per wrong field."""
    error: dict[str, Any] = {"code": refusal.code, "description": refusal.sentence}
    if refusal.fields:
        error["fields"] = refusal.fields
    response = HttpResponse(
        render({"status": False, "error": error}), content_type=JSON, status=refusal.status
    )
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def render(data: Any) -> str:
    """JSON text. Decimals are written digit by digit, never through a float."""
    return simplejson.dumps(data, use_decimal=True, ensure_ascii=False)


def money(minor: int) -> int | Decimal:
    """Minor units as the number that the API shows: 4990 is 49.9 where a unit has two decimals."""
    return as_number(minor, company.current().exponent)


def points(hundredths: int) -> int | Decimal:
    """Hundredths of a point as the number that the API shows."""
    return as_number(hundredths, POINT_DECIMALS)
