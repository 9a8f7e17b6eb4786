"""Trees that a plan derives from the sponsor tree."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Indexes
from upline.plans.kernels.trees import matrix_tree, x_up_tree
from upline.plans.plan import Tree, TreeKind


def derived(tree: Tree, sponsor: Indexes) -> Indexes:
    """The parents of a derived tree.

    x-up: the first recruits of a member go to whom the member went to (field facts, rule 31).
    matrix: each takes the first open place below the sponsor, level by level (rule 29).
    monoline: each stands below who joined just before.
    """
    if tree.kind is TreeKind.X_UP:
        return x_up_tree(sponsor, tree.number)
    if tree.kind is TreeKind.MATRIX:
        return matrix_tree(sponsor, tree.number)
    return np.arange(-1, len(sponsor) - 1, dtype=np.int32)
