"""The runs of a plan in turn, each handing on to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from upline.explanations.facts import RunFacts
from upline.explanations.names import Names
from upline.language import gettext, ngettext
from upline.language.writing import whole
from upline.plans.carry import Carry, nothing_carried
from upline.plans.periods import Period, name_of
from upline.plans.plan import Plan
from upline.plans.run import run
from upline.trials.files.members_file import NamedMembers
from upline.trials.files.orders_file import NamedOrders
from upline.trials.output.outcome import TrialOutcome, nothing_yet

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TrialCompany:
    """What was read: the plan, the members, the orders."""

    plan: Plan
    members: NamedMembers
    orders: NamedOrders


class Writer(Protocol):
    """Takes the lines of run after run, then what they come to."""

    names: Names

    def lines(self, facts: RunFacts) -> None:
        """The lines of a run."""

    def end(self, outcome: TrialOutcome) -> None:
        """What all runs come to."""


def try_plan(
    company: TrialCompany, periods: list[Period], carry: Carry | None, writer: Writer, say: Say
) -> TrialOutcome:
    """Run the periods in turn and write their lines. Raises TooLarge, see upline.plans.arrays.

    One run's lines are in memory at a time.
    """
    plan, members, orders = company.plan, company.members.members, company.orders.orders
    outcome = nothing_yet(plan, carry or nothing_carried(len(members)))
    for number, period in enumerate(periods, 1):
        name = name_of(period)
        say(
            gettext(
                "{period}: calculating ({number} of {count}) …",
                period=name,
                number=number,
                count=len(periods),
            )
        )
        result = run(plan, members, orders, period, outcome.carry)
        count = result.number_of_lines()
        say(
            ngettext(
                "{period}: writing {number} line …",
                "{period}: writing {number} lines …",
                count,
                period=name,
                number=whole(count),
            )
        )
        writer.lines(RunFacts(plan, members, orders, result, writer.names, company.members.numbers))
        outcome.add(result)
    writer.end(outcome)
    return outcome
