"""What several forms say about fields that depend on each other."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from upline.api.kinds import Day, Kind
from upline.base import places
from upline.base.errors import REQUIRED
from upline.members.rules import wrong_birthday


def text_of(sent: Mapping[str, Any], name: str) -> str:
    """What was sent, as the forms see it: blanks around it dropped, '' where there is nothing."""
    return str(sent.get(name) or "").strip()


def unreadable(kind: Kind, name: str, sent: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a field whose kind depends on the company."""
    try:
        kind.read(sent.get(name, ""))
    except PydanticCustomError as error:
        return {name: error.message()}
    return {}


def confirmation(sent: Mapping[str, Any], name: str) -> dict[str, str]:
    """The second typing of a new password must be the same."""
    if sent.get(name) == sent.get("password_confirmation"):
        return {}
    return {"password_confirmation": "This is not the same password."}


def too_young(sent: Mapping[str, Any]) -> dict[str, str]:
    """A birthday that the office's age limit forbids, or that is still to come."""
    try:
        born = Day().read(sent.get("date_of_birth"))
    except PydanticCustomError:
        return {}
    return wrong_birthday(born)


def funds_fields(sent: Mapping[str, Any]) -> dict[str, str]:
    """A wallet named as payer needs its transaction password."""
    if text_of(sent, "ewallet_username") and not text_of(sent, "transaction_password"):
        return {"transaction_password": REQUIRED}
    return {}


def country_and_state(sent: Mapping[str, Any]) -> dict[str, str]:
    """The country must exist, and the state must be one of its own."""
    country, state = (_number(sent.get(name)) for name in ("country", "state"))
    if country is not None and country not in places.countries():
        return {"country": "There is no country with this id. `countries/` lists them."}
    if state is not None and country is not None and state not in places.states_of(country):
        return {"state": "There is no such state in this country."}
    return {}


def _number(sent: Any) -> int | None:
    """A whole number as the form would read it; None for what is another field's trouble."""
    if isinstance(sent, bool):
        return None
    text = str(sent)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
