"""Who the tests of the API are about, beside the cast."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.cast import Cast, Player
from support.logged import PACKAGE, logged
from support.moves import signup_fields
from support.wares import price_of


@pytest.fixture
def mia(player: Callable[..., Player]) -> Player:
    return player("mia")


@pytest.fixture
def newcomer(cast: Cast, product: Callable[[str], int]) -> dict[str, Any]:
    """A signup below dan that is right in every field."""
    return signup_fields(
        cast.anna.username, product("starter"), placement_username=cast.dan.username
    )


@pytest.fixture
def changed() -> Iterator[Callable[..., None]]:
    """Change a package, or its price, for one test: `changed("tea", amount=550)`."""
    from upline.catalog.models import Package

    kept: list[tuple[Any, dict[str, Any]]] = []

    def change(name: str, **columns: Any) -> None:
        package = Package.objects.filter(name=name.title())
        for found in (package, price_of(package.get().pk)):
            named = {field.name for field in found.model._meta.fields}
            own = {column: value for column, value in columns.items() if column in named}
            if own:
                kept.append((found, found.values(*own).get()))
                with logged(PACKAGE):
                    found.update(**own)

    yield change
    for found, columns in reversed(kept):
        with logged(PACKAGE):
            found.update(**columns)
