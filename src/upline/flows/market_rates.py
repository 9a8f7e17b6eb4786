"""What holds in a market from a day on: tax rates, and what the plan currency and points are worth
there. Neither changes for days that are over."""

from datetime import date

from upline.base.errors import Conflict, FieldsWrong
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.markets import actions as markets
from upline.markets import current
from upline.orders import actions as orders

MILLION = 1_000_000
# A unit of one currency is worth at most a million of another.
RATE_MAX = MILLION * MILLION


@needs(Right.ADD_MARKET_RATES)
def add_tax_rate(
    unit: UnitOfWork, market_id: int, tax_class_id: int, rate: int, first_day: date
) -> None:
    """From a day on, today or later, prices of a tax class contain this tax in a market, in basis
    points. Orders keep what they were sold with. Raises FieldsWrong for an earlier day, a rate
    above 100 %, and where a commissionable value would be more than its price without tax."""
    if first_day < company.today():
        raise FieldsWrong(fields={"first_day": gettext("A tax rate begins today or later.")})
    if not 0 <= rate <= 10_000:
        raise FieldsWrong(fields={"rate": gettext("A tax rate is from 0 to 100 %.")})
    unit.commit(lambda: markets.add_tax_rate(unit, market_id, tax_class_id, rate, first_day))


@needs(Right.ADD_MARKET_RATES)
def add_rate(
    unit: UnitOfWork, market_id: int, per_unit: int, per_point: int | None, first_day: date
) -> None:
    """From a day on one unit of the plan currency is worth `per_unit` millionths of a unit of the
    market's currency, and one point `per_point`. Raises FieldsWrong for a day that belongs to
    commission runs, and for a rate out of reach; Conflict in a market in the plan currency."""
    if current.market(market_id).currency == company.current().plan_currency:
        raise Conflict(gettext("This market is in the plan currency: it needs no rate."))
    if not 0 < per_unit <= RATE_MAX:
        raise FieldsWrong(fields={"per_unit": gettext("A rate is above 0, and at most 1,000,000.")})
    if per_point is not None and not 0 <= per_point <= RATE_MAX:
        raise FieldsWrong(fields={"per_point": gettext("A rate is from 0 to 1,000,000.")})

    def add() -> None:
        company.refuse_frozen(first_day, orders.last_frozen_day(), "first_day")
        markets.add_rate(unit, market_id, per_unit, per_point, first_day)

    unit.commit(add)
