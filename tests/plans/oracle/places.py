"""Bonuses for places that are taken: full levels of a matrix, and boards."""

from __future__ import annotations

from plans.oracle.money import stated, value_in_plan
from plans.oracle.standing import Running, meets
from plans.oracle.trees import levels_below, tree_of
from upline.plans.bonus import Board, FullLevels, Items
from upline.plans.terms import Spot, Stated


def full_levels(run: Running, bonus: FullLevels) -> None:
    parent = tree_of(run, bonus.tree)
    absent = [i for i, is_there in enumerate(run.present) if not is_there]
    paid = [set(done) for done in run.before.full_levels.get(bonus.name, [set()] * len(parent))]
    run.kept.full_levels[bonus.name] = paid
    for member in run.everybody():
        for level, below in enumerate(levels_below(parent, member), start=1):
            if level > len(bonus.amounts) or level in paid[member]:
                continue
            if len([i for i in below if i not in absent]) < bonus.tree.number**level:
                continue
            if not meets(run, bonus, member):
                run.reached["a full level waits for the needs"] += 1
                continue
            paid[member].add(level)
            spot = Spot(bonus.name, Stated.AMOUNT, level - 1)
            amount = stated(run.plan, run.company, bonus.amounts[level - 1], member, spot)
            if amount > 0:
                run.lines.append((bonus.name, member, -1, level, 0, 0, amount))
                run.reached[f"level {level} is full"] += 1


def board(run: Running, bonus: Board) -> None:
    boards = [list(places) for places in run.before.boards.get(bonus.name, [])]
    run.kept.boards[bonus.name] = boards
    for member in entries(run, bonus):
        while member >= 0:
            member = enter(run, bonus, boards, member)


def entries(run: Running, bonus: Board) -> list[int]:
    first, last = run.period.first_day, run.period.last_day
    if bonus.items is Items.JOININGS:
        return [i for i in run.everybody() if first <= run.company.members[i].joined <= last]
    return [
        order.member
        for _, order in run.orders()
        if order.first and value_in_plan(run.plan, run.company, order) >= bonus.price
    ]


def enter(run: Running, bonus: Board, boards: list[list[int]], member: int) -> int:
    """Take a place. Who enters again because of it is given back, -1 for nobody."""
    size = sum(bonus.width**level for level in range(bonus.depth + 1))
    if not boards:
        boards.append([member] + [-1] * (size - 1))
        return -1
    chosen = choose(run, bonus, boards, member)
    chosen[chosen.index(-1)] = member
    if -1 in chosen:
        return -1
    top = chosen[0]
    run.reached["a board cycles"] += 1
    pays = stated(run.plan, run.company, bonus.pays, top, Spot(bonus.name, Stated.AMOUNT))
    if meets(run, bonus, top) and pays > 0:
        run.lines.append((bonus.name, top, member, 0, 0, 0, pays))
    elif bonus.pays > 0:
        run.reached["a board cycles unpaid"] += 1
    place = next(i for i, other in enumerate(boards) if other is chosen)
    del boards[place]
    boards.extend(split(chosen, bonus.width, size))
    return top if bonus.re_entry else -1


def choose(run: Running, bonus: Board, boards: list[list[int]], member: int) -> list[int]:
    sponsor = run.company.members[member].sponsor
    if bonus.follow_sponsor and sponsor >= 0:
        for places in reversed(boards):
            if sponsor in places:
                run.reached["an entry follows the sponsor past the oldest board"] += (
                    places is not boards[0]
                )
                return places
    return boards[0]


def split(places: list[int], width: int, size: int) -> list[list[int]]:
    """One board for each of the second level, with who stands below."""
    boards = []
    for head in range(1, width + 1):
        level, taken = [head], []
        while level[0] < size:
            taken += [places[i] for i in level]
            level = [i * width + k for i in level for k in range(1, width + 1)]
        boards.append(taken + [-1] * (size - len(taken)))
    return boards
