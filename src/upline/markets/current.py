"""The markets as the request at hand sees them, and the one of whoever asks."""

from collections.abc import Sequence
from contextvars import ContextVar
from typing import NamedTuple

from upline.base import amounts, databases
from upline.base.amounts import RATE, AmountParts, Money, converted, written
from upline.base.bank_accounts import iban_of
from upline.base.errors import FieldsWrong
from upline.company import current as company
from upline.company.settings import IN_CURRENCY
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


def parts(amount: Money) -> AmountParts:
    """The same in parts, for where it stands large."""
    return amounts.parts(amount, decimals_of(amount.currency), company.office().decimal_mark)


class PayIn(NamedTuple):
    """The account that buyers of a market transfer money to, as a person reads it: whose it is, its
    number, and its bank, '' where that is not said."""

    receiver: str
    account: str
    bank: str


def pay_in(of: MarketFacts) -> PayIn | None:
    """Where a market's buyers transfer money to; None where the company takes no transfers."""
    office = company.office()
    number = office.pay_in_account
    if not number:
        return None
    if iban_of(number):
        number = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    return PayIn(of.seller or company.current().name, number, office.pay_in_bank)


def office_amount(name: str, of: MarketFacts) -> int:
    """What a money setting comes to in a market, in minor units of its currency: as the office set
    it for this currency, else what it set for the home market's, at today's rate. Raises
    FieldsWrong where the market has no rate."""
    found = _set_for(name, of)
    if found is None:
        raise FieldsWrong(gettext("{name} has no exchange rate yet.", name=of.name))
    return found


def office_limit(name: str, currency: str, *, but_by: Sequence[int] = ()) -> int | None:
    """The same for a limit on money in a currency; 0: no limit. None where it is unknown, since no
    market with this currency has a rate. Rates that the staff users `but_by` have added count for
    nothing: nobody raises their own limit."""
    its = [each for each in all_markets().values() if each.currency == currency]
    known = (_set_for(name, of, but_by=but_by) for of in its)
    found = next((each for each in known if each is not None), None)
    # A limit that comes to less than the smallest unit is not "no limit".
    is_limited = f"{name}{IN_CURRENCY}{currency}" not in company.office().in_currencies and getattr(
        company.office(), name
    )
    return 1 if found == 0 and is_limited else found


def _set_for(name: str, of: MarketFacts, *, but_by: Sequence[int] = ()) -> int | None:
    """An amount of a setting in a market's currency; None where there is no rate for it."""
    office = company.office()
    own = office.in_currencies.get(f"{name}{IN_CURRENCY}{of.currency}")
    if own is not None:
        return own
    amount: int = getattr(office, name)
    rate = per_plan_unit(of, but_by=but_by) if amount else RATE
    return rate and converted(amount, home().exponent, rate, of.exponent)


def per_plan_unit(of: MarketFacts, *, but_by: Sequence[int] = ()) -> int | None:
    """What one unit (1.00) of the plan currency is worth in a market today, in millionths of a
    unit of its currency; None where it has no rate yet, but those that `but_by` have added."""
    if of.currency == home().currency:
        return RATE
    found = rate_on(of.id, company.today(), but_by=but_by)
    return found.per_unit if found else None


def bind(market_id: int | None) -> None:
    """Until it is bound anew, this thread sees the market of this member who asks; None: nobody's.
    Who calls has bound the company."""
    _bound.set((databases.current(), market(market_id)) if market_id else None)
