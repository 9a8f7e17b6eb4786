"""Growing one company and running all its periods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from upline.language import gettext
from upline.language.writing import whole
from upline.plans.carry import nothing_carried
from upline.plans.plan import Plan
from upline.plans.run import run, runs
from upline.simulation.buying import buy
from upline.simulation.figures import CompanyFigures
from upline.simulation.growth import grow
from upline.simulation.newcomers import so_far, with_newcomers
from upline.simulation.shape import CompanyShape
from upline.simulation.tally import Tally

Note = Callable[[str], None]
"""Is told what is being done, again and again."""


def simulate(plan: Plan, shape: CompanyShape, seed: int, note: Note) -> CompanyFigures:
    """Grow a company and run its periods in turn; the same seed gives the same figures.

    A week that begins or ends outside of the months is in no run, or in the one it ends in.
    """
    note(gettext("growing {members} members", members=whole(shape.members)))
    random = np.random.default_rng(seed)
    grown = grow(shape, random)
    note(gettext("ordering"))
    orders = buy(grown, shape, random)
    # Nothing is known of further figures, so each is what the points are; and each order of a
    # customer is another customer's.
    orders = replace(
        orders,
        figures=dict.fromkeys(plan.figures, orders.points),
        customer_id=np.arange(1, len(orders) + 1),
    )
    tally = Tally(plan, grown.members, orders)
    carry = nothing_carried(0)
    for number, month in enumerate(grown.months, 1):
        note(gettext("month {number} of {count}", number=number, count=shape.months))
        members, ordered = so_far(grown.members, orders, month.last_day)
        carry = with_newcomers(carry, len(members), len(members.in_positions()))
        for period in runs(plan, month.first_day, month.last_day):
            result = run(plan, members, ordered, period, carry)
            carry = result.carry
            tally.add(result)
        tally.close(month)
    return tally.figures(seed)
