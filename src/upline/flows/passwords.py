"""Changing the two passwords, and resetting them through a mailed link."""

from upline.base import passwords
from upline.base.unit import Unit
from upline.flows import forgotten, limits, protecting
from upline.mailings import actions as mailings
from upline.members import actions as members
from upline.members import checks, devices
from upline.members.new_passwords import Whose, judge
from upline.members.queries import Caller, Person, find_link, find_person


def change_login_password(unit: Unit, caller: Caller, current: str, new: str) -> None:
    """Raises CurrentPasswordWrong, LoginLocked, Busy. Ends every token, the caller's too."""
    person = _caller(caller)
    checks.check_current_password(
        person.username, current, person.password, checks.API, unit.address
    )
    other = person.transaction_password
    judge(new, Whose(person.username, person.email, other), "new_password")
    hashed = passwords.hashed(new)
    unit.commit(lambda: _set_login_password(unit, person.id, hashed))


def change_transaction_password(unit: Unit, caller: Caller, current: str, new: str) -> None:
    """Raises TransactionPasswordWrong on `current_password` where it is wrong or not yet set,
    TooManyRequests."""
    person = _caller(caller)
    checks.check_transaction_password(
        person.username,
        current,
        person.transaction_password,
        person.username,
        unit.address,
        field="current_password",
    )
    judge(new, Whose(person.username, person.email, person.password), "new_password")
    hashed = passwords.hashed(new)
    unit.commit(lambda: _set_transaction_password(unit, person.id, hashed))


def forget_login_password(unit: Unit, username: str) -> None:
    """Have a link mailed to the confirmed address, if there is a member of this username or
    confirmed address. Says nothing either way, and after too many requests sends nothing."""
    forgotten.ask(unit, "forgot", forgotten.LOGIN, username)


def forget_transaction_password(unit: Unit, caller: Caller) -> None:
    """Mail a link to the caller's confirmed address; also how the first one is set. Too many
    requests send nothing while a link that was mailed before still works."""
    kind, person = "forgot_transaction", _caller(caller)
    if limits.asked_too_often(kind, unit.address):
        return
    past_limit = limits.forgotten_too_often(kind, person.username, unit.address)
    if past_limit or limits.mailed_too_often(kind, person.email):
        again = ("reset_transaction", [person.id], person.email, person.username)
        if not forgotten.may_mail_again(*again):
            return
    unit.commit(lambda: mailings.write("reset_transaction", person.id, person.email))


def reset(unit: Unit, purpose: str, secret: str, new: str) -> None:
    """Use a mailed link to set `login_password` or `transaction_password`. Raises LinkUsedUp,
    LoginBlocked, FieldsWrong on `password`."""
    user = find_link(secret, purpose).user  # a look before the work of hashing
    is_login = purpose == "login_password"
    other = user.member.transaction_password if is_login else user.password
    judge(new, Whose(user.username, user.email, other), "password")
    hashed = passwords.hashed(new)

    def use() -> None:
        user = members.use_link(secret, purpose).user
        if is_login:
            _set_login_password(unit, user.pk, hashed)
            checks.forget_wrong_logins(user.username)
        else:
            _set_transaction_password(unit, user.pk, hashed)
            checks.forget_wrong_transaction_passwords(user.username)

    unit.commit(use)


def reset_transaction_password(unit: Unit, secret: str, login_password: str, new: str) -> None:
    """`reset` for the transaction password, by somebody who knows the login password too: whoever
    reads the mail alone cannot spend. Raises CurrentPasswordWrong, LoginLocked as well."""
    user = find_link(secret, "transaction_password").user
    checks.check_current_password(
        user.username, login_password, user.password, checks.API, unit.address
    )
    reset(unit, "transaction_password", secret, new)


def _set_login_password(unit: Unit, user_id: int, hashed: str) -> None:
    members.set_password(unit, user_id, hashed)
    devices.know_place(user_id, unit.address)
    protecting.note(user_id, "password", mail="password_changed")


def _set_transaction_password(unit: Unit, member_id: int, hashed: str) -> None:
    members.set_transaction_password(unit, member_id, hashed)
    protecting.note(member_id, "transaction_password", mail="transaction_password_changed")


def _caller(caller: Caller) -> Person:
    person = find_person(caller.username)
    assert person is not None, "the caller has just been found"
    return person
