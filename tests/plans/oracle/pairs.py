"""The binary: what two legs bring is matched."""

from __future__ import annotations

from dataclasses import dataclass

from plans.oracle.company import Company, LegsKept, SideSums
from plans.oracle.money import stated
from plans.oracle.standing import Running, class_of, meets, rate_of, share_of, volume_of
from upline.plans.bonus import Legs, Over, Pairs
from upline.plans.periods import period_of
from upline.plans.terms import Spot, Stated


def pairs(run: Running, bonus: Pairs) -> None:
    kept = kept_legs(run, bonus)
    run.kept.legs[bonus.name] = kept
    run.legs[bonus.name] = []
    entered = new_volume(run, bonus)
    for position in range(len(run.company.positions)):
        sides = (
            SideSums(brought=kept.left[position], entered=entered[0][position]),
            SideSums(brought=kept.right[position], entered=entered[1][position]),
        )
        paid = match(run, bonus, kept, position, sides)
        kept.left[position], kept.right[position] = sides[0].carried, sides[1].carried
        is_further = position not in run.company.first_positions
        run.reached["pairs at a further position"] += is_further and paid > 0
        run.legs[bonus.name].append((*sides, paid))


def kept_legs(run: Running, bonus: Pairs) -> LegsKept:
    """What was kept, with the counters of caps whose period is over set to nothing."""
    size = len(run.company.positions)
    old = run.before.legs.get(bonus.name)
    if old is None:
        nothing = [[0] * size for _ in bonus.caps]
        old = LegsKept([0] * size, [0] * size, [False] * size, nothing, [-1] * len(bonus.caps))
    used, used_since = [], []
    for number, cap in enumerate(bonus.caps):
        since = period_of(run.period.last_day, cap.per, run.plan.week_starts).first_day
        is_running = old.used_since[number] == since
        used.append(list(old.used[number]) if is_running else [0] * size)
        run.reached["a cap counts on"] += is_running and any(used[-1])
        used_since.append(since)
    return LegsKept(list(old.left), list(old.right), list(old.paired), used, used_since)


def new_volume(run: Running, bonus: Pairs) -> tuple[list[int], list[int]]:
    """What the period's orders bring to the left and to the right of each position above."""
    positions = run.company.positions
    entered = ([0] * len(positions), [0] * len(positions))
    for _, order in run.orders():
        base, below = volume_of(run, bonus.volume, order) or 0, run.company.position_of(order)
        while positions[below].placement >= 0:
            entered[positions[below].side][positions[below].placement] += base
            below = positions[below].placement
    return entered


def leg_of(company: Company, position: int, below: int) -> int | None:
    """In which leg of a position another one stands, None where not below."""
    positions = company.positions
    while positions[below].placement >= 0:
        if positions[below].placement == position:
            return positions[below].side
        below = positions[below].placement
    return None


def qualifies(run: Running, bonus: Pairs, member: int) -> bool:
    on_side, first = [0, 0], run.company.first_positions
    for recruit in run.company.recruits[member]:
        side = leg_of(run.company, first[member], first[recruit])
        if run.active[recruit] and side is not None:
            on_side[side] += 1
    pays = rate_of(bonus.rates, class_of(run, bonus.rates.by, member, member), 0) > 0
    run.reached["a class that no pair is paid to"] += not pays
    return pays and meets(run, bonus, member) and min(on_side) >= bonus.needs.directs_each_side


def match(
    run: Running,
    bonus: Pairs,
    kept: LegsKept,
    position: int,
    sides: tuple[SideSums, SideSums],
) -> int:
    """Settle both sides of one position, note the line, and tell how many pairs were paid."""
    for side in sides:
        limit = bonus.volume_limit if bonus.volume_limit >= 0 else side.entered
        side.flushed = max(0, side.entered - limit)
        run.reached["a volume limit flushes"] += side.flushed > 0
        side.carried = side.brought + side.entered - side.flushed
    paid = 0
    here = run.company.positions[position]
    run.reached["a closed position has volume"] += here.closed and sides[0].carried > 0
    if not here.closed and qualifies(run, bonus, here.member):
        paid = pay_pairs(run, bonus, kept, position, sides)
    elif bonus.unqualified is not Over.CARRIED:
        run.reached["an unqualified member's volume is flushed"] += (
            sides[0].carried + sides[1].carried > 0
        )
        flush(sides)
    else:
        run.reached["an unqualified member's volume is carried"] += sides[0].carried > 0
    for side in sides:
        if 0 <= bonus.carry_limit < side.carried:
            run.reached["a carry limit flushes"] += 1
            side.flushed += side.carried - bonus.carry_limit
            side.carried = bonus.carry_limit
    run.reached["carried to the next run"] += sides[0].carried + sides[1].carried > 0
    return paid


