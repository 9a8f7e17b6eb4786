"""What a run takes back, since orders were refunded that earlier runs paid for.

An order's own lines, the pairs that it fed, and what was matched on these: each stored line is
calculated again without what was refunded, under the plan, the ranks and the rates of its run, and
the difference is taken back. Nothing else changes: pools, boards, ranks and titles stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from upline.plans.arrays import Array, Flags, Indexes, Ints, Small, indexes_among
from upline.plans.bonus import Items, Levels, Pairs, Stairstep
from upline.plans.bonuses.currencies import basis_of
from upline.plans.counting import Volume
from upline.plans.in_force import charge_rates
from upline.plans.line_numbers import LineNumber
from upline.plans.past import Past, Refunded, keys_of
from upline.plans.plan import HUNDRED_PERCENT
from upline.plans.rounding import divided, scale_of
from upline.plans.sources import comes_from_orders
from upline.plans.unpairing import Undone, undo
from upline.plans.volumes import amounts, anything, counting, indexes_of


@dataclass(frozen=True, slots=True)
class Claim:
    """What is taken back of one run. `number`: of each line, whose it is, at which position, its
    level and rate, what its base and its amount change by, and by which orders. `taken`: what that
    is for each of `members`; `ceiling`, `charge`: what of the run's deductions is given back with
    it. `remaining`: their earnings after the ceiling that remain, of which the charge is
    `charge_rate`, each member's."""

    number: Indexes
    member: Ints
    position: Ints
    level: Array
    rate: Indexes
    base: Ints
    amount: Ints
    orders: list[set[int]]
    members: Ints
    taken: Ints
    ceiling: Ints
    charge: Ints
    remaining: Ints
    charge_rate: Ints

    @property
    def capped(self) -> Ints:
        """What each member's earnings after the ceiling change by, none above zero."""
        return self.taken + self.ceiling


@dataclass(frozen=True, slots=True)
class Claims:
    """By the index of each earlier run what is taken back of it, and by binary bonus what waits in
    both legs from now on."""

    claims: dict[int, Claim]
    undone: dict[str, Undone]


def take_back(past: Sequence[Past], refunded: Refunded) -> Claims:
    """What a run takes back for these refunds; `past`: all runs before it, in turn.
    Raises unpairing.RunsDisagree."""
    names = dict.fromkeys(
        bonus.name for run in past for bonus in run.plan.bonuses if isinstance(bonus, Pairs)
    )
    undone = {name: undo(name, past, refunded) for name in names} if len(refunded.order) else {}
    claims = {}
    for k, run in enumerate(past):
        paired = any(change[1] == k for pairs in undone.values() for change in pairs.changes)
        if not paired and not _counted(run, refunded):
            continue
        work = _Recalculation(run)
        work.take_direct(refunded)
        for name, pairs in undone.items():
            work.take_pairs(name, k, pairs)
        work.match()
        if len(work.changed()):
            claims[k] = work.claim()
    return Claims(claims, {name: pairs for name, pairs in undone.items() if len(pairs.positions)})


def _counted(run: Past, refunded: Refunded) -> bool:
    """Whether a refunded order is of the run's period."""
    which = run.orders.between(run.period.first_day, run.period.last_day)
    return bool(np.isin(run.order_ids[which], refunded.order).any())


