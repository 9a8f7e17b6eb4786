"""The installation that the tests speak to: per worker a private PostgreSQL with one committed
database, one company, and the shipped web server on a port of its own."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

from support import units
from support.installation import ROOT, Installation, folder_for_tests

# Hundreds of processes are started: what one has compiled, the others need not compile again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# numba reads this when it is first imported.
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / "var" / "compiled"))

# Machines are shared: how long an example takes is no test. The same examples at every run.
settings.register_profile("upline", deadline=None, derandomize=True, database=None)
settings.load_profile("upline")

_installation: Installation | None = None


class Newest(NamedTuple):
    """The highest number of each."""

    transfers: int | None
    orders: int | None
    members: int | None


def pytest_configure(config: pytest.Config) -> None:
    """Start before the tests are collected: they import models, and so the settings."""
    global _installation
    # Asked to end, stop in order as after Ctrl-C: servers and folders do not stay behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    is_only_dispatching = config.getoption("numprocesses", None) and not hasattr(
        config, "workerinput"
    )
    if is_only_dispatching or config.option.collectonly:
        os.environ.setdefault("DATABASE_URL", "postgresql://nobody@127.0.0.1/nothing")
        Installation.prepare_environment(Path(tempfile.gettempdir()))
        return
    folder = folder_for_tests()
    # Where root cannot make a user namespace, PostgreSQL runs as another user, who must pass.
    folder.chmod(0o711)
    config.option.basetemp = config.option.basetemp or folder / "tests"
    _installation = Installation(folder)
    _installation.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _installation is not None:
        _installation.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=units.turn)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    return units.ByFile(config, log)


@pytest.fixture(scope="session")
def installation() -> Installation:
    assert _installation is not None
    return _installation


@pytest.fixture(autouse=True, scope="module")
def company_as_founded() -> None:
    """Each file of tests begins with the company as it was founded: what the files before have
    left in the database is gone."""
    if _installation is not None:
        _installation.begin_anew()


@pytest.fixture(autouse=True)
def books_hold() -> Iterator[None]:
    """After each test that moved money, made an order or placed a member: `./upline verify`."""
    from upline.base import sql
    from upline.books import invariants

    def state() -> tuple[object, ...]:
        return tuple(
            sql.one(
                Newest,
                """SELECT (SELECT max(id) FROM wallet_transfer) AS transfers,
                          (SELECT max(id) FROM orders_order) AS orders,
                          (SELECT max(id) FROM genealogy_position) AS members""",
            )
            or ()
        )

    if _installation is None:
        yield
        return
    before = state()
    yield
    if state() != before:
        assert invariants.check() == {}


pytest_plugins = ["support.cast", "support.browser", "support.payouts", "support.wares"]
