"""The company of story.py, told once: reports only read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from commissions.conftest import Company
from reports.reading import Sections, sections
from support.installation import MIGRATED, Installation

_numbers = count(1)


@dataclass
class Reporting(Company):
    """A company whose reports are read, in one process as many as one likes."""

    def reports(self, *asked: tuple[str, ...]) -> list[str]:
        """What the command prints for each of these, or the sentence that it refuses with."""
        from reports.stored import says

        said: list[str] = self.does(says, [list(words) for words in asked])
        return said

    def report(self, *words: str) -> str:
        """What one report says, read as one text."""
        return " ".join(self.reports(words)[0].split())

    def sections(self, *words: str) -> Sections:
        """A report's tables, by their titles."""
        return self.each_sections(words)[0]

    def each_sections(self, *asked: tuple[str, ...]) -> list[Sections]:
        """The tables of several reports."""
        return [
            sections(said)
            for said in self.reports(*((*words, "--format", "csv") for words in asked))
        ]

    def file(self, *words: str) -> bytes:
        """What a report writes into a file."""
        path = self.folder / f"report{next(_numbers)}"
        assert self.reports((*words, "--output", str(path))) == [f"It is in {path}.\n"]
        return path.read_bytes()


def _made(installation: Installation, name: str, folder: Path) -> Reporting:
    installation.postgres.create_database(name, MIGRATED)
    environment = {
        "DATABASE_URL": installation.postgres.url("upline_app", name),
        "DATABASE_OWNER_URL": installation.postgres.url("upline_owner", name),
    }
    return Reporting(environment, folder, installation, name)


@pytest.fixture(scope="session")
def told(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reporting]:
    """The company with its year."""
    from reports.story import tell

    folder = tmp_path_factory.mktemp("told")
    company = _made(installation, "reports_told", folder)
    company.does(tell)
    yield company
    installation.postgres.drop_database(company.name)


@pytest.fixture
def fresh(installation: Installation, tmp_path: Path) -> Iterator[Callable[..., Reporting]]:
    """Make a company by what a function does in it: `fresh(found_alone)`."""
    made: list[str] = []

    def make(work: Callable[..., Any], *given: Any) -> Reporting:
        made.append(f"reports_{next(_numbers)}")
        company = _made(installation, made[-1], tmp_path)
        company.does(work, *given)
        return company

    yield make
    for name in made:
        installation.postgres.drop_database(name)
