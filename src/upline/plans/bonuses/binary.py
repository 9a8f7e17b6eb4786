"""The binary: volume of the two legs of the placement tree is matched in pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upline.plans.arrays import Array, Flags, Ints, Small, must_fit
from upline.plans.bonus import Legs, Over, Pairs
from upline.plans.carry import LegCarry
from upline.plans.company import Positions
from upline.plans.exchange import RunRates
from upline.plans.kernels import pairs as kernels
from upline.plans.kernels.sums import add_up, sum_legs
from upline.plans.lines import Lines
from upline.plans.periods import period_of
from upline.plans.plan import Plan
from upline.plans.result import LegSums, Side
from upline.plans.rounding import Scale, divided, scale_of
from upline.plans.situation import Situation
from upline.plans.terms import Spot, Stated
from upline.plans.volumes import in_plan

CODES = {
    Over.FLUSHED: kernels.FLUSHED,
    Over.CARRIED: kernels.CARRIED,
    Over.BOTH_FLUSHED: kernels.BOTH_FLUSHED,
}


@dataclass(frozen=True, slots=True)
class Matched:
    """What a binary bonus gives: its lines, what became of both legs, what is carried over."""

    lines: list[Lines]
    sums: LegSums
    carry: LegCarry


def pay(bonus: Pairs, now: Situation) -> Matched:
    """Match the legs of all positions, by the rules of docs/plans/binary.md. Whether an open
    position is paid, and at which rate, its member decides; a closed one never is."""
    n = len(now.positions)
    entered_left, entered_right = entered(bonus, now)
    brought = now.carry.legs.get(bonus.name) or _no_carry(bonus, n)
    used, used_since = _caps_used(bonus, now, brought)
    after = LegCarry(
        brought.left.copy(), brought.right.copy(), brought.paired.copy(), used, used_since
    )
    most = _most_volume(bonus, brought, entered_left, entered_right)
    consumed_left, consumed_right = entered_left.copy(), entered_right.copy()
    counted, base, amount = (np.zeros(n, np.int64) for _ in range(3))
    rate = _match(
        bonus, now, most, after.paired, used,
        after.left, after.right, consumed_left, consumed_right, counted, base, amount,
    )  # fmt: skip
    left = Side(brought.left, entered_left, consumed_left, after.left)
    right = Side(brought.right, entered_right, consumed_right, after.right)
    lines = _lines(bonus, now.positions, amount, base, rate)
    return Matched(lines, LegSums(left, right, counted, after.paired & ~brought.paired), after)


def entered(bonus: Pairs, now: Situation) -> tuple[Ints, Ints]:
    """The period's volume of each position's left and right leg."""
    stand, chosen = now.positions, now.counting(bonus.volume)
    own, left, right = np.zeros((3, len(stand)), np.int64)
    volume = in_plan(now.orders, bonus.volume.basis)[chosen]
    add_up(now.orders.at(stand)[chosen], volume, own)
    sum_legs(stand.placement, stand.side, own, left, right)
    return left, right


def _most_volume(bonus: Pairs, brought: LegCarry, left: Ints, right: Ints) -> int:
    """More than any leg holds; known to fit 64 bits."""
    most = sum(int(side.max(initial=0)) for side in (brought.left, brought.right, left, right))
    must_fit(most, f"{bonus.name}: the volume of a leg, with what is brought over,")
    return most


def _match(bonus: Pairs, now: Situation, most: int, *state: Array) -> Ints:
    """Match the legs of all positions, those of one market after the other: `state` is what the
    kernel reads and writes, by position. Returns the rate of each position's class."""
    column = np.array([row[0] for row in bonus.rates.table], np.int64)
    classes = now.positions.of_members(now.classes(bonus.rates.by))
    qualified = now.positions.of_members(now.qualified(bonus.needs)) & (column[classes] > 0)
    if now.positions.closed is not None:
        qualified = qualified & ~now.positions.closed
    cap_classes, in_pairs = _caps(bonus, now)
    for market, at in now.positions_by_market():
        scale, pays = pay_in(bonus, now.plan, now.exchange, market)
        _must_fit(bonus, now, most, int(pays.max(initial=0)), scale)
        parts: list[Array] = [np.ascontiguousarray(each[..., at]) for each in state]
        paired, used, *legs = parts
        kernels.match(
            terms_of(bonus), scale.multiplier, scale.divisor, pays, classes[at], qualified[at],
            paired, np.ascontiguousarray(cap_classes[:, at]),
            _limits(bonus, now.exchange, market), in_pairs, used, *legs,
        )  # fmt: skip
        if now.exchange is not None:
            for each, part in zip(state, parts, strict=True):
                each[..., at] = part
    return column[classes]