def flush(sides: tuple[SideSums, SideSums]) -> None:
    for side in sides:
        side.flushed += side.carried
        side.carried = 0


@dataclass(frozen=True)
class Matching:
    """How one member's pairs are made: what the first pair takes and what each other one."""

    first: tuple[int, int]
    other: tuple[int, int]

    def taken(self, number: int) -> tuple[int, int]:
        """What so many pairs take of the left and of the right."""
        if number == 0:
            return 0, 0
        left, right = self.first
        return left + (number - 1) * self.other[0], right + (number - 1) * self.other[1]

    def most(self, left: int, right: int) -> int:
        number = 0
        while self.taken(number + 1)[0] <= left and self.taken(number + 1)[1] <= right:
            number += 1
        return number


def matching_of(bonus: Pairs, left: int, right: int, had_a_pair: bool) -> Matching:
    ratio = (bonus.first * bonus.unit, bonus.second * bonus.unit)
    if bonus.legs is Legs.STRONGER_FIRST and right > left:
        ratio = ratio[::-1]
    even = (bonus.unit, bonus.unit)
    if not bonus.ratio_on_first_pair_only:
        return Matching(ratio, ratio)
    return Matching(even if had_a_pair else ratio, even)


def pay_pairs(
    run: Running,
    bonus: Pairs,
    kept: LegsKept,
    position: int,
    sides: tuple[SideSums, SideSums],
) -> int:
    member = run.company.positions[position].member
    matching = matching_of(bonus, sides[0].carried, sides[1].carried, kept.paired[position])
    possible = matching.most(sides[0].carried, sides[1].carried)
    row = class_of(run, bonus.rates.by, member, member)
    rate, spot = rate_of(bonus.rates, row, 0), Spot(bonus.name, Stated.RATES, row)

    def worth(number: int) -> int:
        if bonus.rates.flat:
            return number * stated(run.plan, run.company, rate, member, spot)
        return share_of(run, bonus.volume.basis, min(matching.taken(number)), rate, None, member)

    paid = min([possible, *room(run, bonus, kept, position, in_pairs=True)])
    money = min([worth(paid), *room(run, bonus, kept, position, in_pairs=False)])
    was_cut = paid < possible or money < worth(paid)
    while bonus.over_cap is Over.CARRIED and worth(paid) > money:
        paid -= 1
    amount = min(worth(paid), money)
    consumed = paid if bonus.over_cap is Over.CARRIED else possible
    for side, taken in zip(sides, matching.taken(consumed), strict=True):
        side.consumed = taken
        side.carried -= taken
    run.reached[f"a cap cuts, {bonus.over_cap}"] += was_cut
    if was_cut and bonus.over_cap is Over.BOTH_FLUSHED:
        flush(sides)
    note_pairs(run, bonus, consumed, kept.paired[position])
    kept.paired[position] = kept.paired[position] or consumed > 0
    for cap, used in zip(bonus.caps, kept.used, strict=True):
        used[position] += paid if cap.in_pairs else amount
    if amount > 0:
        shown = 0 if bonus.rates.flat else rate
        line = (bonus.name, member, -1, 0, shown, min(matching.taken(paid)), amount)
        run.lines.append(line)
        run.pair_lines[bonus.name, position] = line
    return paid


def note_pairs(run: Running, bonus: Pairs, consumed: int, had_a_pair: bool) -> None:
    run.reached["pairs"] += consumed > 0
    run.reached[f"ratio {bonus.first}:{bonus.second}, {bonus.legs}"] += consumed > 0
    if bonus.ratio_on_first_pair_only:
        run.reached["a first pair"] += consumed > 0 and not had_a_pair
        run.reached["a later pair"] += consumed > 0 and had_a_pair
        run.reached["first and later pairs at once"] += consumed > 1 and not had_a_pair


def room(run: Running, bonus: Pairs, kept: LegsKept, position: int, *, in_pairs: bool) -> list[int]:
    """What each cap of pairs, or of money, leaves to be paid."""
    left, member = [], run.company.positions[position].member
    for number, (cap, used) in enumerate(zip(bonus.caps, kept.used, strict=True)):
        row = class_of(run, cap.by, member, member)
        limit = cap.limits[row]
        if not cap.in_pairs:
            spot = Spot(bonus.name, Stated.CAP, number, row)
            limit = stated(run.plan, run.company, limit, member, spot)
        if limit >= 0 and cap.in_pairs == in_pairs:
            left.append(max(0, limit - used[position]))
    return left
