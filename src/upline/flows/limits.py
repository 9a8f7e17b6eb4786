"""The calls whose every request is counted (docs/api.md)."""

from upline.base import attempts
from upline.base.attempts import Limit
from upline.base.errors import TooManyRequests
from upline.base.network import network_of
from upline.company import current as company
from upline.members.actions import LINK_MINUTES
from upline.members.queries import Caller

_HOUR_SECONDS = 3600
# Of a username or an e-mail address; with a network behind it, a subject has 200 at most.
_NAME_MOST = 150


def count_signup(caller: Caller, address: str) -> None:
    """Raises TooManyRequests past the office's signup limit, by member or, in public, address."""
    _count(("signup", _who(caller, address), company.office().signup_limit))


def count_join(address: str) -> None:
    """Raises TooManyRequests past the office's limit on forms for joining from one network."""
    _count(("join", network_of(address), company.office().join_limit))


def count_picture(caller: Caller) -> None:
    """Raises TooManyRequests past the office's picture limit."""
    _count(("picture", _who(caller, ""), company.office().picture_limit))


def asked_too_often(kind: str, address: str) -> bool:
    """Whether one network asked for too many mails of a kind, for whomever."""
    most = company.office().secret_limit_by_address
    return _is_past((f"{kind}_address", network_of(address), most))


def forgotten_too_often(kind: str, username: str, address: str) -> bool:
    """Whether too many mails of a kind were asked for: for this username or e-mail address
    (known or not) from this network address, or for it at all."""
    office, network, name = company.office(), network_of(address), username.lower()[:_NAME_MOST]
    return _is_past(
        (f"{kind}_from", f"{name} {network}", office.forgot_limit),
        (kind, name, office.forgot_limit_by_name),
    )


def mailed_too_often(kind: str, mailbox: str) -> bool:
    """Whether a mailbox gets too many mails of a kind: the owner of many accounts may
    have given them all the address of a stranger."""
    return _is_past((f"{kind}_to", mailbox.lower()[:200], company.office().forgot_limit_by_name))


def mailed_again_too_often(kind: str, who: str) -> bool:
    """Whether a mail past these limits was sent already, within the time that its link works."""
    return _is_past((f"{kind}_again", who.lower()[:200], 1), seconds=LINK_MINUTES * 60)


def count_confirmation(caller: Caller, email: str) -> None:
    """Raises TooManyRequests past the limit on mails to an address that nobody has confirmed: by
    member, and by address."""
    most = company.office().forgot_limit
    _count(
        ("confirm_email", caller.username.lower(), most),
        ("confirm_email_to", email.lower()[:200], most),
    )


def confirming_too_often(caller: Caller, email: str) -> bool:
    """The same as an answer: what was asked for is done, and no mail is sent."""
    try:
        count_confirmation(caller, email)
    except TooManyRequests:
        return True
    return False


def _is_past(*wanted: tuple[str, str, int], seconds: int = _HOUR_SECONDS) -> bool:
    try:
        _count(*wanted, seconds=seconds)
    except TooManyRequests:
        return True
    return False


def _who(caller: Caller, address: str) -> str:
    return caller.username.lower() if caller.member_id else f"@{network_of(address)}"


def _count(*wanted: tuple[str, str, int], seconds: int = _HOUR_SECONDS) -> None:
    limits = [Limit(kind, who, most, seconds) for kind, who, most in wanted if who and most]
    if limits:
        attempts.count(limits, stays=True)
