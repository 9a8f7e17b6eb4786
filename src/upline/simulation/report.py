"""The figures of a simulation as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from upline.base.amounts import POINT_DECIMALS, grouped
from upline.language import gettext, lazy
from upline.language.writing import marks, whole
from upline.plans.plan import HUNDRED_PERCENT, HUNDREDTHS, Plan
from upline.plans.settlement import CARRIED, CEILING, CHARGE, TAX
from upline.simulation.figures import CompanyFigures, Month, SeedOutcome, Spread, share
from upline.simulation.shape import CompanyShape

GAP = "  "
_KEPT = {
    CEILING: lazy("cut by the ceiling {amount}"),
    CHARGE: lazy("service charge {amount}"),
    TAX: lazy("tax {amount}"),
    CARRIED: lazy("not paid out yet {amount}"),
}


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
    return f"{part * 100:.1f}".replace(".", marks().decimal) + " %"


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
    heading = gettext(
        "{plan}: {members} members, {first} to {last}, seed {seed}",
        plan=simulation.plan.name,
        members=whole(company.members),
        first=first,
        last=last,
        seed=company.seed,
    )
    meaning = gettext("Payout is what the bonuses pay, before charges and taxes.")
    return "\n".join([heading, meaning, *_assumed(simulation.plan, simulation.shape)])


def _assumed(plan: Plan, shape: CompanyShape) -> Iterator[str]:
    """How much is ordered at least, and whether that is less than what the plan asks for."""
    least = shape.spending[0]
    points = least * shape.points_rate * HUNDREDTHS // (HUNDRED_PERCENT * shape.point_value)
    asked = max(
        [bonus.needs.personal_points for bonus in plan.bonuses]
        + [step.personal_points for step in plan.ranks.steps]
    )
    yield gettext(
        "An order is {amount} or more, {points} points (--spending, --points).",
        amount=grouped(least, plan.decimals),
        points=grouped(points, POINT_DECIMALS),
    )
    if asked > points:
        yield gettext(
            "The plan asks for {points} own points somewhere: with larger orders more would "
            "qualify.",
            points=grouped(asked, POINT_DECIMALS),
        )


def _by_month(simulation: Simulation) -> str:
    company, decimals = simulation.company, simulation.plan.decimals
    head = (
        gettext("month"), gettext("members"), gettext("active"), gettext("revenue"),
        gettext("payout"), gettext("of revenue"), gettext("members without"),
        gettext("active without"),
    )  # fmt: skip
    rows = [_month(month.name, month, decimals) for month in company.months]
    rows.append(_month(gettext("all"), company.whole, decimals))
    return _titled(gettext("Payout by month, and who earns nothing"), head, rows)


def _month(name: str, month: Month, decimals: int) -> tuple[str, ...]:
    return (
        name,
        whole(month.members),
        whole(month.active),
        grouped(month.revenue, decimals),
        grouped(month.payout, decimals),
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
        (gettext("all months"), percent(simulation.lowest.share),
         percent(median(each.share for each in outcomes)),
         percent(highest.share), gettext("seed {seed}", seed=highest.seed)),
        (gettext("worst month"), percent(min(each.worst_share for each in outcomes)),
         percent(median(each.worst_share for each in outcomes)), percent(worst.worst_share),
         gettext("seed {seed}, {month}", seed=worst.seed, month=worst.worst_month)),
    ]  # fmt: skip
    head = (
        gettext("payout of revenue"), gettext("lowest"), gettext("middle"), gettext("highest"),
        gettext("which is"),
    )  # fmt: skip
    return _titled(_worst_case(simulation), head, rows)


def _worst_case(simulation: Simulation) -> str:
    seeds, members = whole(len(simulation.outcomes)), simulation.outcomes[-1].members
    if members == simulation.company.members:
        return gettext("Worst case over {seeds} seeds", seeds=seeds)
    return gettext(
        "Worst case over {seeds} seeds (to end sooner, the companies of the other seeds have "
        "{members} members each)",
        seeds=seeds,
        members=whole(members),
    )


def _who_earns_nothing(company: CompanyFigures) -> str:
    months, ordered = company.whole, company.below_orders
    nothing = gettext(
        "Over all months {all} of all members earn nothing, and {active} of those who were active "
        "at any time.",
        all=percent(share(months.nothing, months.members)),
        active=percent(share(months.active_nothing, months.active)),
    )
    less = gettext(
        "{percent} earn less than they order for themselves.",
        percent=percent(share(ordered, company.members)),
    )
    return f"{nothing}\n{less}"


def _earnings(simulation: Simulation) -> str:
    company, decimals = simulation.company, simulation.plan.decimals
    spreads = (company.everybody, company.active, company.earners)
    head = ("", gettext("all members"), gettext("active at any time"), gettext("who earn"))
    rows = list(zip(_labels(), *(_spread(each, decimals) for each in spreads), strict=True))
    return _titled(gettext("Earnings of a member over all months"), head, rows)


def _labels() -> tuple[str, ...]:
    tenths = (gettext("{percent} earn at most", percent=f"{10 * k} %") for k in range(1, 10))
    return (
        gettext("people"), gettext("mean"), *tenths, gettext("the most"),
        gettext("{top} at the top receive", top="1 %"), gettext("Gini"),
    )  # fmt: skip


def _spread(spread: Spread, decimals: int) -> tuple[str, ...]:
    amounts = (spread.mean, *spread.tenths, spread.most)
    return (
        whole(spread.people),
        *(grouped(amount, decimals) for amount in amounts),
        percent(spread.top),
        _gini(spread),
    )


def _gini(spread: Spread) -> str:
    return f"{spread.gini:.3f}".replace(".", marks().decimal)


def _by_bonus(simulation: Simulation) -> str:
    company, decimals = simulation.company, simulation.plan.decimals
    head = (
        gettext("bonus"), gettext("paid"), gettext("of revenue"), gettext("members paid"),
        gettext("of members"), gettext("their median"), gettext("their top 1 %"), gettext("Gini"),
    )  # fmt: skip
    rows = [
        (
            name,
            grouped(spread.total, decimals),
            percent(share(spread.total, company.whole.revenue)),
            whole(spread.people),
            percent(share(spread.people, company.members)),
            grouped(spread.median, decimals),
            percent(spread.top),
            _gini(spread),
        )
        for name, spread in company.bonuses.items()
    ]
    title = gettext("By bonus, over all months")
    if simulation.plan.settlement.ceiling >= 0:
        title = gettext("By bonus, over all months, before the ceiling")
    return _titled(title, head, rows)


def _kept_back(simulation: Simulation) -> str:
    """Sentences on what the ceiling, charges, taxes and the minimum payout kept back."""
    company, decimals = simulation.company, simulation.plan.decimals
    cut = sum(each.total for each in company.bonuses.values()) - company.whole.payout
    kept = [_KEPT[CEILING].format(amount=grouped(cut, decimals))] if cut else []
    kept += [
        _KEPT[name].format(amount=grouped(-amount, decimals))
        for name, amount in company.kept.items()
    ]
    return gettext("Kept back: {what}.", what=", ".join(kept)) if kept else ""


def _plots(plots: list[Path]) -> str:
    return gettext("Plots: {files}", files=", ".join(str(plot) for plot in plots))


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
