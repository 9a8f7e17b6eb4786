"""Companies whose trees grow in other ways than the tests' own, which is binary."""

from collections.abc import Iterator

import pytest

from support.installation import Installation
from support.other_company import OtherCompany, other_company


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
