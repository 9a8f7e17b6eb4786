"""Who the tests of the API are about, beside the cast."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.cast import Cast, Player
from support.moves import signup_fields


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
    """Change a package for one test: `changed("tea", amount=550)`."""
    from upline.catalog.models import Package

    before: dict[int, dict[str, Any]] = {}

    def change(name: str, **columns: Any) -> None:
        package = Package.objects.filter(name=name.title())
        row = package.values("id", *columns).get()
        before[row["id"]] = row | before.get(row["id"], {})
        package.update(**columns)

    yield change
    for package_id, columns in before.items():
        Package.objects.filter(pk=package_id).update(**columns)
