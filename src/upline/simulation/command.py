"""`./upline plan simulate`."""

from __future__ import annotations

import argparse
import resource
import sys
from dataclasses import replace
from typing import Any

from upline.base.amounts import grouped
from upline.language import gettext
from upline.language.writing import whole
from upline.plan_documents import PlanErrors, find, read
from upline.plans.arrays import TooLarge
from upline.plans.plan import Plan
from upline.simulation.arguments import (
    BadArgument,
    add_arguments,
    folder_of,
    read_flags,
    shape_of,
)
from upline.simulation.as_json import as_json
from upline.simulation.figures import CompanyFigures, SeedOutcome, outcome_of
from upline.simulation.output import CannotWrite, must_be_writable, write_all
from upline.simulation.plots import draw
from upline.simulation.progress import Progress
from upline.simulation.report import Simulation, as_table
from upline.simulation.shape import CompanyShape
from upline.simulation.trial import simulate

__all__ = ["add_arguments", "run"]


def run(arguments: argparse.Namespace) -> int:
    """Simulate, write the plots, print the figures; gives the exit code."""
    progress = Progress(sys.stderr)
    try:
        text = _simulated(arguments, progress)
    except (BadArgument, CannotWrite, PlanErrors, TooLarge) as error:
        progress.say(str(error))
        return 1
    except MemoryError:
        progress.say(gettext("This machine has too little memory for so many members."))
        return 1
    sys.stdout.write(text)
    return 0


def _simulated(arguments: argparse.Namespace, progress: Progress) -> str:
    said = read_flags(arguments)
    plan = read(find(arguments.plan))
    shape, folder = shape_of(said, plan), folder_of(arguments, plan)
    must_be_writable(folder)
    company, outcomes = _all_seeds(plan, shape, said, progress)
    simulation = Simulation(plan, shape, company, outcomes, [])
    pictures = draw(simulation)
    simulation = replace(simulation, plots=[folder / name for name in pictures])
    table = said["format"] == "table"
    text = as_table(simulation) if table else as_json(simulation, _as_said(arguments, said))
    write_all(folder, pictures)
    sentence = gettext(
        "Simulated in {seconds} s, with at most {memory} MB of memory.",
        seconds=grouped(round(progress.seconds() * 10), 1),
        memory=whole(_most_memory()),
    )
    progress.say(sentence)
    return text


def _all_seeds(
    plan: Plan, shape: CompanyShape, said: dict[str, Any], progress: Progress
) -> tuple[CompanyFigures, list[SeedOutcome]]:
    """The company of the seed that was asked for, and what came of each seed.

    The companies of the other seeds are smaller, so that all ends in reasonable time.
    """
    seed, seeds = said["seed"], said["seeds"]
    company = simulate(plan, shape, seed, progress.note)
    outcomes = [outcome_of(company)]
    small = replace(shape, members=min(shape.members, said["seed-members"]))
    for number in range(1, seeds):
        progress.note(gettext("seed {number} of {count}", number=number + 1, count=seeds))
        figures = simulate(plan, small, seed + number, lambda _: None)
        outcomes.append(outcome_of(figures))
    return company, outcomes


def _as_said(arguments: argparse.Namespace, said: dict[str, Any]) -> dict[str, Any]:
    """The flags as they were given, None where the plan decided."""
    return {name: getattr(arguments, name.replace("-", "_")) for name in said}


def _most_memory() -> int:
    """The most megabytes that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
