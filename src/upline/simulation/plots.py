"""Two pictures of a simulation, as SVG: what the plan costs, and who earns.

The same figures give the same bytes. Colours are those of Okabe and Ito (2008), which people with
any kind of colour vision can tell apart.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from upline.language import gettext, lazy
from upline.language.writing import whole
from upline.plans.arrays import Array
from upline.plans.periods import Every
from upline.plans.plan import HUNDRED_PERCENT, Plan
from upline.simulation.figures import CompanyFigures, SeedOutcome, share
from upline.simulation.report import Simulation, percent

BLACK, GREY = "#222222", "#767676"
BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
COLOURS = (BLUE, ORANGE, GREEN, "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
OTHERS = lazy("all others")
SIZE = (12.0, 5.0)
LONGEST_NAME, MOST_LABELS = 24, 6
_LEAST_PART = 0.001
STYLE = {
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 12,
    "axes.axisbelow": True,
    "grid.color": "#DDDDDD",
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "upline",
    "text.parse_math": False,
}


def draw(simulation: Simulation) -> dict[str, bytes]:
    """The pictures, by the names of their files."""
    with _style():
        return {"payout.svg": _payout(simulation), "earnings.svg": _earnings(simulation)}


@contextmanager
def _style() -> Iterator[None]:
    """Our style whatever the machine's is; letters that a font lacks are the viewer's affair."""
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        mpl.rcdefaults()
        mpl.rcParams.update(cast(Any, STYLE))
        yield


def _payout(simulation: Simulation) -> bytes:
    figure = Figure(SIZE, layout="constrained")
    over_time, by_bonus = figure.subplots(1, 2, gridspec_kw={"wspace": 0.06})
    _draw_share(over_time, simulation)
    _draw_bonuses(by_bonus, simulation.company, simulation.plan)
    return _svg(figure)


def _earnings(simulation: Simulation) -> bytes:
    figure = Figure(SIZE, layout="constrained")
    classes, curve = figure.subplots(1, 2, gridspec_kw={"wspace": 0.06})
    _draw_classes(classes, simulation)
    _draw_curve(curve, simulation.company)
    return _svg(figure)


def _svg(figure: Figure) -> bytes:
    picture = io.BytesIO()
    figure.savefig(picture, format="svg", metadata={"Date": None, "Creator": "Upline"})
    return picture.getvalue()


def _draw_share(axes: Axes, simulation: Simulation) -> None:
    """The share of each month, and between which shares the other seeds lie."""
    company, others = simulation.company, simulation.outcomes[1:]
    label = gettext(
        "seed {seed} ({members} members)", seed=company.seed, members=whole(company.members)
    )
    paid = percent(company.whole.share)
    axes.set_title(gettext("The plan pays out {percent} of revenue", percent=paid))
    if others:
        _draw_others(axes, others)
    shares = [month.share for month in company.months]
    axes.plot(shares, color=BLUE, lw=2, marker="o", ms=4, label=label)
    ceiling = _ceiling(simulation.plan)
    if ceiling is not None:
        axes.axhline(ceiling, color=BLACK, lw=1, ls="--", label=gettext("the plan's ceiling"))
    _months(axes, company)
    _shares(axes, gettext("payout in percent of revenue"))
    highest = max(outcome.worst_share for outcome in simulation.outcomes)
    axes.set_ylim(0, max(0.01, 1.1 * max(highest, ceiling or 0.0)))
    _legend_below(axes, columns=1)


def _draw_others(axes: Axes, others: list[SeedOutcome]) -> None:
    """A band from the lowest to the highest share of these seeds; a short one for one month."""
    shares = np.array([outcome.shares for outcome in others])
    low, high, at = shares.min(0), shares.max(0), np.arange(shares.shape[1], dtype=np.float64)
    if len(at) == 1:
        low, high, at = low.repeat(2), high.repeat(2), np.array([-0.3, 0.3])
    label = gettext(
        "{seeds} other seeds ({members} members each)",
        seeds=whole(len(others)),
        members=whole(others[0].members),
    )
    axes.fill_between(at, low, high, color=ORANGE, alpha=0.35, lw=0, label=label)


def _ceiling(plan: Plan) -> float | None:
    """The ceiling of a month. It holds for each run: with weeks or days it is none of a month."""
    monthly = all(bonus.every is Every.MONTH for bonus in plan.bonuses)
    ceiling = plan.settlement.ceiling
    return ceiling / HUNDRED_PERCENT if monthly and ceiling >= 0 else None


def _draw_bonuses(axes: Axes, company: CompanyFigures, plan: Plan) -> None:
    """The share of each month, stacked by bonus; the largest below."""
    months = np.arange(len(company.months))
    revenue = np.array([max(1, month.revenue) for month in company.months])
    paid = np.array([month.by_bonus for month in company.months], dtype=np.float64).T / revenue
    parts = _largest(list(company.bonuses), paid)
    below = np.zeros(len(months))
    colours = [*COLOURS[: len(parts)]] + [GREY] * (len(parts) - len(COLOURS))
    for (name, heights), colour in zip(parts, colours, strict=True):
        axes.bar(
            months, heights, bottom=below, width=0.8, color=colour, ec="white", lw=0.5, label=name
        )
        below += heights
    most = max(company.bonuses, key=lambda name: company.bonuses[name].total)
    all_paid = sum(spread.total for spread in company.bonuses.values())
    part = percent(share(company.bonuses[most].total, all_paid))
    axes.set_title(
        gettext("“{bonus}” is {percent} of what is paid", bonus=_short(most), percent=part)
    )
    _months(axes, company)
    _shares(axes, _before_ceiling(plan))
    axes.set_ylim(0, max(0.01, 1.1 * below.max()))
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(
        handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1.0, 1.0),
        borderaxespad=0, title=gettext("bonus"), alignment="left",
    )  # fmt: skip


def _before_ceiling(plan: Plan) -> str:
    """What the payout of a bonus on its own is, where a ceiling may cut it."""
    if plan.settlement.ceiling >= 0:
        return gettext("payout in percent of revenue, before the ceiling")
    return gettext("payout in percent of revenue")


def _largest(names: list[str], paid: Array) -> list[tuple[str, Array]]:
    """As many bonuses as there are colours, the largest first; the small ones together."""
    turn = np.argsort(-paid.sum(1), kind="stable")
    parts = [(_short(names[k]), paid[k]) for k in turn]
    if len(parts) <= len(COLOURS):
        return parts
    return [*parts[: len(COLOURS)], (str(OTHERS), paid[turn[len(COLOURS) :]].sum(0))]


def _draw_classes(axes: Axes, simulation: Simulation) -> None:
    """How many members earn nothing, a little, more and much, in steps of ten times."""
    company = simulation.company
    labels, edges = _classes(company.everybody.most, simulation.plan.decimals)
    groups = (
        (gettext("all members"), company.earned, BLUE, -0.2),
        (gettext("active at any time"), company.earned[company.was_active], ORANGE, 0.2),
    )
    for label, earned, colour, shift in groups:
        counts = np.bincount(np.searchsorted(edges, earned), minlength=len(labels))
        parts = counts / max(1, len(earned))
        bars = axes.barh(np.arange(len(labels)) + shift, parts, 0.38, color=colour, label=label)
        axes.bar_label(bars, [_small(part) for part in parts], padding=3, fontsize=9)
    nothing = percent(share(company.whole.nothing, company.whole.members))
    axes.set_title(gettext("{percent} of all members earn nothing", percent=nothing))
    axes.set_yticks(np.arange(len(labels)), labels)
    axes.invert_yaxis()
    axes.set_ylabel(gettext("earnings over all months, in the plan's currency"))
    axes.set_xlabel(gettext("percent of members"))
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    axes.grid(axis="x")
    axes.margins(x=0.12)
    _legend_below(axes, columns=2)


def _classes(most: int, decimals: int) -> tuple[list[str], Array]:
    """Names of the classes of earnings, and the most that each but the last one holds."""
    unit, largest = 10**decimals, 10
    while largest * unit < most:
        largest *= 10
    tops = [10**k for k in range(1, len(str(largest)))]
    upto = (gettext("up to {amount}", amount=whole(top)) for top in tops)
    labels = [gettext("nothing"), *upto]
    return labels, np.array([0, *(top * unit for top in tops[:-1])], np.int64)


def _small(part: float) -> str:
    """A share, so that few are told from nobody."""
    if part == 0:
        return gettext("nobody")
    if part >= _LEAST_PART:
        return percent(part)
    return gettext("under {percent}", percent=percent(_LEAST_PART))


def _draw_curve(axes: Axes, company: CompanyFigures) -> None:
    """What share of all earnings the lowest-paid members receive together (Lorenz curve)."""
    low_first = np.sort(company.earned).astype(np.float64)
    sums = np.concatenate(([0.0], np.cumsum(low_first)))
    points = np.unique(np.linspace(0, len(low_first), 1001).astype(np.int64))
    people, received = points / len(low_first), sums[points] / max(1.0, sums[-1])
    axes.plot([0, 1], [0, 1], color=GREY, lw=1, ls="--")
    axes.plot(people, received, color=BLUE, lw=2)
    axes.fill_between(people, received, color=BLUE, alpha=0.15, lw=0)
    axes.text(0.48, 0.52, gettext("if all earned the same"), color=GREY, rotation=45,
              rotation_mode="anchor", transform_rotates_text=True, ha="center")  # fmt: skip
    paid = percent(company.everybody.top)
    axes.set_title(
        gettext("The best-paid {top} receive {percent} of all payout", top="1 %", percent=paid)
    )
    axes.set_xlabel(gettext("members from the lowest to the highest earnings"))
    axes.set_ylabel(gettext("what they receive together, of all payout"))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.grid()


def _legend_below(axes: Axes, *, columns: int) -> None:
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=columns)


def _months(axes: Axes, company: CompanyFigures) -> None:
    names = [month.name for month in company.months]
    axes.set_xlim(-0.6, len(names) - 0.4)
    step = -(-len(names) // MOST_LABELS)
    axes.set_xticks(range(0, len(names), step), names[::step])
    axes.set_xlabel(gettext("month"))


def _shares(axes: Axes, label: str) -> None:
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    axes.set_ylabel(label)
    axes.grid(axis="y")


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
