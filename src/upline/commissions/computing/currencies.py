"""The currencies that a run meets, and the rates of its last day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from upline.base import sql
from upline.commissions.errors import NoRate
from upline.commissions.models import Run
from upline.company import current as company
from upline.language import gettext
from upline.markets import queries as markets
from upline.markets.queries import RateOfDay
from upline.plans.plan import Plan
from upline.plans.rates import MILLION, RunRate

if TYPE_CHECKING:
    from upline.plans.exchange import RunRates

_OF_RUN = "SELECT market_id FROM commissions_runmarket WHERE run_id = %s"
# Who sold or is paid in a period, where somebody other than the home market may be.
_MET = """
SELECT market.id AS market_id FROM markets_market market
WHERE EXISTS (SELECT FROM members_member WHERE market_id = market.id AND member_since < %(until)s)
   OR EXISTS (SELECT FROM orders_order WHERE market_id = market.id
              AND business_date BETWEEN %(first_day)s AND %(last_day)s)
"""


class _Market(NamedTuple):
    """A market by its id."""

    market_id: int


def exchange_of(run: Run, plan: Plan, met: Collection[int]) -> RunRates | None:
    """The rates of the run's last day: for the markets that it meets, those that what it takes over
    is in, and the home market; None where all of it is in plan currency and the plan states nothing
    for these markets. Raises NoRate without a rate."""
    carried = sql.rows(_Market, _OF_RUN, [run.previous_id]) if run.previous_id else []
    of_day = markets.rates_on(run.last_day)
    wanted = {of_day[0].market_id, *met, *(row.market_id for row in carried)}
    rates = [rate for rate in of_day if rate.market_id in wanted]
    stated = {terms.code for terms in plan.markets}
    if all(_is_in_plan(rate) and rate.code not in stated for rate in rates):
        return None
    # What calculates is not imported by who only opens runs.
    from upline.plans.exchange import RunRates

    return RunRates(plan, tuple(_rate(rate, run.last_day) for rate in rates))


def _is_in_plan(rate: RateOfDay) -> bool:
    """Whether a market's amounts are those of the plan, unit by unit and point by point."""
    is_same = rate.currency == company.current().plan_currency
    return is_same and rate.per_unit in (None, MILLION) and rate.per_point is None


def _rate(rate: RateOfDay, day: date) -> RunRate:
    per_unit = rate.per_unit
    if per_unit is None:
        if rate.currency != company.current().plan_currency:
            raise NoRate(_missing(rate, day))
        per_unit = MILLION
    return RunRate(
        rate.market_id, rate.currency, rate.exponent, per_unit, rate.per_point, rate.code
    )


def _missing(rate: RateOfDay, day: date) -> str:
    return gettext(
        "The market {market} has no exchange rate on {day}, the last day of the period. Add one "
        "that begins on that day or before.",
        market=rate.code,
        day=str(day),
    )


def must_be_known(first_day: date, last_day: date, until: object) -> None:
    """Before a run is opened, which freezes its days and their rates: raise NoRate where a
    market that it meets has no rate on its last day. `until` is when that day is over."""
    days = {"first_day": first_day, "last_day": last_day, "until": until}
    met = {row.market_id for row in sql.rows(_Market, _MET, days)}
    for rate in markets.rates_on(last_day):
        if rate.market_id in met:
            _rate(rate, last_day)
