"""A tree of the tests' own company, which is binary, and companies with other trees."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import psycopg
import pytest

from support.cast import Cast
from support.installation import Installation
from support.other_company import OtherCompany, other_company

if TYPE_CHECKING:
    from genealogy.trees import Tree


@pytest.fixture
def tree(cast: Cast, installation: Installation) -> Iterator["Tree"]:
    """Below dan, who has nobody; what a test plants there is rolled back."""
    from genealogy.trees import Tree

    connection = psycopg.connect(installation.postgres.app_url)
    yield Tree(connection, cast.dan.id)
    connection.rollback()
    connection.close()


@pytest.fixture(scope="module")
def unilevel(installation: Installation) -> Iterator[OtherCompany]:
    found = other_company(installation, "unilevel")
    yield found
    found.end()


@pytest.fixture(scope="module")
def matrix(installation: Installation) -> Iterator[OtherCompany]:
    """Three wide."""
    found = other_company(installation, "matrix", 3)
    yield found
    found.end()
