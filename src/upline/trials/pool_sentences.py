"""Sentences for pools."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Array
from upline.plans.lines import Lines
from upline.plans.plan import Pool, Share
from upline.trials.csv_table import Texts
from upline.trials.facts import POINT_DECIMALS, Facts
from upline.trials.figures import amounts, chosen, counts, joined, percent

POINTS = {Share.PERSONAL_POINTS: "points", Share.GROUP_POINTS: "group points"}


def of_pools(bonus: Pool, lines: Lines, facts: Facts) -> Texts:
    """`Pool: 5 of 120 shares in 4,000.00, which is 2 % of the turnover of 200,000.00`."""
    turnover, fund, of_all = facts.pool(bonus)
    basis = bonus.volume.basis
    volume = facts.volume(np.array([turnover]), basis)[0].as_py()
    of = f"{percent(bonus.rate)} of the turnover of {volume}{facts.a_point(basis)}"
    whole = f" of {_shares(bonus, np.array([of_all]))[0]} {POINTS.get(bonus.share, 'shares')}"
    capped = f"; no more than {facts.one(bonus.cap)} each"
    return joined(
        "Pool: ", _shares(bonus, lines.base), f"{whole} in {facts.one(fund)}, which is {of}",
        chosen(lines.amount == bonus.cap, capped, ""),
    )  # fmt: skip


def _shares(bonus: Pool, shares: Array) -> Texts:
    if bonus.share in POINTS:
        return amounts(shares, POINT_DECIMALS, grouped=True)
    return counts(shares)