class _Recalculation:
    """The lines of one run: `now` is what each comes to without what was refunded, `bases` what
    its rate is taken of then."""

    def __init__(self, run: Past) -> None:
        self.run, self.lines = run, run.lines()
        self.before = self.lines.amount + self.lines.back
        self.now = self.before.copy()
        self.bases = self.lines.base + self.lines.base_back
        self.orders: dict[int, set[int]] = {}

    def changed(self) -> Array:
        """Which lines, by their indexes."""
        return np.flatnonzero(self.now != self.before)

    def take_direct(self, refunded: Refunded) -> None:
        """The lines that orders paid themselves."""
        for bonus in self.run.plan.bonuses:
            if not isinstance(bonus, Levels | Stairstep) or not self.run.works_out(bonus):
                continue
            if comes_from_orders(bonus):
                self._take(bonus, *self._remaining(bonus.volume, refunded))

    def _remaining(self, volume: Volume, refunded: Refunded) -> tuple[Indexes, Ints, Ints, Flags]:
        """The refunded orders that counted in the run, apart for each class of buyers, by their
        indexes: what of them did, what is left of that, and of which anything is left at all."""
        run = self.run
        which = run.orders.between(run.period.first_day, run.period.last_day)
        chosen = indexes_of(counting(run.members, run.orders, which, volume))
        chosen = chosen[np.isin(run.order_ids[chosen], refunded.order)]
        ids = run.order_ids[chosen]
        counted = amounts(run.orders, volume.basis)[chosen]
        at, known = indexes_among(keys_of(ids, run.orders.customer[chosen]), refunded.keys())
        remaining = np.minimum(counted, np.append(refunded.remaining(volume.basis), 0)[at] * known)
        stays = np.append(refunded.stays(), False)[at] & known
        # A part that never was worth anything stays as long as its order does.
        worthless = ~anything(run.orders)[chosen]
        stays |= worthless & np.isin(ids, refunded.order[refunded.stays()])
        return chosen, counted, remaining, stays

    def _take(
        self, bonus: Levels | Stairstep, chosen: Indexes, counted: Ints, remaining: Ints,
        stays: Flags,
    ) -> None:  # fmt: skip
        number, orders = self.run.number_of(bonus), self.run.order_ids[chosen]
        lines = np.flatnonzero((self.lines.bonus == number) & np.isin(self.lines.source, orders))
        at = self._parts_of(lines, orders, counted)
        fewer = (remaining[at] < counted[at]) | ~stays[at]
        lines, at = lines[fewer], at[fewer]
        sold = self.run.orders.market
        sold = sold if sold is None else sold[chosen[at]]
        self._becomes(bonus, lines, remaining[at], sold, flat_stays=stays[at])
        for line, order in zip(lines.tolist(), orders[at].tolist(), strict=True):
            self.orders.setdefault(line, set()).add(order)

    def _parts_of(self, lines: Array, orders: Ints, counted: Ints) -> Indexes:
        """Which class of an order's buyers each line is of: by its base, of equal ones in turn."""
        parts: dict[tuple[int, int], list[int]] = {}
        for part, key in enumerate(zip(orders.tolist(), counted.tolist(), strict=True)):
            parts.setdefault(key, []).append(part)
        columns = (self.lines.source, self.lines.base, self.lines.member, self.lines.level)
        found, met = np.zeros(len(lines), np.int32), Counter[tuple[int, ...]]()
        for index, row in enumerate(zip(*(each[lines].tolist() for each in columns), strict=True)):
            found[index] = parts[row[:2]][met[row]]
            met[row] += 1
        return found

    def _becomes(
        self, bonus: Levels | Stairstep, lines: Array, base: Ints, sold: Small | None, *,
        flat_stays: Flags,
    ) -> None:  # fmt: skip
        """Lines with another base, whose markets are `sold`; it never pays more than it did."""
        if isinstance(bonus, Levels) and bonus.rates.flat:
            paid = np.where(flat_stays, self.lines.amount[lines], 0)
        elif self.run.exchange is None or sold is None:
            scale = scale_of(self.run.plan, basis_of(bonus))
            factor = self.lines.rate[lines] * np.int64(scale.multiplier)
            paid = divided(base, factor, scale.divisor, "what a line pays")
        else:
            rate, received = self.lines.rate[lines], self._market_of(self.lines.member[lines])
            basis = basis_of(bonus)
            paid = self.run.exchange.amounts(base, rate, basis, sold, received)
        self.bases[lines] = base
        self.now[lines] = np.minimum(self.before[lines], paid)

    def take_pairs(self, name: str, k: int, undone: Undone) -> None:
        """The lines of a binary bonus; `k`: the index of the run."""
        bonus = self.run.bonus(name)
        changes = [change for change in undone.changes if change[1] == k]
        if bonus is None or not changes:
            return
        mine = np.flatnonzero(self.lines.bonus == self.run.number_of(bonus))
        line_of = dict(zip(self.lines.position[mine].tolist(), mine.tolist(), strict=True))
        for position, _, base, amount in changes:
            self.now[line_of[position]] += amount
            self.bases[line_of[position]] = base
        for position, run, order in undone.lost:
            if run == k and position in line_of:
                self.orders.setdefault(line_of[position], set()).add(order)

    def match(self) -> None:
        """What was matched on earnings that shrank, level by level: a bonus that matches another
        one comes after it in the plan."""
        for bonus in self.run.plan.bonuses:
            if not isinstance(bonus, Levels) or bonus.items is not Items.EARNINGS:
                continue
            of = [
                index for index, each in enumerate(self.run.plan.bonuses) if each.name in bonus.of
            ]
            shrank = np.flatnonzero((self.now != self.lines.amount) & np.isin(self.lines.bonus, of))
            number = self.run.number_of(bonus)
            earners, which = np.unique(self.lines.member[shrank], return_inverse=True)
            less = np.zeros(len(earners), np.int64)
            np.add.at(less, which, (self.now - self.lines.amount)[shrank])
            lines = np.flatnonzero(
                (self.lines.bonus == number) & np.isin(self.lines.source, earners)
            )
            at, _ = indexes_among(self.lines.source[lines], earners)
            base = self.lines.base[lines] + (less[at] if len(less) else 0)
            # A flat amount is for everybody who earned, and no base is kept with it.
            flat_stays = self._still_earns(self.lines.source[lines], of)
            sold = None
            if self.run.exchange is not None:
                sold = self._market_of(self.lines.source[lines])
            self._becomes(bonus, lines, base, sold, flat_stays=flat_stays)
            self._name_orders(lines, shrank[self.now[shrank] != self.before[shrank]])

    def _market_of(self, members: Ints) -> Small:
        """The markets that these members were paid in, by the indexes of the run's rates."""
        assert self.run.members.market is not None, "a run with rates knows everybody's market"
        return self.run.members.market[indexes_among(members, self.run.ids)[0]]

    def _still_earns(self, earners: Ints, of: list[int]) -> Flags:
        mine = np.flatnonzero(np.isin(self.lines.bonus, of) & (self.now > 0))
        return np.isin(earners, self.lines.member[mine])

    def _name_orders(self, lines: Array, shrank: Array) -> None:
        """Of a matching line those orders that the earner's lines shrank by."""
        of_earner: dict[int, set[int]] = {}
        for line in shrank.tolist():
            if line in self.orders:
                of_earner.setdefault(int(self.lines.member[line]), set()).update(self.orders[line])
        for line in lines[self.now[lines] != self.before[lines]].tolist():
            self.orders[line] = of_earner.get(int(self.lines.source[line]), set())

    def claim(self) -> Claim:
        """What is taken back, and what of the run's deductions is given back with it."""
        lines = self.changed()
        taken_of_lines = (self.now - self.before)[lines]
        members, which = np.unique(self.lines.member[lines], return_inverse=True)
        taken = np.zeros(len(members), np.int64)
        np.add.at(taken, which, taken_of_lines)
        paid = self._sums(members, self.lines.amount, self.lines.bonus >= 0)
        before = self._sums(members, self.before, self.lines.bonus >= 0)
        kept = (self.lines.bonus == LineNumber.CEILING) & (self.lines.source == 0)
        capped = paid + self._sums(members, self.lines.amount, kept)
        capped_before, capped_now = (
            _part(capped, gross, paid) for gross in (before, before + taken)
        )
        rate = self._charge_rate(members)
        charged_before, charged_now = (
            divided(some, rate, HUNDRED_PERCENT, "a service charge")
            for some in (capped_before, capped_now)
        )
        base = (self.bases - self.lines.base - self.lines.base_back)[lines]
        return Claim(
            self.lines.number[lines], self.lines.member[lines], self.lines.position[lines],
            self.lines.level[lines], self.lines.rate[lines], base, taken_of_lines,
            [self.orders.get(line, set()) for line in lines.tolist()],
            members, taken, capped_now - capped_before - taken, charged_before - charged_now,
            capped_now, rate,
        )  # fmt: skip

    def _charge_rate(self, members: Ints) -> Ints:
        """The service charge of the run, for each of these members."""
        run = self.run
        rates = charge_rates(run.plan, run.exchange, run.period.last_day)
        if run.exchange is None:
            return np.full(len(members), rates[0])
        return rates[self._market_of(members)]

    def _sums(self, members: Ints, amount: Ints, which: Flags) -> Ints:
        mine = np.flatnonzero(which & np.isin(self.lines.member, members))
        sums = np.zeros(len(members), np.int64)
        np.add.at(sums, np.searchsorted(members, self.lines.member[mine]), amount[mine])
        return sums


def _part(whole: Ints, of: Ints, among: Ints) -> Ints:
    """The part `of` among all; nothing where there is nothing to share."""
    return divided(whole, of, np.maximum(among, 1), "a part of earnings")
