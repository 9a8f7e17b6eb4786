"""The figures of a simulation as text for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from upline.base.amounts import POINT_DECIMALS, as_text
from upline.plans.plan import HUNDRED_PERCENT, HUNDREDTHS, Plan
from upline.plans.settlement import CARRIED
from upline.simulation.figures import CompanyFigures, Month, SeedOutcome, Spread, share
from upline.simulation.shape import CompanyShape

GAP = "  "
TENTHS = tuple(f"{k}0 % earn at most" for k in range(1, 10))


@dataclass(frozen=True, slots=True)
class Simulation:
    """All that is shown: the company of the seed that was asked for, what came of each seed, the
    first one included, and where the plots are."""

    plan: Plan
    shape: CompanyShape
    company: CompanyFigures
    outcomes: list[SeedOutcome]
    plots: list[Path]

    @property
    def lowest(self) -> SeedOutcome:
        """The seed that pays the smallest share over all months."""
        return min(self.outcomes, key=lambda each: each.share)

    @property
    def highest(self) -> SeedOutcome:
        """The seed that pays the largest share over all months."""
        return max(self.outcomes, key=lambda each: each.share)

    @property
    def worst(self) -> SeedOutcome:
        """The seed with the month of the largest share."""
        return max(self.outcomes, key=lambda each: each.worst_share)


def percent(part: float) -> str:
    """A share with one decimal: `12.3 %`."""
    return f"{part * 100:.1f} %"


def as_table(simulation: Simulation) -> str:
    """Everything, in a few tables."""
    parts = (
        _heading(simulation),
        _by_month(simulation),
        _over_seeds(simulation),
        _who_earns_nothing(simulation.company),
        _earnings(simulation),
        _by_bonus(simulation),
        _kept_back(simulation),
        _plots(simulation.plots),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _heading(simulation: Simulation) -> str:
    company = simulation.company
    first, last = company.months[0].name, company.months[-1].name
    return (
        f"{simulation.plan.name}: {company.members:,} members, {first} to {last}, "
        f"seed {company.seed}\nPayout is what the bonuses pay, before charges and taxes.\n"
        f"{_assumed(simulation.plan, simulation.shape)}"
    )


def _assumed(plan: Plan, shape: CompanyShape) -> str:
    """How much is ordered at least, and whether that is less than what the plan asks for."""
    least = shape.spending[0]
    points = least * shape.points_rate * HUNDREDTHS // (HUNDRED_PERCENT * shape.point_value)
    asked = max(
        [bonus.needs.personal_points for bonus in plan.bonuses]
        + [step.personal_points for step in plan.ranks.steps]
    )
    said = f"An order is {as_text(least, plan.decimals, ',')} or more, "
    said += f"{as_text(points, POINT_DECIMALS, ',')} points (--spending, --points)."
    if asked > points:
        more = f"{as_text(asked, POINT_DECIMALS, ',')} own points"
        said += f"\nThe plan asks for {more} somewhere: with larger orders more would qualify."
    return said


def _by_month(simulation: Simulation) -> str:
    company, decimals = simulation.company, simulation.plan.decimals
    head = ("month", "members", "active", "revenue", "payout", "of revenue",
            "members without", "active without")  # fmt: skip
    rows = [_month(month, decimals) for month in (*company.months, company.whole)]
    return _titled("Payout by month, and who earns nothing", head, rows)


def _month(month: Month, decimals: int) -> tuple[str, ...]:
    return (
        month.name,
        f"{month.members:,}",
        f"{month.active:,}",
        as_text(month.revenue, decimals, ","),
        as_text(month.payout, decimals, ","),
        percent(month.share),
        percent(share(month.nothing, month.members)),
        percent(share(month.active_nothing, month.active)),
    )


def _over_seeds(simulation: Simulation) -> str:
    """The share of revenue over all seeds; says that the other companies are smaller."""
    outcomes, highest, worst = simulation.outcomes, simulation.highest, simulation.worst
    if len(outcomes) == 1:
        return ""
    rows = [
        ("all months", percent(simulation.lowest.share),
         percent(median(each.share for each in outcomes)),
         percent(highest.share), f"seed {highest.seed}"),
        ("worst month", percent(min(each.worst_share for each in outcomes)),
         percent(median(each.worst_share for each in outcomes)),
         percent(worst.worst_share), f"seed {worst.seed}, {worst.worst_month}"),
    ]  # fmt: skip
    head = ("payout of revenue", "lowest", "middle", "highest", "which is")
    title = f"Worst case over {len(outcomes):,} seeds{_smaller(simulation)}"
    return _titled(title, head, rows)


def _smaller(simulation: Simulation) -> str:
    members = simulation.outcomes[-1].members
    if members == simulation.company.members:
        return ""
    return f" (to end sooner, the companies of the other seeds have {members:,} members each)"


def _who_earns_nothing(company: CompanyFigures) -> str:
    whole = company.whole
    active, ordered = share(whole.active_nothing, whole.active), company.below_orders
    return (
        f"Over all months {percent(share(whole.nothing, whole.members))} of all members earn "
        f"nothing, and {percent(active)} of those who were active at any time.\n"
        f"{percent(share(ordered, company.members))} earn less than they order for themselves."
    )


def _earnings(simulation: Simulation) -> str:
    company, decimals = simulation.company, simulation.plan.decimals
    spreads = (company.everybody, company.active, company.earners)
    head = ("", "all members", "active at any time", "who earn")
    rows = list(zip(_LABELS, *(_spread(each, decimals) for each in spreads), strict=True))
    return _titled("Earnings of a member over all months", head, rows)


_LABELS = ("people", "mean", *TENTHS, "the most", "top 1 % receive", "Gini")


def _spread(spread: Spread, decimals: int) -> tuple[str, ...]:
    amounts = (spread.mean, *spread.tenths, spread.most)
    return (
        f"{spread.people:,}",
        *(as_text(amount, decimals, ",") for amount in amounts),
        percent(spread.top),
        f"{spread.gini:.3f}",
    )


def _by_bonus(simulation: Simulation) -> str:
    company, decimals = simulation.company, simulation.plan.decimals
    head = ("bonus", "paid", "of revenue", "members paid", "of members", "their median",
            "their top 1 %", "Gini")  # fmt: skip
    rows = [
        (
            name,
            as_text(spread.total, decimals, ","),
            percent(share(spread.total, company.whole.revenue)),
            f"{spread.people:,}",
            percent(share(spread.people, company.members)),
            as_text(spread.median, decimals, ","),
            percent(spread.top),
            f"{spread.gini:.3f}",
        )
        for name, spread in company.bonuses.items()
    ]
    title = f"By bonus, over all months{before_ceiling(simulation.plan)}"
    return _titled(title, head, rows)


def before_ceiling(plan: Plan) -> str:
    """What is to be said where a bonus is counted on its own and the plan has a ceiling."""
    return ", before the ceiling" if plan.settlement.ceiling >= 0 else ""


def _kept_back(simulation: Simulation) -> str:
    """Sentences on what the ceiling, charges, taxes and the minimum payout kept back."""
    company, decimals = simulation.company, simulation.plan.decimals
    cut = sum(each.total for each in company.bonuses.values()) - company.whole.payout
    kept = {"cut by the ceiling": cut} if cut else {}
    for name, amount in company.kept.items():
        kept["not paid out yet" if name == CARRIED else name] = -amount
    said = ", ".join(f"{name} {as_text(kept[name], decimals, ',')}" for name in kept)
    return f"Kept back: {said}." if said else ""


def _plots(plots: list[Path]) -> str:
    return "Plots: " + ", ".join(str(plot) for plot in plots)


def _titled(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return f"{title}\n{_columns([head, *rows])}"


def _columns(rows: list[tuple[str, ...]]) -> str:
    """Text to the left in the first column, figures to the right in the others."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return "\n".join(
        GAP.join(
            cell.rjust(width) if k else cell.ljust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
