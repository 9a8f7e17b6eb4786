"""Sentences for the stairstep."""

from __future__ import annotations

from upline.plans.lines import Lines
from upline.plans.plan import Stairstep
from upline.trials.csv_table import Texts
from upline.trials.facts import POINT_DECIMALS, Facts
from upline.trials.figures import amounts, chosen, joined, percents


def of_stairsteps(bonus: Stairstep, lines: Lines, facts: Facts) -> Texts:
    """`Stairstep: 15 % (1,500.00 group points) less 12 % paid below, 3 % on 1,000.00 from …`."""
    own = facts.stairstep_rates(bonus)[lines.member]
    below, difference = percents(own - lines.rate), percents(lines.rate)
    less = chosen(own == lines.rate, "", joined(" less ", below, " paid below, ", difference))
    basis = bonus.volume.basis
    seller = facts.orders.member[lines.source]
    return joined(
        "Stairstep: ", percents(own), _chosen_by(bonus, lines, facts), less,
        " on ", facts.volume(lines.base, basis), facts.a_point(basis),
        " from order ", facts.names.of_orders(lines.source),
        " of ", facts.names.of_members(seller),
    )  # fmt: skip


def _chosen_by(bonus: Stairstep, lines: Lines, facts: Facts) -> Texts | str:
    """What the percentage was chosen by."""
    if bonus.rates is not None:
        return facts.class_of(bonus.rates.by, lines.member)
    points = facts.group_points(bonus)[lines.member]
    return joined(" (", amounts(points, POINT_DECIMALS, grouped=True), " group points)")
