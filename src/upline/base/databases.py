"""Which database the code at hand works in.

A company has a database of its own, which Django knows by an alias. A process serves one company
today. What it remembers of a database it remembers by the alias, so that a second company beside
the first is never answered with what belongs to another."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction

_alias: ContextVar[str] = ContextVar("database", default=DEFAULT_DB_ALIAS)


def current() -> str:
    """The alias of the database that is worked in."""
    return _alias.get()


@contextmanager
def using(alias: str) -> Iterator[None]:
    """Everything inside works in this database: hand-written SQL, models and transactions."""
    token = _alias.set(alias)
    try:
        yield
    finally:
        _alias.reset(token)


def atomic(*, durable: bool = False) -> "transaction.Atomic":
    """A transaction in this database, or a savepoint inside one; as Django's `atomic`."""
    return transaction.atomic(using=current(), durable=durable)


class Router:
    """Tells Django's models which database to use. One that was read elsewhere is saved there."""

    def db_for_read(self, model: type[Any], **hints: Any) -> str:
        return self._database_of(hints.get("instance"))

    def db_for_write(self, model: type[Any], **hints: Any) -> str:
        return self._database_of(hints.get("instance"))

    def _database_of(self, instance: Any) -> str:
        known = instance._state.db if instance is not None else None
        return known or current()
