"""Who the tests of the API are about, beside the cast."""

from collections.abc import Callable
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
