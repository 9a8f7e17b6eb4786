"""Countries and their states: ISO 3166-1 numeric ids, and ids of our own for ISO 3166-2.

Countries have the names that people use (Unicode's CLDR), not those of the standard, and stand
in the order of a dictionary. Kosovo is in CLDR alone, with a code and a number that ISO leaves to
its users.

`states.csv` gives every subdivision code its id. Ids never change: a new code goes to the end
with the next number, and a code that ISO drops keeps its line.
"""

import csv
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import pycountry
from babel import Locale

from upline.base.letters import folded
from upline.language import current as language

_LANGUAGE = "en"
_KOSOVO = (983, "XK")


@dataclass(frozen=True)
class Country:
    """Or, with an id of ours and a longer `code`, a state of one."""

    id: int
    name: str
    code: str


@lru_cache(maxsize=1)
def all_countries() -> dict[int, Country]:
    """All countries by ISO 3166-1 numeric id, in the order of their names."""
    names = Locale(_LANGUAGE).territories
    known = [(int(each.numeric), each.alpha_2) for each in pycountry.countries]
    return _in_order(Country(number, names[code], code) for number, code in [*known, _KOSOVO])


@lru_cache(maxsize=1)
def _states() -> dict[int, Country]:
    lines = resources.files(__package__).joinpath("states.csv").read_text().splitlines()
    found = [(int(line["id"]), line["code"]) for line in csv.DictReader(lines)]
    return {number: Country(number, _name_of(code), code) for number, code in found}


def _name_of(code: str) -> str:
    subdivision = pycountry.subdivisions.get(code=code)  # type: ignore[no-untyped-call]
    return subdivision.name if subdivision else code


@lru_cache(maxsize=300)
def states_of(country_id: int) -> dict[int, Country]:
    """The states of a country by id, in the order of their names; empty where it has none."""
    country = all_countries().get(country_id)
    if country is None:
        return {}
    return _in_order(
        state for state in _states().values() if state.code.startswith(f"{country.code}-")
    )


def spoken() -> dict[int, Country]:
    """All countries by id, with their names in the language that is spoken and in that order."""
    catalog = language.catalog()
    return all_countries() if catalog.is_english else _in(catalog.locale)


@lru_cache(maxsize=20)
def _in(locale: Locale) -> dict[int, Country]:
    names = locale.territories
    return _in_order(
        Country(each.id, names.get(each.code, each.name), each.code)
        for each in all_countries().values()
    )


def spoken_name(country_id: int | None) -> str:
    """What a country is called in the language that is spoken; '' for none."""
    country = spoken().get(country_id or 0)
    return country.name if country else ""


def _in_order(found: Iterable[Country]) -> dict[int, Country]:
    return {each.id: each for each in sorted(found, key=lambda each: folded(each.name))}


def country_name(country_id: int | None) -> str:
    """What a country is called in English, as the API answers; '' for none."""
    country = all_countries().get(country_id or 0)
    return country.name if country else ""


def state_name(state_id: int | None) -> str:
    """In English, as ISO 3166-2 has it; '' for None or an unknown id."""
    state = _states().get(state_id or 0)
    return state.name if state else ""


def named(name: str, among: Iterable[Country]) -> Country | None:
    """The country or state of this name, in any case. A few countries have two states of one
    name: the first of them."""
    wanted = unicodedata.normalize("NFC", name).casefold()
    return next((each for each in among if each.name.casefold() == wanted), None)
