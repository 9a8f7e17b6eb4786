"""The company as the request at hand sees it: from start to end at one version of its settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from upline.base import clock, databases
from upline.base.errors import FieldsWrong
from upline.company import queries
from upline.company.queries import CompanyFacts
from upline.company.settings import OfficeSettings
from upline.language import gettext

# What a request sees, with the database it belongs to; and the last that was read, by database.
_bound: ContextVar[tuple[str, CompanyFacts] | None] = ContextVar("company", default=None)
_latest: dict[str, CompanyFacts] = {}


def current() -> CompanyFacts:
    """The company as this request saw it at its start, else as it stands in the database."""
    bound_here = _bound.get()
    if bound_here is not None and bound_here[0] == databases.current():
        return bound_here[1]
    return queries.load_company()


def office() -> OfficeSettings:
    """What the office has set."""
    return current().office


def figure_index(name: str) -> int:
    """Where a further figure of order lines stands in them. Raises ValueError for one that the
    company has no name for."""
    return office().order_figures.index(name)


def today() -> date:
    """The business date of now, in the company's time zone."""
    return current().day_of(clock.now())


def refuse_frozen(day: date, frozen: date | None, field: str = "") -> None:
    """Nothing is dated on a day that commission runs have used; `frozen` is the last of them, None
    before the first run. Raises FieldsWrong, of the field where one is named."""
    if frozen is None or day > frozen:
        return
    sentence = gettext(
        "The days to {frozen} belong to commission runs: name a later day.", frozen=frozen
    )
    raise FieldsWrong(fields={field: sentence}) if field else FieldsWrong(sentence)


def bind(facts: CompanyFacts) -> None:
    """Until `unbind`, this thread sees `facts`: one request, one version of the settings."""
    _bound.set((databases.current(), facts))


def unbind() -> None:
    """From now on this thread sees the company as it stands in the database."""
    _bound.set(None)


@contextmanager
def bound(facts: CompanyFacts) -> Iterator[None]:
    """Everything inside sees `facts`."""
    token = _bound.set((databases.current(), facts))
    try:
        yield
    finally:
        _bound.reset(token)


def at_version(version: int) -> CompanyFacts:
    """The company at `version`, from this process's memory where it is still that one."""
    alias = databases.current()
    known = _latest.get(alias)
    if known is None or known.version != version:
        known = _latest[alias] = queries.load_company()
    return known
