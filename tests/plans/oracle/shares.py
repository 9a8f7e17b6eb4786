"""Pools, and what is paid once for a title."""

from __future__ import annotations

from plans.oracle.money import stated, worth_of
from plans.oracle.standing import Running, group_points, meets, volume_of
from upline.plans.bonus import Pool, RankAdvancement, Share
from upline.plans.terms import Spot, Stated


def pool(run: Running, bonus: Pool) -> None:
    turnover = sum(volume_of(run, bonus.volume, order) or 0 for _, order in run.orders())
    basis = bonus.volume.basis
    fund = worth_of(run.plan, run.company, basis, turnover, bonus.rate, None, None)
    weights = {i: weight_of(run, bonus, i) for i in run.everybody() if meets(run, bonus, i)}
    weights = {i: weight for i, weight in weights.items() if weight > 0}
    for member, amount in largest_remainder(run, fund, weights).items():
        amount = stated(run.plan, run.company, amount, member)
        cap = stated(run.plan, run.company, bonus.cap, member, Spot(bonus.name, Stated.CAP))
        if 0 <= cap < amount:
            run.reached["a pool's cap cuts"] += 1
            amount = cap
        if amount > 0:
            run.lines.append((bonus.name, member, -1, 0, 0, weights[member], amount))


def weight_of(run: Running, bonus: Pool, member: int) -> int:
    if bonus.share is Share.EQUAL:
        return 1
    if bonus.share is Share.PERSONAL_POINTS:
        return run.own_points(bonus.measured_in)[member]
    if bonus.share is Share.RANK:
        return bonus.shares[run.rank[member]]
    tree = run.plan.ranks.tree.kind
    return group_points(run, tree, bonus.measured_in, with_broken_away=False)[member]


def largest_remainder(run: Running, fund: int, weights: dict[int, int]) -> dict[int, int]:
    """Each has the whole part; what is left goes out one by one, the largest remainder first."""
    whole = sum(weights.values())
    amounts = {member: fund * weight // whole for member, weight in weights.items()}
    in_turn = sorted(weights, key=lambda i: (-(fund * weights[i] % whole), i))
    for member in in_turn[: fund - sum(amounts.values())]:
        amounts[member] += 1
        run.reached["a remainder is given out"] += 1
    return amounts


def rank_advancement(run: Running, bonus: RankAdvancement) -> None:
    for member in run.everybody():
        before, now = run.before.title[member], run.title[member]
        if now <= before or not meets(run, bonus, member):
            run.reached["a title without the needs"] += now > before
            continue
        run.reached["several titles at once"] += now > before + 1
        for rank in range(before + 1, now + 1) if bonus.all_passed else [now]:
            spot = Spot(bonus.name, Stated.AMOUNT, rank)
            amount = stated(run.plan, run.company, bonus.amounts[rank], member, spot)
            if amount > 0:
                run.lines.append((bonus.name, member, -1, rank, 0, 0, amount))
