"""Signing in to the API, and out of it."""

from upline.base.errors import Unavailable
from upline.base.unit import Unit
from upline.members import actions as members
from upline.members import checks
from upline.members.errors import CredentialsWrong, LoginBlocked
from upline.members.queries import find_person


def sign_in(unit: Unit, client_id: int, username: str, password: str) -> str:
    """A fresh access_token. Raises CredentialsWrong for an unknown name and a wrong password
    alike; LoginBlocked by the office, said only after the right password; LoginLocked."""
    person = find_person(username)
    # Counted under the name as it is stored: the database finds it in more spellings than one.
    name, stored = (person.username, person.password) if person else (username, None)
    checks.check_login(name, password, stored, unit.address)
    assert person is not None, "nobody has no password"
    if person.member_id is None:
        raise CredentialsWrong()
    if not person.may_act:
        raise LoginBlocked()
    token = unit.commit(lambda: members.give_token(client_id, person.id, person.password))
    if token is None:
        raise Unavailable("Something about you was changed just now. Sign in again.", retry_after=1)
    return token


def sign_out(unit: Unit, token: str) -> None:
    """End the token that the call came with."""
    unit.commit(lambda: members.revoke_token(token))
