"""What several forms say about fields that depend on each other."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from upline.api.http.kinds import Day, IdOrName, Kind, Whole
from upline.base import countries
from upline.base.countries import Country
from upline.base.errors import REQUIRED
from upline.base.passwords import normalised
from upline.language import gettext
from upline.members.person.rules import wrong_birthday

COUNTRY = IdOrName(Whole(0, 999))
OPTIONAL_COUNTRY = IdOrName(Whole(0, 999, may_be_empty=True))
STATE = IdOrName(Whole(1, 10**6, may_be_empty=True))


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
    first, second = (sent.get(each) for each in (name, "password_confirmation"))
    if first == second or normalised(str(first)) == normalised(str(second)):
        return {}
    return {"password_confirmation": gettext("The two passwords do not match.")}


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


def country_id(said: int | str) -> int | None:
    """The country that an id or a name means; None where there is none."""
    return _meant(said, countries.all_countries())


def state_id(country: int, said: int | str) -> int | None:
    """The state of a country that an id or a name means; None where there is none."""
    return _meant(said, countries.states_of(country))


def _meant(said: int | str, among: Mapping[int, Country]) -> int | None:
    if isinstance(said, int):
        return said if said in among else None
    found = countries.named(said, among.values())
    return found.id if found else None


def optional_country(sent: Mapping[str, Any]) -> dict[str, str]:
    """A country that is named must exist."""
    said = _read(OPTIONAL_COUNTRY, sent.get("country"))
    return {} if said is None or country_id(said) is not None else _no_country()


def _no_country() -> dict[str, str]:
    return {"country": gettext("This country does not exist. `countries/` lists all of them.")}


def country_and_state(sent: Mapping[str, Any]) -> dict[str, str]:
    """The country must exist, and the state must be one of its own."""
    country = _read(COUNTRY, sent.get("country"))
    state = _read(STATE, sent.get("state"))
    if country is None:
        return {}
    found = country_id(country)
    if found is None:
        return _no_country()
    if state is not None and state_id(found, state) is None:
        return {"state": gettext("This country has no such state.")}
    return {}


def _read(kind: IdOrName, sent: Any) -> int | str | None:
    """What the form would read; None for what is another field's trouble."""
    try:
        return kind.read(sent)
    except PydanticCustomError:
        return None
