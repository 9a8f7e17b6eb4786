"""The markets as the request at hand sees them, and the one of whoever asks."""

from contextvars import ContextVar

from upline.base import databases
from upline.base.amounts import Money, written
from upline.base.errors import FieldsWrong
from upline.company import current as company
from upline.language import gettext
from upline.markets.queries import MarketFacts, load_markets, rate_on

# Both with the database that they belong to.
_bound: ContextVar[tuple[str, MarketFacts] | None] = ContextVar("market", default=None)
_latest: dict[str, tuple[int, dict[int, MarketFacts]]] = {}


def current() -> MarketFacts:
    """The market of the member who asks; the home market where none does."""
    bound_here = _bound.get()
    if bound_here is not None and bound_here[0] == databases.current():
        return bound_here[1]
    return home()


def home() -> MarketFacts:
    """The market that the company was set up with."""
    return next(iter(all_markets().values()))


def market(market_id: int) -> MarketFacts:
    """One of the markets."""
    return all_markets()[market_id]


def of_country(country_id: int | None) -> MarketFacts | None:
    """The market that a country belongs to; None where no market lists it."""
    return next((each for each in all_markets().values() if country_id in each.countries), None)


def all_markets() -> dict[int, MarketFacts]:
    """All markets by id, the home market first. Who changes one raises the version of the
    company's settings, so that a process knows when its copy is old."""
    version, known = company.current().version, _latest.get(databases.current())
    if known is None or known[0] != version:
        known = _latest[databases.current()] = (version, load_markets())
    return known[1]


def currencies() -> list[str]:
    """The currencies that markets use, that of the home market first."""
    return list(dict.fromkeys(each.currency for each in all_markets().values()))


def decimals_of(currency: str) -> int:
    """How many decimals an amount has in one of these currencies."""
    return next(each.exponent for each in all_markets().values() if each.currency == currency)


def money(amount: Money) -> str:
    """An amount with its currency, for people."""
    mark = company.office().decimal_mark
    return written(amount, decimals_of(amount.currency), mark)


def from_plan_currency(amount: int, of: MarketFacts) -> int:
    """An amount that a setting states, in minor units of the plan currency, in a market's own: at
    today's rate, rounded to the nearest minor unit. Raises FieldsWrong where it has none."""
    facts = company.current()
    if not amount or of.currency == facts.currency:
        return amount
    rate = rate_on(of.id, company.today())
    if rate is None:
        raise FieldsWrong(gettext("{name} has no exchange rate yet.", name=of.name))
    parts: int = 10 ** (facts.exponent + 6)
    whole: int = amount * rate.per_unit * 10**of.exponent
    return (whole + parts // 2) // parts


def bind(market_id: int | None) -> None:
    """Until it is bound anew, this thread sees the market of this member who asks; None: nobody's.
    Who calls has bound the company."""
    _bound.set((databases.current(), market(market_id)) if market_id else None)
