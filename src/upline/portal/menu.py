"""The portal's main menu: a bar below on a phone, a rail at the side on a desk."""

from typing import NamedTuple

from django.urls import reverse

from upline.language import lazy


class _Place(NamedTuple):
    """A place of the menu: its word, its icon, and the name of its address. `holds` names
    addresses that lie elsewhere and belong to it. One that is raised stands out on a phone."""

    word: str
    icon: str
    name: str
    holds: tuple[str, ...] = ()
    is_raised: bool = False


_HOME = _Place(lazy("Home"), "house", "home")
_FOR_MEMBERS = (
    _HOME,
    _Place(lazy("Team"), "users", "team", holds=("tree",)),
    _Place(lazy("Share"), "share-network", "share", is_raised=True),
    _Place(lazy("Shop"), "bag", "shop", holds=("orders",)),
    _Place(lazy("Money"), "wallet", "money", holds=("earnings",)),
)
_FOR_CUSTOMERS = (
    _HOME,
    _Place(lazy("Shop"), "bag", "shop"),
    _Place(lazy("Orders"), "receipt", "orders"),
    _Place(lazy("Share"), "share-network", "share"),
    _Place(lazy("Me"), "user", "me"),
)


class Tab(NamedTuple):
    """A place as a page shows it."""

    word: str
    icon: str
    address: str
    is_here: bool
    is_raised: bool


def tabs(path: str, *, is_member: bool) -> list[Tab]:
    """The places that a member or a customer has; the one that the path lies in is marked."""
    return [_tab(path, each) for each in (_FOR_MEMBERS if is_member else _FOR_CUSTOMERS)]


def _tab(path: str, place: _Place) -> Tab:
    is_here = any(path.startswith(reverse(name)) for name in (place.name, *place.holds))
    icon = f"{place.icon}-fill" if is_here or place.is_raised else place.icon
    return Tab(str(place.word), icon, reverse(place.name), is_here, place.is_raised)
