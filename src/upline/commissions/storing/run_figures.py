"""What explains a run beside its lines: as columns by member and as JSON; and back."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np

from upline.commissions.storing.copy_format import Table
from upline.plans.arrays import Array, Ints
from upline.plans.bonus import Stairstep
from upline.plans.plan import Plan
from upline.plans.result import (
    CeilingFigures,
    PoolFigures,
    RankFigures,
    Result,
    RunFigures,
    StairstepFigures,
)

PART, SCALARS = "figures", "scalars"
"""The parts of the archive: the columns, and what is not by member."""
ACTIVE_POINTS = "active points"
"""The own points that members are active by, where the plan asks for some."""


def tables(result: Result, ids: Ints, plan: Plan) -> tuple[dict[str, Table], str]:
    """The columns, by part of the archive, and as JSON what is not by member."""
    found = result.figures
    columns: Table = {"member": ids, "active": result.active.astype(np.int8)}
    if found.active_points is not None:
        columns[ACTIVE_POINTS] = found.active_points
    if found.ranks:
        columns |= _of_ranks(found.ranks, plan)
    for name, step in found.stairsteps.items():
        columns[f"rate {name}"] = step.rate
        if step.points is not None:
            columns[f"points {name}"] = step.points
    return {PART: columns}, json.dumps(_scalars(found))


def _of_ranks(ranks: RankFigures, plan: Plan) -> Table:
    columns: Table = {"best": ranks.best}
    for row in range(len(ranks.windows)):
        columns |= {f"own {row}": ranks.points[row], f"group {row}": ranks.group[row]}
        if plan.ranks.breakaway:
            columns[f"team {row}"] = ranks.team[row]
        if any(step.customers for step in plan.ranks.steps):
            columns[f"customers {row}"] = ranks.customers[row]
    return columns | {f"buyers {row}": buyers for row, buyers in enumerate(ranks.buyers)}


def _scalars(found: RunFigures) -> dict[str, object]:
    ceiling = found.ceiling
    return {
        "pools": {
            name: [pool.turnover, pool.fund, pool.shares] for name, pool in found.pools.items()
        },
        "ceiling": [ceiling.share, ceiling.paid_before, ceiling.gross] if ceiling else None,
        "windows": found.ranks.windows if found.ranks else None,
    }


Read = Callable[[list[str]], Table]
"""Reads columns of PART, for the members that are looked at."""


def scalars_of(text: str) -> RunFigures:
    """What is not by member."""
    facts = json.loads(text)
    return RunFigures(
        pools={name: PoolFigures(*figures) for name, figures in facts["pools"].items()},
        ceiling=CeilingFigures(*facts["ceiling"]) if facts["ceiling"] else None,
    )


def stairstep_of(bonus: Stairstep, read: Read) -> StairstepFigures:
    """A stairstep's figures."""
    names = [f"rate {bonus.name}"]
    if bonus.rates is None:
        names.append(f"points {bonus.name}")
    found = read(names)
    return StairstepFigures(found[names[0]], found.get(f"points {bonus.name}"))


def ranks_of(text: str, plan: Plan, read: Read) -> RankFigures | None:
    """What ranks were chosen by; None where the run worked none out."""
    windows = json.loads(text)["windows"]
    if windows is None:
        return None
    rows = range(len(windows))
    whole = "team" if plan.ranks.breakaway else "group"
    asked = any(step.customers for step in plan.ranks.steps)
    kinds = {"own", "group", whole} | ({"customers"} if asked else set())
    of_buyers = [f"buyers {row}" for row in range(len(plan.ranks.buyers()))]
    of_windows = [f"{kind} {row}" for kind in sorted(kinds) for row in rows]
    found = read(["best", *of_windows, *of_buyers])

    def stacked(kind: str) -> Array:
        return np.stack([found[f"{kind} {row}"] for row in rows])

    own = stacked("own")
    customers = stacked("customers") if asked else np.zeros(own.shape, np.int32)
    buyers = np.zeros((len(of_buyers), own.shape[1]), np.int32)
    for number, column in enumerate(of_buyers):
        buyers[number] = found[column]
    return RankFigures(
        tuple(windows), own, customers, stacked("group"), stacked(whole), found["best"], buyers
    )