def _must_fit(bonus: Pairs, now: Situation, most: int, best: int, scale: Scale) -> None:
    """Raise TooLarge where a position's pay could exceed 64 bits. Products on the way may: with
    several currencies they are worked out in 128."""
    if now.exchange is None or bonus.rates.flat:
        base = most // bonus.unit * best if bonus.rates.flat else most
        now.must_fit(base, best, scale, bonus.name)
        return
    must_fit(scale.multiplier * best, f"{bonus.name}: the rate times the exchange rate")
    divided(np.array([most]), scale.multiplier * best, scale.divisor, f"{bonus.name}: a pair")


def pay_in(bonus: Pairs, plan: Plan, exchange: RunRates | None, market: int) -> tuple[Scale, Ints]:
    """How a pair pays in a market: how its rate becomes an amount, and the rate of each class."""
    rates = [row[0] for row in bonus.rates.table]
    scale = scale_of(plan, bonus.volume.basis, flat=bonus.rates.flat)
    if exchange is not None and bonus.rates.flat:
        rates = [
            int(exchange.stated(rate, Spot(bonus.name, Stated.RATES, row))[market])
            for row, rate in enumerate(rates)
        ]
    elif exchange is not None:
        scale = exchange.scale(bonus.volume.basis, market)
    return scale, np.array(rates, np.int64)


def _no_carry(bonus: Pairs, n: int) -> LegCarry:
    caps, never = len(bonus.caps), [-1] * len(bonus.caps)
    nothing = np.zeros(n, np.int64)
    return LegCarry(nothing, nothing, np.zeros(n, np.bool_), np.zeros((caps, n), np.int64), never)


def _caps_used(bonus: Pairs, now: Situation, before: LegCarry) -> tuple[Ints, list[int]]:
    """What each cap has used: nothing where its day, week or month is a new one."""
    last_day, week_starts = now.period.last_day, now.plan.week_starts
    since = [period_of(last_day, cap.per, week_starts).first_day for cap in bonus.caps]
    goes_on = np.array(since, np.int64) == np.array(before.used_since, np.int64)
    return before.used * goes_on[:, np.newaxis], since


def _caps(bonus: Pairs, now: Situation) -> tuple[Small, Flags]:
    """Each position's class under each cap, and which caps are counted in pairs."""
    classes = np.zeros((len(bonus.caps), len(now.positions)), np.int8)
    for k, cap in enumerate(bonus.caps):
        classes[k] = now.positions.of_members(now.classes(cap.by))
    return classes, np.array([cap.in_pairs for cap in bonus.caps], np.bool_)


def _limits(bonus: Pairs, exchange: RunRates | None, market: int) -> Ints:
    """The limits of each cap by class, in a market; -1 for none."""
    width = max((len(cap.limits) for cap in bonus.caps), default=1)
    limits = np.full((len(bonus.caps), width), -1, np.int64)
    for k, cap in enumerate(bonus.caps):
        limits[k, : len(cap.limits)] = limits_in(bonus, k, exchange, market)
    return limits


def limits_in(bonus: Pairs, number: int, exchange: RunRates | None, market: int) -> Ints:
    """The limits of a cap, by its number, for each class, in a market; -1 for none."""
    cap = bonus.caps[number]
    if exchange is None or cap.in_pairs:
        return np.array(cap.limits, np.int64)
    found = [
        exchange.stated(limit, Spot(bonus.name, Stated.CAP, number, row))[market]
        for row, limit in enumerate(cap.limits)
    ]
    return np.array(found, np.int64)


def terms_of(bonus: Pairs) -> Ints:
    """The bonus as the kernel reads it."""
    terms = np.zeros(9, np.int64)
    terms[kernels.UNIT], terms[kernels.FIRST], terms[kernels.SECOND] = (
        bonus.unit, bonus.first, bonus.second,
    )  # fmt: skip
    terms[kernels.LEFT_FIRST] = bonus.legs is Legs.LEFT_FIRST
    terms[kernels.FIRST_PAIR_ONLY] = bonus.ratio_on_first_pair_only
    terms[kernels.OVER], terms[kernels.UNQUALIFIED] = (
        CODES[bonus.over_cap],
        CODES[bonus.unqualified],
    )
    terms[kernels.VOLUME_LIMIT], terms[kernels.CARRY_LIMIT] = bonus.volume_limit, bonus.carry_limit
    return terms


def _lines(bonus: Pairs, stand: Positions, amount: Ints, base: Ints, rate: Ints) -> list[Lines]:
    paid = np.flatnonzero(amount).astype(np.int32)
    if not len(paid):
        return []
    nothing = np.zeros(len(paid), np.int32)
    rates = nothing if bonus.rates.flat else rate[paid].astype(np.int32)
    return [
        Lines(
            bonus.name, stand.member[paid], nothing - 1, nothing, rates, base[paid], amount[paid],
            position=paid,
        )
    ]  # fmt: skip
