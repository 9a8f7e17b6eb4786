"""The installation that the tests speak to: per worker a private PostgreSQL with one committed
database, one company, and the shipped web server on a port of its own."""

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from support.installation import Installation

# Machines are shared: how long an example takes is no test. The same examples at every run.
settings.register_profile("upline", deadline=None, derandomize=True, database=None)
settings.load_profile("upline")

_installation: Installation | None = None


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
    folder = Path(tempfile.mkdtemp(prefix="upline-tests-"))
    # Where root cannot make a user namespace, PostgreSQL runs as another user, who must pass.
    folder.chmod(0o711)
    _installation = Installation(folder)
    _installation.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _installation is not None:
        _installation.stop()


@pytest.fixture(scope="session")
def installation() -> Installation:
    assert _installation is not None
    return _installation


@pytest.fixture(autouse=True)
def books_hold() -> Iterator[None]:
    """After each test that moved money, made an order or placed a member: `./upline verify`."""
    from upline.base import sql
    from upline.books import invariants

    def state() -> tuple[object, ...]:
        return tuple(
            sql.one(
                """SELECT (SELECT max(id) FROM wallet_transfer) AS transfers,
                          (SELECT max(id) FROM orders_order) AS orders,
                          (SELECT max(member_id) FROM genealogy_node) AS members"""
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


pytest_plugins = ["support.cast", "support.browser", "support.payouts"]
