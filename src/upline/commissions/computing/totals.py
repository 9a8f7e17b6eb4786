"""What a run comes to for everybody together: in plan currency, and apart for each market."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from upline.commissions.computing.inputs import Inputs
from upline.commissions.storing.copy_format import Table
from upline.company import current as company
from upline.plans.arrays import Array, indexes_among
from upline.plans.result import Result


@dataclass(frozen=True, slots=True)
class RunTotals:
    """`gross` and `paid` of all members together, in plan currency; `markets`: a row for each where
    the run met several currencies."""

    gross: int
    paid: int
    markets: list[Mapping[str, object]]


def totals_of(result: Result, inputs: Inputs, earnings: Table) -> RunTotals:
    """The totals; `earnings` are those of the run's members."""
    exchange = inputs.exchange
    if exchange is None:
        return RunTotals(int(earnings["gross"].sum()), int(earnings["total"].sum()), [])
    market = exchange.indexes(_markets(inputs, earnings))
    gross, paid = (exchange.by_market(earnings[name], market) for name in ("gross", "total"))
    members = np.bincount(market, minlength=len(exchange.rates)).tolist()
    turnover = _turnover(result, inputs)
    rows = zip(exchange.rates, turnover, gross, paid, members, strict=True)
    return RunTotals(
        exchange.spent(earnings["gross"], market),
        exchange.spent(earnings["total"], market),
        [
            {
                "market": rate.market, "currency": rate.currency, "per_unit": rate.per_unit,
                "per_point": rate.per_point, "turnover": sold, "gross": earned, "paid": total,
                "members": number,
            }
            for rate, sold, earned, total, number in rows
        ],
    )  # fmt: skip


def markets_of(inputs: Inputs, earnings: Table) -> Table:
    """The market of each of these earnings, and its currency in three letters."""
    market_ids = _markets(inputs, earnings)
    currency = np.full(len(market_ids), company.current().plan_currency, "S3")
    if inputs.exchange is not None:
        codes = np.array([rate.currency for rate in inputs.exchange.rates], "S3")
        currency = codes[inputs.exchange.indexes(market_ids)]
    return {"market_id": market_ids, "currency": currency}


def _markets(inputs: Inputs, earnings: Table) -> Array:
    """The market of each of these earnings' members, by its id."""
    return inputs.market_ids[indexes_among(earnings["member_id"], inputs.ids)[0]]


def _turnover(result: Result, inputs: Inputs) -> list[int]:
    """The value of the period's orders by the market that sold them."""
    orders, exchange = inputs.orders, inputs.exchange
    assert exchange is not None, "there are several markets"
    assert orders.market is not None, "each order has one"
    which = orders.between(result.period.first_day, result.period.last_day)
    return exchange.by_market(orders.value[which], orders.market[which])
