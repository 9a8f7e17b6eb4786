"""The language that is spoken: in the request, the mail or the run at hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from upline.language.loading import ENGLISH, Catalog, load

_bound: ContextVar[Catalog] = ContextVar("language", default=ENGLISH)


def catalog() -> Catalog:
    """What is spoken now; English where nothing else was bound."""
    return _bound.get()


@contextmanager
def bound(tag: str) -> Iterator[None]:
    """Everything inside speaks an installed language."""
    token = _bound.set(load(tag))
    try:
        yield
    finally:
        _bound.reset(token)
