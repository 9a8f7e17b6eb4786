"""Countries and their states: ISO 3166-1 numeric ids, and ids of our own for ISO 3166-2.

`states.csv` gives every subdivision code its id. Ids never change: a new code goes to the end
with the next number, and a code that ISO drops keeps its line.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import pycountry


@dataclass(frozen=True)
class Place:
    id: int
    name: str
    code: str


@lru_cache(maxsize=1)
def countries() -> dict[int, Place]:
    """All countries by ISO 3166-1 numeric id, in the order of their names."""
    found = [Place(int(each.numeric), each.name, each.alpha_2) for each in pycountry.countries]
    return {place.id: place for place in sorted(found, key=lambda place: place.name)}


@lru_cache(maxsize=1)
def _states() -> dict[int, Place]:
    lines = resources.files(__package__).joinpath("states.csv").read_text().splitlines()
    found = [(int(line["id"]), line["code"]) for line in csv.DictReader(lines)]
    return {number: Place(number, _name_of(code), code) for number, code in found}


def _name_of(code: str) -> str:
    subdivision = pycountry.subdivisions.get(code=code)  # type: ignore[no-untyped-call]
    return subdivision.name if subdivision else code


@lru_cache(maxsize=300)
def states_of(country_id: int) -> dict[int, Place]:
    """The states of a country by id, in the order of their names; empty where it has none."""
    country = countries().get(country_id)
    if country is None:
        return {}
    found = [place for place in _states().values() if place.code.startswith(f"{country.code}-")]
    return {place.id: place for place in sorted(found, key=lambda place: place.name)}


def country_name(country_id: int | None) -> str:
    place = countries().get(country_id or 0)
    return place.name if place else ""


def state_name(state_id: int | None) -> str:
    place = _states().get(state_id or 0)
    return place.name if place else ""
