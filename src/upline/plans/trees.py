"""Trees that a plan derives from the sponsor tree."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Flags, Indexes
from upline.plans.bonus import Tree, TreeKind
from upline.plans.company import NOBODY
from upline.plans.kernels.trees import matrix_tree, nearest_above, x_up_tree


def derived(tree: Tree, sponsor: Indexes, present: Flags) -> Indexes:
    """The parents of a derived tree, in which only those present stand.

    x-up: the first recruits of a member go to whom the member went to (docs/plans/x-up.md).
    matrix: each takes the first open place below the sponsor, level by level
            (docs/plans/matrix.md).
    monoline: each stands below the one before by seniority.
    """
    if not present.all():
        sponsor = np.where(present, nearest_above(sponsor, present), np.int32(NOBODY))
    if tree.kind is TreeKind.X_UP:
        return x_up_tree(sponsor, tree.number)
    if tree.kind is TreeKind.MATRIX:
        return matrix_tree(sponsor, tree.number)
    line, parent = np.flatnonzero(present), np.full(len(sponsor), NOBODY, np.int32)
    parent[line[1:]] = line[:-1]
    return parent
