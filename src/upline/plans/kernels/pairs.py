"""Matching the two legs of each position."""

from __future__ import annotations

from upline.plans.arrays import Flags, Ints, Small
from upline.plans.kernels import kernel, part
from upline.plans.kernels.products import share

FLUSHED, CARRIED, BOTH_FLUSHED = 0, 1, 2
"""What happens to volume above a cap, or of a member who is not qualified."""
UNIT, FIRST, SECOND, LEFT_FIRST, FIRST_PAIR_ONLY, OVER, UNQUALIFIED, VOLUME_LIMIT, CARRY_LIMIT = (
    range(9)
)
"""The indexes in `terms`."""


@part
def base_of(pairs: int, of_a_first: int, of_a_pair: int) -> int:
    """What so many pairs match of the smaller leg, where the first may take another part of it."""
    return 0 if pairs == 0 else of_a_first + (pairs - 1) * of_a_pair


@part
def pay_of(
    pairs: int, of_a_first: int, of_a_pair: int, rate: int, multiplier: int, divisor: int
) -> int:
    """What so many pairs pay, in minor units; a divisor of 0 says that the rate is an amount a
    pair."""
    if divisor == 0:
        return pairs * rate
    return share(base_of(pairs, of_a_first, of_a_pair), multiplier * rate, divisor)


@part
def _most_pairs(
    money: int,
    pairs: int,
    of_a_first: int,
    of_a_pair: int,
    rate: int,
    multiplier: int,
    divisor: int,
) -> int:
    """The most pairs, up to `pairs`, whose pay does not exceed the money."""
    low, high = 0, pairs
    while low < high:
        middle = high - (high - low) // 2
        if pay_of(middle, of_a_first, of_a_pair, rate, multiplier, divisor) <= money:
            low = middle
        else:
            high = middle - 1
    return low


@part
def _what_caps_leave(
    i: int, classes: Small, limits: Ints, used: Ints, in_pairs: Flags, of_pairs: bool
) -> int:
    """What all caps on pairs, or all on money, leave to a position; -1 where there are none."""
    remaining = -1
    for k in range(len(limits)):
        limit = limits[k, classes[k, i]]
        if in_pairs[k] == of_pairs and limit >= 0:
            rest = max(limit - used[k, i], 0)
            remaining = rest if remaining < 0 else min(remaining, rest)
    return remaining


@part
def _enter(terms: Ints, i: int, entered: Ints, side: Ints) -> None:
    """Add what entered to what was brought over, up to the limit of a period."""
    limit = terms[VOLUME_LIMIT]
    side[i] += entered[i] if limit < 0 else min(entered[i], limit)


@part
def ratio_of(terms: Ints, had_a_pair: bool) -> tuple[int, int, int, int]:
    """Units that the next pair takes of one leg and the other, and those of each pair after it."""
    first, second = terms[FIRST], terms[SECOND]
    if terms[FIRST_PAIR_ONLY] == 0:
        return first, second, first, second
    return (1, 1, 1, 1) if had_a_pair else (first, second, 1, 1)


@part
def count_of(
    one: int, other: int, first: int, second: int, more_first: int, more_second: int
) -> int:
    """How many pairs these units make."""
    if one < first or other < second:
        return 0
    return 1 + min((one - first) // more_first, (other - second) // more_second)


@kernel
def match(
    terms: Ints, multiplier: int, divisor: int, column: Ints, classes: Small,
    qualified: Flags, paired: Flags,
    cap_classes: Small, limits: Ints, in_pairs: Flags, used: Ints,
    left: Ints, right: Ints, consumed_left: Ints, consumed_right: Ints,
    counted: Ints, base: Ints, amount: Ints,
) -> None:  # fmt: skip
    """Match the legs of all positions. See docs/plans/binary.md for each rule.

    `left`, `right` come in as what was brought over and go out as what remains; `consumed_*` come
    in as what entered and go out as what pairs took. `counted`: pairs paid. `base`: the smaller
    leg's part in these.
    """
    unit, over = terms[UNIT], terms[OVER]
    for i in range(len(left)):
        _enter(terms, i, consumed_left, left)
        _enter(terms, i, consumed_right, right)
        consumed_left[i] = consumed_right[i] = 0
        drop = not qualified[i] and terms[UNQUALIFIED] == FLUSHED
        swapped = terms[LEFT_FIRST] == 0 and right[i] > left[i]
        one, other = (right[i], left[i]) if swapped else (left[i], right[i])
        first, second, more_first, more_second = ratio_of(terms, paired[i])
        pairs = count_of(one // unit, other // unit, first, second, more_first, more_second)
        if qualified[i] and pairs > 0:
            rate = column[classes[i]]
            of_first, of_pair = min(first, second) * unit, min(more_first, more_second) * unit
            allowed = _what_caps_leave(i, cap_classes, limits, used, in_pairs, True)
            money = _what_caps_leave(i, cap_classes, limits, used, in_pairs, False)
            paid = pairs if allowed < 0 else min(pairs, allowed)
            if over == CARRIED and money >= 0:
                paid = _most_pairs(money, paid, of_first, of_pair, rate, multiplier, divisor)
            taken = paid if over == CARRIED else pairs
            earned = pay_of(paid, of_first, of_pair, rate, multiplier, divisor)
            counted[i], base[i] = paid, base_of(paid, of_first, of_pair)
            amount[i] = earned if money < 0 else min(earned, money)
            drop = over == BOTH_FLUSHED and (paid < pairs or amount[i] < earned)
            for k in range(len(used)):
                used[k, i] += paid if in_pairs[k] else amount[i]
            if taken > 0:
                paired[i] = True
                one, other = first + (taken - 1) * more_first, second + (taken - 1) * more_second
                consumed_left[i] = unit * (other if swapped else one)
                consumed_right[i] = unit * (one if swapped else other)
                left[i] -= consumed_left[i]
                right[i] -= consumed_right[i]
        keep = 0 if drop else terms[CARRY_LIMIT]
        if keep >= 0:
            left[i], right[i] = min(left[i], keep), min(right[i], keep)
