"""The company as the request at hand sees it: from start to end at one version of its settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from upline.base import clock
from upline.company import queries
from upline.company.queries import CompanyFacts
from upline.company.settings import OfficeSettings

_bound: ContextVar[CompanyFacts | None] = ContextVar("company", default=None)
_latest: CompanyFacts | None = None


def current() -> CompanyFacts:
    """The company as this request saw it at its start, else as it stands in the database."""
    return _bound.get() or queries.load_company()


def office() -> OfficeSettings:
    return current().office


def today() -> date:
    return current().day_of(clock.now())


def bind(facts: CompanyFacts) -> None:
    """Until `unbind`, this thread sees `facts`: one request, one version of the settings."""
    _bound.set(facts)


def unbind() -> None:
    _bound.set(None)


@contextmanager
def bound(facts: CompanyFacts) -> Iterator[None]:
    """Everything inside sees `facts`."""
    token = _bound.set(facts)
    try:
        yield
    finally:
        _bound.reset(token)


def at_version(version: int) -> CompanyFacts:
    """The company at `version`, from this process's memory where it is still that one."""
    global _latest
    if _latest is None or _latest.version != version:
        _latest = queries.load_company()
    return _latest
