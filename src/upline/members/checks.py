"""Looking at members' secrets, under the office's limits (contract section 1, "limits")."""

from collections.abc import Callable

from upline.base import attempts, passwords
from upline.base.attempts import Limit
from upline.base.errors import TooManyRequests
from upline.company import queries as company
from upline.members.errors import (
    CodeWrong,
    CredentialsWrong,
    CurrentPasswordWrong,
    LoginLocked,
    TransactionPasswordWrong,
)

WINDOW_SECONDS = 15 * 60
CODES_MOST = 5


def limits(kind: str, name: str, most: int, address: str) -> list[Limit]:
    """The limits on one kind of secret: by name, known or not, and by network address. Either
    may be ''. They are kinds of their own, so that no name is ever an address."""
    by_address = company.office().secret_limit_by_address
    wanted = [(kind, name.lower(), most), (f"{kind}_address", address, by_address)]
    return [
        Limit(each, subject[:200], number, WINDOW_SECONDS)
        for each, subject, number in wanted
        if number and subject
    ]


def check_login(username: str, password: str, stored: str | None, address: str) -> None:
    """Raises CredentialsWrong for a wrong password and an unknown name alike, in the same
    time; LoginLocked after too many, without looking at the password."""
    most = company.office().login_limit
    try:
        attempts.guarded(
            limits("login", username, most, address),
            lambda: passwords.matches(password, stored),
            CredentialsWrong(),
        )
    except TooManyRequests as error:
        raise LoginLocked(retry_after=error.retry_after) from error


def check_current_password(username: str, password: str, stored: str, address: str) -> None:
    """The same for somebody signed in. Raises CurrentPasswordWrong, LoginLocked."""
    try:
        check_login(username, password, stored, address)
    except CredentialsWrong as error:
        raise CurrentPasswordWrong() from error


def check_transaction_password(
    owner: str, password: str, stored: str | None, address: str, field: str = "transaction_password"
) -> None:
    """Raises TransactionPasswordWrong where it is wrong or not yet set, TooManyRequests."""
    most = company.office().transaction_password_limit
    attempts.guarded(
        limits("transaction_password", owner, most, address),
        lambda: passwords.matches(password, stored),
        TransactionPasswordWrong(field),
    )


def check_code(user_id: int, right: Callable[[], bool], address: str) -> None:
    """Look at the code of a second factor: `right` says whether it is. Raises CodeWrong;
    LoginLocked after five wrong ones, without a look."""
    try:
        attempts.guarded(
            limits("second_factor", str(user_id), CODES_MOST, address), right, CodeWrong()
        )
    except TooManyRequests as error:
        raise LoginLocked(
            "Too many wrong codes. Try again later.", retry_after=error.retry_after
        ) from error
