"""Refusals: what the rules answer instead of doing something.

A rule raises where it notices; `api/http/service.py` and `api/http/envelope.py` alone know the
envelope. The codes are those of the published API (1001 to 1019) and ours (1100 and up). The class
that brings a code says what it means, and the tables of codes are made from there.
"""

from collections.abc import Mapping

from upline.language import lazy


class Refusal(Exception):
    """A request that is not carried out, with nothing changed.

    `code` is the error code of docs/api.md, `meaning` what the tables of codes say of it,
    `status` its HTTP status, `sentence` what a person reads, `fields` a sentence per parameter,
    `retry_after` seconds until it is worth a retry.
    """

    code = "1105"
    meaning = "Internal error; report it with the `X-Request-Id`"
    status = 500
    sentence = lazy("Something went wrong on our side.")

    def __init__(
        self,
        sentence: str | None = None,
        *,
        fields: Mapping[str, str] | None = None,
        retry_after: int | None = None,
    ) -> None:
        # In the language of whoever is refused; what an API client's log keeps is the same.
        self.sentence = str(sentence or self.sentence)
        super().__init__(self.sentence)
        self.fields = {name: str(said) for name, said in (fields or {}).items()}
        self.retry_after = retry_after


REQUIRED = lazy("This parameter is required.")


class FieldsWrong(Refusal):
    """Parameters that cannot be used, one sentence each, all at once."""

    code, status = "1004", 422
    meaning = "Incorrect input format: `fields` names every wrong parameter"
    sentence = lazy("Some of the parameters are not valid.")


class DateWrong(FieldsWrong):
    """A date that is not yyyy-mm-dd or not a real date, and nothing else is wrong."""

    code = "1013"
    meaning = "Incorrect date format (used only if nothing else is wrong)"
    sentence = lazy("A date must be valid and in the form yyyy-mm-dd.")


class Malformed(Refusal):
    code, status = "1100", 400
    meaning = "The request could not be read"
    sentence = lazy("The request could not be read.")


class BodyTooLarge(Refusal):
    code, status = "1111", 413
    meaning = "The body is too large"
    sentence = lazy("The body of the request is too large.")


class NotPermitted(Refusal):
    code, status = "1101", 403
    meaning = "Not permitted"
    sentence = lazy("This is not permitted.")


class OwnAccount(NotPermitted):
    sentence = lazy("You cannot do this with your own account. Ask a colleague.")


class NotFound(Refusal):
    code, status = "1102", 404
    meaning = "Not found"
    sentence = lazy("Not found.")


class TooManyRequests(Refusal):
    code, status = "1104", 429
    meaning = "Too many requests; wait the seconds given in `Retry-After`"
    sentence = lazy("Too many requests. Try again later.")


class Conflict(Refusal):
    """What is not possible in the present state: nothing that was sent is wrong by itself."""

    code, status = "1113", 409
    meaning = "Not possible in the present state"
    sentence = lazy("This is not possible in the present state.")


class IdempotencyKeyReused(Refusal):
    code, status = "1108", 422
    meaning = "The Idempotency-Key was already used with other parameters"
    sentence = lazy("This Idempotency-Key was already used with other parameters.")


class InProgress(Refusal):
    code, status = "1109", 409
    meaning = "A request with this Idempotency-Key is still in progress"
    sentence = lazy("A request with this Idempotency-Key is still in progress.")


class Unavailable(Refusal):
    code, status = "1112", 503
    meaning = "Temporarily unavailable"
    sentence = lazy("The service is not available right now. Try again in a moment.")
