"""Who the tests of the API are about, beside the cast."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cast import Cast, Player, unique
from support.installation import PASSWORD


@pytest.fixture
def mia(player: Callable[..., Player]) -> Player:
    return player("mia")


@pytest.fixture
def newcomer(cast: Cast, product: Callable[[str], int]) -> dict[str, Any]:
    """A signup below dan that is right in every field."""
    return {
        "sponsor_username": cast.anna.username,
        "placement_username": cast.dan.username,
        "position": "L",
        "product_id": product("starter"),
        "firstname": "Nora",
        "lastname": "Example",
        "date_of_birth": "1990-05-17",
        "email": "nora@example.com",
        "mobile": "+49 170 1234567",
        "username": unique("nora"),
        "password": PASSWORD,
        "password_confirmation": PASSWORD,
        "agree_terms": "true",
        "payment_method": "free_join",
    }
