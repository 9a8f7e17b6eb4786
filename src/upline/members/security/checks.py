"""Looking at members' and staff's secrets, under the office's limits on wrong ones.

Guesses are counted by whom they come from first and by their target at a higher figure, so that
strangers use up their own guesses and not those of the owner: see docs/decisions. A limit of 0
in the office's settings is none."""

from collections.abc import Callable
from dataclasses import dataclass

from upline.base import attempts, passwords
from upline.base.attempts import Limit
from upline.base.errors import TooManyRequests
from upline.base.network import network_of
from upline.company import current as company
from upline.language import gettext
from upline.members.errors import (
    CodeWrong,
    CredentialsWrong,
    CurrentPasswordWrong,
    LoginLocked,
    TransactionPasswordWrong,
)

WINDOW_SECONDS = 15 * 60
# By name the delay rises: who goes on guessing gets fewer guesses an hour, and fewer a day.
_RISING = ((1, WINDOW_SECONDS), (3, 3 * 3600), (6, 24 * 3600))
# All known devices of one person together: who knew the password for a while may have many.
_DEVICES_TOGETHER = 4
# Codes of a second factor, by person and network, and by person.
_CODES_MOST, _CODES_MOST_TOGETHER = 5, 10
_WALLET, _CODE = "transaction_password", "second_factor"
_HOWS = ("", "_from", "_known", "_all_known")
# How somebody is known who is inside already.
SIGNED_IN = "signed in"
API, OFFICE, SHELL = "login", "office_login", "shell_login"


@dataclass(frozen=True)
class Door:
    """Where a login is guessed at: API, OFFICE and SHELL count apart. `known_as` is '' unless the
    device or the network is known (devices.py), or the person is signed in already."""

    kind: str
    address: str
    known_as: str = ""


def check_login(username: str, password: str, stored: str | None, door: Door) -> None:
    """Raises CredentialsWrong for a wrong password and an unknown name alike, in the same
    time; LoginLocked after too many, without looking at the password; Busy."""
    is_known = bool(door.known_as)
    with passwords.queued(is_known=is_known):
        try:
            attempts.guarded(
                _login_limits(username.lower()[:30], door),
                lambda: passwords.matches(password, stored, is_known=is_known),
                CredentialsWrong(),
            )
        except TooManyRequests as error:
            raise LoginLocked(retry_after=error.retry_after) from error


def _login_limits(name: str, door: Door) -> list[Limit]:
    office, kind = company.office(), door.kind
    own = office.login_limit_by_address
    if door.known_as:
        together = own * _DEVICES_TOGETHER
        return _limits(
            (f"{kind}_known", f"{name} {door.known_as}", own),
            (f"{kind}_all_known", name, together),
        )
    network = network_of(door.address)
    return _rising(kind, name, office.login_limit) + _limits(
        (f"{kind}_from", network and f"{name} {network}", own), _by_address(kind, network)
    )


def check_current_password(
    username: str, password: str, stored: str, kind: str, address: str
) -> None:
    """The same for somebody signed in: their guesses are counted apart from those of strangers,
    who could keep them from changing their password else. Raises CurrentPasswordWrong,
    LoginLocked, Busy."""
    try:
        check_login(username, password, stored, Door(kind, address, known_as=SIGNED_IN))
    except CredentialsWrong as error:
        raise CurrentPasswordWrong() from error


def check_transaction_password(
    owner: str,
    password: str,
    stored: str | None,
    guesser: str,
    address: str,
    field: str = "transaction_password",
) -> None:
    """Look at the transaction password of `owner`'s wallet for `guesser`, the username of who is
    signed in; '' in a public signup. Raises TransactionPasswordWrong where it is wrong or not yet
    set, TooManyRequests, Busy."""
    is_known = bool(guesser)
    with passwords.queued(is_known=is_known):
        attempts.guarded(
            _wallet_limits(owner.lower(), guesser.lower(), network_of(address)),
            lambda: passwords.matches(password, stored, is_known=is_known),
            TransactionPasswordWrong(field),
        )


def _wallet_limits(owner: str, guesser: str, network: str) -> list[Limit]:
    """Others' guesses at a wallet do not count against its owner's, nor the other way round."""
    office = company.office()
    kind = _WALLET
    who = guesser or (network and f"@{network}")
    own = office.transaction_password_limit_by_guesser
    by_both = (f"{kind}_from", who and f"{owner} {who}", own)
    if guesser == owner:
        return _limits(by_both)
    return _limits(
        by_both,
        (kind, owner, office.transaction_password_limit),
        (f"{kind}_guesser", who, office.guesser_limit),
        _by_address(kind, network),
    )


def check_code(user_id: int, right: Callable[[], bool], address: str, known_as: str = "") -> None:
    """Look at the code of a second factor: `right` says whether it is. `known_as` as of a Door:
    strangers who know the password cannot use up these guesses. Raises CodeWrong; LoginLocked
    after five wrong ones, without a look."""
    try:
        attempts.guarded(_code_limits(str(user_id), network_of(address), known_as), right,
                         CodeWrong())  # fmt: skip
    except TooManyRequests as error:
        raise LoginLocked(
            gettext("Too many wrong codes. Try again later."), retry_after=error.retry_after
        ) from error


def _code_limits(who: str, network: str, known_as: str) -> list[Limit]:
    kind = _CODE
    if known_as:
        together = _CODES_MOST * _DEVICES_TOGETHER
        return _rising(f"{kind}_known", f"{who} {known_as}", _CODES_MOST) + _rising(
            f"{kind}_all_known", who, together
        )
    return _rising(kind, who, _CODES_MOST_TOGETHER) + _limits(
        (f"{kind}_from", network and f"{who} {network}", _CODES_MOST), _by_address(kind, network)
    )


def epin_limits(guesser: str, address: str) -> list[Limit]:
    """The limits on unknown e-pin codes: by member, and by network address."""
    network = network_of(address)
    return _limits(
        ("epin", guesser.lower(), company.office().epin_limit), _by_address("epin", network)
    )


def _rising(kind: str, name: str, most: int) -> list[Limit]:
    return [Limit(kind, name, most * times, seconds) for times, seconds in _RISING if most]


def _by_address(kind: str, network: str) -> tuple[str, str, int]:
    return f"{kind}_address", network, company.office().secret_limit_by_address


def _limits(*wanted: tuple[str, str, int]) -> list[Limit]:
    """Each of `wanted` is a kind, a subject ('' for none) and the most; a most of 0 is no limit."""
    return [
        Limit(kind, who[:200], most, WINDOW_SECONDS) for kind, who, most in wanted if who and most
    ]


def forget_wrong_logins(username: str) -> None:
    """Let this person try again at every door: by a mailed link, or the office says so."""
    kinds = [f"{door}{how}" for door in (API, OFFICE, SHELL) for how in _HOWS]
    attempts.clear(kinds, username.lower())


def forget_wrong_transaction_passwords(username: str) -> None:
    """The same for the wallet of this member. What they guessed at others' wallets stays."""
    kind = _WALLET
    attempts.clear((kind, f"{kind}_from"), username.lower())


def forget_all_wrong(user_id: int, username: str) -> None:
    """The same for everything that this person has been refused for."""
    forget_wrong_logins(username)
    forget_wrong_transaction_passwords(username)
    attempts.clear((f"{_WALLET}_guesser", "epin"), username.lower())
    attempts.clear([f"{_CODE}{how}" for how in _HOWS], str(user_id))
