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
from upline.plans.kernels.sums import add_up
from upline.plans.line_numbers import LineNumber
from upline.plans.past import Past
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
            name: self.names[name] for name in ("of_run_id", "of_number", "amount", "order_id")
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
    return _claimed(clawback, past, inputs) if clawback.claims else None


def _put_back(clawback: Claims, carry: Carry, position_ids: Ints) -> None:
    """What pairs had taken beside what was refunded waits again."""
    for name, undone in clawback.undone.items():
        leg = carry.legs.get(name)
        if leg is not None:
            indexes, _ = indexes_among(undone.positions, position_ids)
            leg.left[indexes], leg.right[indexes] = undone.waits


def _claimed(clawback: Claims, past: list[Past], inputs: Inputs) -> Claimed:
    capped, net = np.zeros((2, len(inputs.ids)), np.int64)
    lines: list[Table] = []
    names: list[tuple[int, ...]] = []
    for k, claim in clawback.claims.items():
        start, run = sum(len(some["member"]) for some in lines), past[k].number
        named = zip(claim.orders, claim.number.tolist(), claim.amount.tolist(), strict=True)
        for index, (orders, number, amount) in enumerate(named, start):
            names += [(index, run, number, amount, order) for order in sorted(orders)]
        taken = _of_today(_taken(claim), past[k], inputs)
        ceiling, charge = (_of_today(each, past[k], inputs) for each in _given_back(claim, run))
        lines += [taken, ceiling, charge]
        for some, sums in ((taken, (capped, net)), (ceiling, (capped, net)), (charge, (net,))):
            indexes, _ = indexes_among(some["member"], inputs.ids)
            for each in sums:
                add_up(indexes, some["amount"], each)
    kinds = (
        ("index", "i8"), ("of_run_id", "i8"), ("of_number", "i4"), ("amount", "i8"),
        ("order_id", "i8"),
    )  # fmt: skip
    return Claimed(
        TakenBack(capped, net),
        {name: np.concatenate([some[name] for some in lines]) for name in _COLUMNS},
        {name: np.array([each[k] for each in names], kind) for k, (name, kind) in enumerate(kinds)},
    )


def _of_today(lines: Table, past: Past, inputs: Inputs) -> Table:
    """Lines with amounts in the currency that their members are paid in now. The base of what is
    taken back stays: it counts for the line that is reduced."""
    exchange, member = inputs.exchange, lines["member"]
    if exchange is None or inputs.members.market is None:
        return lines
    after = inputs.members.market[indexes_among(member, inputs.ids)[0]]
    # The home market has the lowest id, and is in plan currency.
    before = np.zeros(len(member), np.int8)
    if past.exchange is not None and past.members.market is not None:
        index = past.members.market[indexes_among(member, past.ids)[0]]
        ids = np.array([rate.market for rate in past.exchange.rates], np.int64)
        before = exchange.indexes(ids[index])
    found = dict(lines)
    names = ["amount"] if LineNumber.TAKEN_BACK in lines["bonus"] else ["amount", "base"]
    for name in names:
        found[name] = exchange.converted(lines[name], before, after)
    return found


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
            rate=claim.charge_rate[charge], base=claim.remaining[charge],
            amount=claim.charge[charge],
        ),
    ]  # fmt: skip


def _table(bonus: int, member: Ints, **columns: Array | int) -> Table:
    """Lines of one kind; a single number stands for all of them, nothing for 0."""
    given = {"member": member, "bonus": bonus, **columns}
    return {
        name: np.broadcast_to(np.asarray(given.get(name, 0), kind), len(member))
        for name, kind in _COLUMNS.items()
    }
