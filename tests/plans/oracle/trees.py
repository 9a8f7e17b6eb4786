"""The trees that bonuses walk: the kept ones, and those that follow from who joined when."""

from __future__ import annotations

from itertools import pairwise

from plans.oracle.standing import Running, children_of, parents_of
from upline.plans.bonus import Tree, TreeKind


def tree_of(run: Running, tree: Tree) -> list[int]:
    """Each member's parent, -1 for none."""
    if tree.kind in (TreeKind.SPONSOR, TreeKind.PLACEMENT):
        return parents_of(run, tree.kind)
    in_turn = run.everybody()
    parent = [-1] * len(run.company.members)
    if tree.kind is TreeKind.MONOLINE:
        for before, member in pairwise(in_turn):
            parent[member] = before
    elif tree.kind is TreeKind.X_UP:
        pass_up(run, in_turn, parent, tree.number)
    else:
        fill_matrix(run, in_turn, parent, tree.number)
    return parent


def present_sponsor(run: Running, member: int) -> int:
    """The nearest one above by sponsor who is there, -1 for none."""
    above = run.company.members[member].sponsor
    while above >= 0 and not run.present[above]:
        above = run.company.members[above].sponsor
    return above


def pass_up(run: Running, in_turn: list[int], parent: list[int], number: int) -> None:
    recruits: dict[int, int] = {}
    for member in in_turn:
        sponsor = present_sponsor(run, member)
        if sponsor < 0:
            continue
        recruits[sponsor] = recruits.get(sponsor, 0) + 1
        goes_up = recruits[sponsor] <= number and parent[sponsor] >= 0
        parent[member] = parent[sponsor] if goes_up else sponsor
        run.reached["passed up"] += goes_up


def fill_matrix(run: Running, in_turn: list[int], parent: list[int], width: int) -> None:
    """Level by level, left to right, the first member below the sponsor who has a place."""
    below: dict[int, list[int]] = {}
    for member in in_turn:
        below[member] = []
        sponsor = present_sponsor(run, member)
        if sponsor < 0:
            continue
        level = [sponsor]
        while all(len(below[i]) >= width for i in level):
            level = [child for i in level for child in below[i]]
        parent[member] = next(i for i in level if len(below[i]) < width)
        below[parent[member]].append(member)
        run.reached["spilled over in a matrix"] += parent[member] != sponsor


def levels_below(parent: list[int], member: int) -> list[list[int]]:
    """Who stands one level below, two levels below, …"""
    levels, level = [], children_of(parent, member)
    while level:
        levels.append(level)
        level = [child for i in level for child in children_of(parent, i)]
    return levels
