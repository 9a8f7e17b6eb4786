"""The portal's main menu: a bar below on a phone, a rail at the side on a desk."""

from typing import NamedTuple

from django.urls import reverse

from upline.language import lazy


class _Place(NamedTuple):
    """A place of the menu: its word, its icon, the name of its address, whether customers have it,
    and whether members do. `holds` names addresses that lie elsewhere, and belong to it for who
    has no place of their own for them."""

    word: str
    icon: str
    name: str
    is_for_customers: bool = False
    is_for_members: bool = True
    holds: tuple[str, ...] = ()


_PLACES = (
    _Place(lazy("Home"), "house", "home", is_for_customers=True),
    _Place(lazy("Earnings"), "coins", "earnings"),
    _Place(lazy("Team"), "users", "team"),
    _Place(lazy("Share"), "share-network", "share", is_for_customers=True),
    _Place(lazy("Shop"), "bag", "shop", is_for_customers=True, holds=("orders",)),
    _Place(lazy("Orders"), "receipt", "orders", is_for_customers=True, is_for_members=False),
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
    places = [
        each for each in _PLACES if (each.is_for_members if is_member else each.is_for_customers)
    ]
    own = {each.name for each in places}
    return [_tab(path, each, own) for each in places]


def _tab(path: str, place: _Place, own: set[str]) -> Tab:
    names = (place.name, *(name for name in place.holds if name not in own))
    is_here = any(path.startswith(reverse(name)) for name in names)
    icon = f"{place.icon}-fill" if is_here else place.icon
    return Tab(str(place.word), icon, reverse(place.name), is_here)
