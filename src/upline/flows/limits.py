"""The calls whose every request is counted (contract section 1, "limits")."""

from upline.base import attempts
from upline.base.attempts import Limit
from upline.base.errors import TooManyRequests
from upline.company import queries as company
from upline.members.queries import Caller

_HOUR_SECONDS = 3600


def count_signup(caller: Caller, address: str) -> None:
    """Raises TooManyRequests past the office's signup limit, by member or, in public, address."""
    _count("signup", _who(caller, address), company.office().signup_limit)


def count_picture(caller: Caller) -> None:
    """Raises TooManyRequests past the office's picture limit."""
    _count("picture", _who(caller, ""), company.office().picture_limit)


def forgotten_too_often(kind: str, username: str, address: str) -> bool:
    """Whether this name (known or not) or address has asked for too many mails of a kind."""
    office = company.office()
    try:
        _count(kind, username.lower()[:200], office.forgot_limit)
        _count(f"{kind}_address", address, office.secret_limit_by_address if address else 0)
    except TooManyRequests:
        return True
    return False


def _who(caller: Caller, address: str) -> str:
    return caller.username.lower() if caller.member_id else f"@{address}"


def _count(kind: str, subject: str, most: int) -> None:
    if most:
        attempts.count([Limit(kind, subject, most, _HOUR_SECONDS)], stays=True)
