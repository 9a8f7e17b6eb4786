"""A company founded in the month before the last one, which the tests of runs begin with: each
works on a copy of it: in the shell at the real day's date, or by functions at their own."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from commissions.founding import FIRST, FOUNDED, LAST, PLAN
from commissions.story import story
from support import warm
from support.installation import MIGRATED, STAFF, STAFF_PASSWORD, Installation
from support.other_company import does_in

__all__ = ["FIRST", "FOUNDED", "LAST", "story"]
APPROVER = "otto"
_numbers = count(1)


@dataclass
class Company:
    """One company; `FIRST` to `LAST` is its last whole month."""

    environment: dict[str, str]
    folder: Path
    installation: Installation
    name: str

    def does(self, work: Callable[..., Any], *given: Any) -> Any:
        """What a function of the tests returns that runs in it, by way of JSON."""
        return does_in(self.environment, work, *given)

    def shell(self, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        """A command of the shell."""
        return warm.module(["upline.launch.manage", *words], self.environment, typed=typed)

    def says(self, *words: str, person: str = "") -> str:
        """What a command says that must succeed; as a staff user where one is named."""
        done = self._as(person, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refuses(self, *words: str, person: str = "") -> str:
        """What a command says that must not succeed."""
        done = self._as(person, *words)
        assert done.returncode == 1, done.stdout
        assert "Traceback" not in done.stderr
        return done.stderr

    def _as(self, person: str, *words: str) -> "subprocess.CompletedProcess[str]":
        more = ("--as", person) if person else ()
        return self.shell(*words, *more, typed=f"{STAFF_PASSWORD}\n")

    def plan(self, text: str = PLAN, name: str = "plan.toml") -> str:
        """A plan's file."""
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def value(self, statement: str) -> object:
        """What one SELECT says, past all rights."""
        import psycopg

        address = self.installation.postgres.url("postgres", self.name)
        with psycopg.connect(address) as connection:
            row = connection.execute(statement.encode()).fetchone()
            return row[0] if row else None


def _environment(installation: Installation, name: str) -> dict[str, str]:
    postgres = installation.postgres
    return {
        "DATABASE_URL": postgres.url("upline_app", name),
        "DATABASE_OWNER_URL": postgres.url("upline_owner", name),
    }


@pytest.fixture(scope="session")
def founded(installation: Installation) -> Iterator[str]:
    """The name of a database with the company in it, and sales in its last month."""
    from commissions import telling

    name = "runs_founded"
    installation.postgres.create_database(name, MIGRATED)
    company = Company(_environment(installation, name), Path(), installation, name)
    company.does(telling.sell_in_the_last_month, [STAFF, APPROVER])
    yield name
    installation.postgres.drop_database(name)


@pytest.fixture(scope="session")
def founded_with_plan(installation: Installation, founded: str) -> Iterator[str]:
    """The same with its plan in force from the first day of its last month."""
    name = "runs_founded_with_plan"
    installation.postgres.create_database(name, founded)
    company = Company(_environment(installation, name), installation.folder, installation, name)
    company.says("plan", "use", company.plan(), "--from", str(FIRST))
    yield name
    installation.postgres.drop_database(name)


@pytest.fixture
def another(
    installation: Installation, founded: str, tmp_path: Path
) -> Iterator[Callable[[], Company]]:
    """Make a copy of the company: `another()`."""
    made: list[str] = []

    def copy(template: str = founded) -> Company:
        made.append(f"runs_{next(_numbers)}")
        installation.postgres.create_database(made[-1], template)
        return Company(_environment(installation, made[-1]), tmp_path, installation, made[-1])

    yield copy
    for name in made:
        installation.postgres.drop_database(name)


@pytest.fixture
def company(another: Callable[[], Company]) -> Company:
    return another()


@pytest.fixture
def planned(another: Callable[..., Company], founded_with_plan: str) -> Company:
    """The company with its plan in force from the first day of its last month."""
    return another(founded_with_plan)
