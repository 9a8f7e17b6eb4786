"""What a run takes back of earlier ones, since orders were refunded: its lines, what it changes of
the totals, and what waits in the legs again. The rules: plans/clawback.py."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upline.commissions.computing import past_runs
from upline.commissions.computing.inputs import Inputs
from upline.commissions.errors import CannotCompute
from upline.commissions.models import Run
from upline.commissions.storing.copy_format import Table
from upline.plans.arrays import Array, Indexes, Ints, indexes_among
from upline.plans.carry import Carry
from upline.plans.clawback import Claim, Claims, take_back
from upline.plans.line_numbers import LineNumber
from upline.plans.settlement import TakenBack
from upline.plans.unpairing import RunsDisagree

_COLUMNS = {
    "member": np.int64, "position": np.int64, "bonus": np.int16, "source": np.int64,
    "level": np.int16, "rate": np.int32, "base": np.int64, "amount": np.int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claimed:
    """`lines`: those of the run that take back, or give back of what an earlier run deducted.
    `names`: for some of these, by index, the line that each lessens and an order."""

    taken: TakenBack
    lines: Table
    names: Table

    def named(self, numbers: Indexes) -> Table:
        """The rows that name lines, once these have numbers."""
        return {"number": numbers[self.names["index"]]} | {
            name: self.names[name] for name in ("of_run_id", "of_number", "order_id")
        }


def claimed(run: Run, inputs: Inputs, carry: Carry, refunded: Table) -> Claimed | None:
    """What a run takes back; the carry's legs become what waits in them then. None for nothing.
    Raises CannotCompute."""
    if not len(refunded["order"]):
        return None
    past = past_runs.runs_before(run)
    try:
        clawback = take_back(past, past_runs.as_refunded(refunded))
    except RunsDisagree as error:
        raise CannotCompute(f"{error}.") from error
    _put_back(clawback, carry, inputs.position_ids)
    numbers = [each.number for each in past]
    return _claimed(clawback, numbers, inputs.ids) if clawback.claims else None


def _put_back(clawback: Claims, carry: Carry, position_ids: Ints) -> None:
    """What pairs had taken beside what was refunded waits again."""
    for name, undone in clawback.undone.items():
        leg = carry.legs.get(name)
        if leg is not None:
            indexes, _ = indexes_among(undone.positions, position_ids)
            leg.left[indexes], leg.right[indexes] = undone.waits


def _claimed(clawback: Claims, runs: list[int], ids: Ints) -> Claimed:
    capped, net = np.zeros((2, len(ids)), np.int64)
    lines: list[Table] = []
    names: list[tuple[int, int, int, int]] = []
    for k, claim in clawback.claims.items():
        start = sum(len(some["member"]) for some in lines)
        for index, orders in enumerate(claim.orders, start):
            number = int(claim.number[index - start])
            names += [(index, runs[k], number, order) for order in sorted(orders)]
        lines += [_taken(claim), *_given_back(claim, runs[k])]
        indexes, _ = indexes_among(claim.members, ids)
        capped[indexes] += claim.capped
        net[indexes] += claim.capped + claim.charge
    kinds = (("index", "i8"), ("of_run_id", "i8"), ("of_number", "i4"), ("order_id", "i8"))
    return Claimed(
        TakenBack(capped, net),
        {name: np.concatenate([some[name] for some in lines]) for name in _COLUMNS},
        {name: np.array([each[k] for each in names], kind) for k, (name, kind) in enumerate(kinds)},
    )


def _taken(claim: Claim) -> Table:
    """The lines that take back; each names its order, where it is a single one."""
    only = [min(orders) if len(orders) == 1 else 0 for orders in claim.orders]
    return _table(
        LineNumber.TAKEN_BACK, claim.member, position=claim.position, source=np.array(only),
        level=claim.level, rate=claim.rate, base=claim.base, amount=claim.amount,
    )  # fmt: skip


def _given_back(claim: Claim, run: int) -> list[Table]:
    """The lines that give back what the run had deducted; their source is that run."""
    ceiling, charge = np.flatnonzero(claim.ceiling), np.flatnonzero(claim.charge)
    return [
        _table(
            LineNumber.CEILING, claim.members[ceiling], source=run,
            base=claim.taken[ceiling], amount=claim.ceiling[ceiling],
        ),
        _table(
            LineNumber.CHARGE, claim.members[charge], source=run,
            rate=claim.charge_rate, base=claim.remaining[charge], amount=claim.charge[charge],
        ),
    ]  # fmt: skip


def _table(bonus: int, member: Ints, **columns: Array | int) -> Table:
    """Lines of one kind; a single number stands for all of them, nothing for 0."""
    given = {"member": member, "bonus": bonus, **columns}
    return {
        name: np.broadcast_to(np.asarray(given.get(name, 0), kind), len(member))
        for name, kind in _COLUMNS.items()
    }
