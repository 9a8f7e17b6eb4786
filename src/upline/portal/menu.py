"""The portal's main menu: a bar below on a phone, a rail at the side on a desk."""

from typing import NamedTuple

from django.urls import reverse

from upline.language import lazy


class _Place(NamedTuple):
    """A place of the menu: its word, its icon, the name of its address, and whether customers
    have it too."""

    word: str
    icon: str
    name: str
    is_for_customers: bool = False


_PLACES = (
    _Place(lazy("Home"), "house", "home", is_for_customers=True),
    _Place(lazy("Earnings"), "coins", "earnings"),
    _Place(lazy("Money"), "wallet", "money"),
)


class Tab(NamedTuple):
    """A place as a page shows it."""

    word: str
    icon: str
    address: str
    is_here: bool


def tabs(path: str, *, is_member: bool) -> list[Tab]:
    """The places that a member or a customer has; the one that the path lies in is marked."""
    return [_tab(path, each) for each in _PLACES if is_member or each.is_for_customers]


def _tab(path: str, place: _Place) -> Tab:
    address = reverse(place.name)
    is_here = path.startswith(address)
    return Tab(str(place.word), f"{place.icon}-fill" if is_here else place.icon, address, is_here)
