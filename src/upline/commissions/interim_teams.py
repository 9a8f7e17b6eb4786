"""What an interim run shows of each member's team: points, who is active, who is near a rank."""

from __future__ import annotations

import numpy as np

from upline.commissions.computing.inputs import Inputs
from upline.commissions.storing.copy_format import Table
from upline.plans import trees, volumes
from upline.plans.arrays import Indexes
from upline.plans.bonus import TreeKind
from upline.plans.company import Members
from upline.plans.counting import Basis, Volume
from upline.plans.kernels.sums import sum_groups
from upline.plans.nearness import Climbers, nearness
from upline.plans.plan import Plan
from upline.plans.result import Result


def table(plan: Plan, inputs: Inputs, result: Result) -> Table:
    """The columns of `InterimTeam`, by member; only members of whom there is something to show."""
    members, orders, period = inputs.members, inputs.orders, result.period
    present = members.joined <= period.last_day
    parent = _parents(plan, members, present)
    in_period = orders.between(period.first_day, period.last_day)
    own = volumes.own(members, orders, in_period, Volume(Basis.POINTS))
    team, figures = own.copy(), result.figures.ranks
    sum_groups(parent, np.zeros(len(members), np.bool_), team)
    near = np.zeros(len(members), np.int8)
    if figures is not None:
        facts = Climbers(parent, members.sponsor, present, result.active, result.rank, figures)
        near = nearness(plan, facts)
    some = np.flatnonzero((own != 0) | (team != 0) | result.active | (near != 0))
    some = some[np.argsort(inputs.ids[some], kind="stable")]
    return {
        "member_id": inputs.ids[some],
        "own_points": own[some],
        "team_points": team[some],
        "is_active": result.active[some],
        "nearness": near[some].astype(np.int16),
    }


def _parents(plan: Plan, members: Members, present: np.ndarray) -> Indexes:
    """Who stands above whom in the tree that the plan counts team points in."""
    tree = plan.ranks.tree
    if tree.kind is TreeKind.SPONSOR:
        return members.sponsor
    if tree.kind is TreeKind.PLACEMENT:
        return members.placement
    return trees.derived(tree, members.sponsor, present)
