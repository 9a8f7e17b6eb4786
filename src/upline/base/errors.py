"""Refusals: what the rules answer instead of doing something.

A rule raises where it notices; `api/http/service.py` and `api/http/envelope.py` alone know the
envelope. The codes are those of the published API (1001 to 1019) and ours (1100 and up); see
docs/api.md.
"""

from collections.abc import Mapping


class Refusal(Exception):
    """A request that is not carried out, with nothing changed.

    `code` is the error code of docs/api.md, `status` its HTTP status, `sentence` what a person
    reads, `fields` a sentence per parameter, `retry_after` seconds until it is worth a retry.
    """

    code = "1105"
    status = 500
    sentence = "Something went wrong on our side."

    def __init__(
        self,
        sentence: str | None = None,
        *,
        fields: Mapping[str, str] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(sentence or self.sentence)
        self.sentence = sentence or self.sentence
        self.fields = dict(fields or {})
        self.retry_after = retry_after


REQUIRED = "This parameter is required."


class FieldsWrong(Refusal):
    """Parameters that cannot be used, one sentence each, all at once."""

    code, status = "1004", 422
    sentence = "Some of the parameters are not valid."


class DateWrong(FieldsWrong):
    """A date that is not yyyy-mm-dd or not a real date, and nothing else is wrong."""

    code = "1013"
    sentence = "A date must be valid and in the form yyyy-mm-dd."


class Malformed(Refusal):
    code, status = "1100", 400
    sentence = "The request could not be read."


class NotPermitted(Refusal):
    code, status = "1101", 403
    sentence = "This is not permitted."


class NotFound(Refusal):
    code, status = "1102", 404
    sentence = "Not found."


class TooManyRequests(Refusal):
    code, status = "1104", 429
    sentence = "Too many requests. Try again later."


class IdempotencyKeyReused(Refusal):
    code, status = "1108", 422
    sentence = "This Idempotency-Key was already used with other parameters."


class InProgress(Refusal):
    code, status = "1109", 409
    sentence = "A request with this Idempotency-Key is still in progress."


class Unavailable(Refusal):
    code, status = "1112", 503
    sentence = "The service is not available right now. Try again in a moment."
