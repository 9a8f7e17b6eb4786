"""The figures of a simulation as JSON; amounts are numbers with the plan's decimals."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import simplejson

from upline.base.amounts import as_number
from upline.simulation.figures import CompanyFigures, Month, Spread
from upline.simulation.report import Simulation

DIGITS = 4
"""Of shares."""


def as_json(simulation: Simulation, said: dict[str, Any]) -> str:
    """Everything, with the flags that it was made by."""
    company, decimals = simulation.company, simulation.plan.decimals
    names = list(company.bonuses)
    document = {
        "plan": simulation.plan.name,
        "flags": said,
        "months": [_month(month, names, decimals) for month in company.months],
        "all_months": _month(company.whole, names, decimals),
        "seeds": [_rounded(asdict(outcome)) for outcome in simulation.outcomes],
        "worst": {
            "all_months": _worst(simulation.highest.seed, simulation.highest.share),
            "month": _worst(simulation.worst.seed, simulation.worst.worst_share)
            | {"month": simulation.worst.worst_month},
        },
        "earnings": _earnings(company, decimals),
        "earn_less_than_they_order": company.below_orders,
        "bonuses": {name: _spread(each, decimals) for name, each in company.bonuses.items()},
        "deductions": {name: as_number(each, decimals) for name, each in company.kept.items()},
        "plots": [str(plot) for plot in simulation.plots],
    }
    return simplejson.dumps(document, indent=2, ensure_ascii=False, use_decimal=True) + "\n"


def _worst(seed: int, share: float) -> dict[str, Any]:
    return {"seed": seed, "share": round(share, DIGITS)}


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    rounded = {key: round(each, DIGITS) for key, each in values.items() if isinstance(each, float)}
    return values | rounded | {"shares": [round(each, DIGITS) for each in values["shares"]]}


def _month(month: Month, names: list[str], decimals: int) -> dict[str, Any]:
    paid = (as_number(amount, decimals) for amount in month.by_bonus)
    return asdict(month) | {
        "revenue": as_number(month.revenue, decimals),
        "payout": as_number(month.payout, decimals),
        "share": round(month.share, DIGITS),
        "by_bonus": dict(zip(names, paid, strict=True)),
    }


def _earnings(company: CompanyFigures, decimals: int) -> dict[str, Any]:
    groups = {"members": company.everybody, "active": company.active, "earners": company.earners}
    return {name: _spread(spread, decimals) for name, spread in groups.items()}


def _spread(spread: Spread, decimals: int) -> dict[str, Any]:
    return {
        "people": spread.people,
        "earners": spread.earners,
        "total": as_number(spread.total, decimals),
        "mean": as_number(spread.mean, decimals),
        "median": as_number(spread.median, decimals),
        "tenths": [as_number(amount, decimals) for amount in spread.tenths],
        "most": as_number(spread.most, decimals),
        "top_hundredth": round(spread.top, DIGITS),
        "gini": round(spread.gini, DIGITS),
    }
