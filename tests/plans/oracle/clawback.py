"""What a run takes back for refunds: every leg told part by part over all runs.

Written from docs/commissions.md, "Refunds after approval". `Books` keeps all runs of a company.
Orders are known by their number and the class of their buyer, members and positions by their
indexes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from plans.oracle.company import Answer, Company, Kept, SideSums
from plans.oracle.money import in_plan, stated, worth_of
from plans.oracle.pairs import Matching, leg_of, matching_of
from plans.oracle.settlement import CEILING, Less, charges_for, in_force
from plans.oracle.standing import counted_volume, rate_of, together
from upline.plans.bonus import Bonus, By, Items, Levels, Pairs, Stairstep
from upline.plans.counting import Basis, Counted, FurtherFigure
from upline.plans.periods import Every, Period
from upline.plans.plan import Plan
from upline.plans.terms import Spot, Stated

Key = tuple[int, int]
"""An order and the class of its buyer."""
Remaining = dict[Key, tuple[int, ...]]
"""Value, points and maybe figure that are left of orders of which something was refunded."""
WAITS, FLUSHED = -1, -2
"""What became of a part; else the run whose pairs took it."""


@dataclass
class Part:
    """Some points of an order in a leg. `entered`: the run in which they did; `returned`: pairs
    that were undone had taken them."""

    key: Key
    entered: int
    amount: int
    fate: int = WAITS
    returned: bool = False


class Leg(list[Part]):
    """A queue: the oldest part stands first, whatever becomes of it."""

    def sum_of(self, fate: int) -> int:
        return sum(part.amount for part in self if part.fate == fate)

    def turn(self, before: int, after: int, amount: int, *, newest: bool) -> None:
        """So much of what has one fate gets another one, the newest of it or the oldest."""
        chosen = [part for part in self if part.fate == before]
        for part in reversed(chosen) if newest else chosen:
            taken = min(amount, part.amount)
            amount -= taken
            if taken:
                place = next(i for i, other in enumerate(self) if other is part)
                again = part.returned or before >= 0
                turned = replace(part, amount=taken, fate=after, returned=again)
                part.amount -= taken
                self.insert(place + 1 if newest else place, turned)
        assert amount == 0, "a leg has not so much"
        self[:] = [part for part in self if part.amount]

    def strike(self, key: Key, remaining: int) -> list[Part]:
        """No more than so much stays of an order; tells which parts lose something."""
        mine = [part for part in self if part.key == key]
        gone, lost = max(0, sum(part.amount for part in mine) - remaining), []
        for part in sorted(mine, key=its_turn):
            taken = min(gone, part.amount)
            gone -= taken
            part.amount -= taken
            if taken:
                lost.append(part)
        return lost


def its_turn(part: Part) -> tuple[bool, int]:
    """Whose points go first: what was flushed, what waits, then what the latest run took."""
    return part.fate >= 0, -part.fate if part.fate >= 0 else part.fate


@dataclass
class Paid:
    """A line: what it paid at first of what base, and what it would pay now; `base_told` is the
    base when it last paid less."""

    bonus: str
    member: int
    source: int
    level: int
    rate: int
    base: int
    amount: int
    key: Key | None = None
    orders: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.now, self.told = self.amount, self.amount
        self.base_now, self.base_told = self.base, self.base

    def becomes(self, base: int, amount: int, orders: set[int]) -> None:
        """It pays no more than it did."""
        self.base_now, self.now = base, min(self.now, amount)
        self.orders |= orders


@dataclass
class Made:
    """A position's pairs of a run: how they are made, how many are paid, and what one is worth."""

    matching: Matching
    paid: int
    rate: int


@dataclass
class Told:
    """A run that is approved."""

    plan: Plan
    company: Company
    keys: list[Key]
    period: Period
    lines: list[Paid]
    ceiling: Counter[int]
    pair_lines: dict[tuple[str, int], Paid]
    made: dict[tuple[str, int], Made] = field(default_factory=dict)

    def earned(self, member: int, *, at_first: bool = False, told: bool = False) -> int:
        """By all bonuses: now, in the run itself, or before what is now taken back."""
        mine = [line for line in self.lines if line.member == member]
        return sum(line.amount if at_first else line.told if told else line.now for line in mine)

    def entered(self, key: Key, every: Every) -> bool:
        """Whether the order is of this run, which is of that length."""
        if self.period.every is not every or key not in self.keys:
            return False
        order = self.company.orders[self.keys.index(key)]
        return self.period.first_day <= order.day <= self.period.last_day

    def bonus(self, name: str) -> Bonus | None:
        return next((bonus for bonus in self.plan.bonuses if bonus.name == name), None)


@dataclass
class Change:
    """What a line loses. `orders`: by whose refunds."""

    run: int
    line: Paid
    amount: int
    base: int
    orders: set[int]


@dataclass
class TakenBack:
    """What a run takes back, line by line; what waits in both legs of those whose legs a refunded
    order was in; and by how much each member's earnings are less."""

    changes: list[Change]
    waits: dict[tuple[str, int], tuple[int, int]]
    less: dict[int, Less]


class Books:
    """All runs of a company so far, and each leg of each position for each binary bonus."""

    def __init__(self) -> None:
        self.runs: list[Told] = []
        self.legs: dict[tuple[str, int], tuple[Leg, Leg]] = {}
        self.basis: dict[str, Counted] = {}
        self.every: dict[str, Every] = {}
        self.reached: Counter[str] = Counter()

    def note(
        self, plan: Plan, company: Company, keys: list[Key], period: Period,
        before: Kept, answer: Answer,
    ) -> None:  # fmt: skip
        """Keep a run: who is paid what, and what became of each part of the legs."""
        names = {bonus.name for bonus in plan.bonuses}
        paid = [(line, Paid(*line)) for line in answer.lines if line[0] in names]
        # By identity: two positions of a member may be paid by equal lines.
        pair_lines = {
            key: next(one for known, one in paid if known is line)
            for key, line in answer.pair_lines.items()
        }
        ceiling = Counter({line[1]: line[6] for line in answer.lines if line[0] == CEILING})
        run = Told(plan, company, keys, period, [one for _, one in paid], ceiling, pair_lines)
        self.runs.append(run)
        self._end_what_has_no_heir({bonus.name for bonus in plan.bonuses})
        for bonus in plan.bonuses:
            if isinstance(bonus, Pairs) and bonus.every is period.every:
                self.basis[bonus.name], self.every[bonus.name] = bonus.volume.basis, bonus.every
                for position in range(len(company.positions)):
                    self._enter(run, bonus, position)
                    self._match(run, bonus, position, before, answer)
            if by_orders(bonus):
                for line in run.lines:
                    if line.bonus == bonus.name:
                        line.key = keys[line.source]

    def _end_what_has_no_heir(self, names: set[str]) -> None:
        for (name, _), legs in self.legs.items():
            for leg in legs if name not in names else ():
                waits = leg.sum_of(WAITS)
                leg.turn(WAITS, FLUSHED, waits, newest=True)
                self.reached["what waits has no heir"] += waits > 0

    def _enter(self, run: Told, bonus: Pairs, position: int) -> None:
        legs = self.legs.setdefault((bonus.name, position), (Leg(), Leg()))
        for key, order in zip(run.keys, run.company.orders, strict=True):
            if run.period.first_day <= order.day <= run.period.last_day:
                base = counted_volume(run.company, bonus.volume, order) or 0
                base = together(run.plan, run.company, bonus.volume, order, base)
                side = leg_of(run.company, position, run.company.position_of(order))
                if base and side is not None:
                    legs[side].append(Part(key, len(self.runs) - 1, base))

    def _match(self, run: Told, bonus: Pairs, position: int, before: Kept, answer: Answer) -> None:
        left, right, paid = answer.legs[bonus.name][position]
        member = run.company.positions[position].member
        number = len(self.runs) - 1
        for leg, sums in zip(self.legs[bonus.name, position], (left, right), strict=True):
            assert leg.sum_of(WAITS) == sums.brought + sums.entered
            leg.turn(WAITS, FLUSHED, sums.flushed, newest=True)
            leg.turn(WAITS, number, sums.consumed, newest=False)
            taken = [part for part in leg if part.fate == number]
            self.reached["returned, paired again"] += any(part.returned for part in taken)
            assert leg.sum_of(WAITS) == sums.carried
        had = bonus.name in before.legs and before.legs[bonus.name].paired[position]
        matching = matching_of(bonus, counts(bonus, left), counts(bonus, right), had)
        packages = run.company.members[member].package
        row = {By.NOTHING: 0, By.RANK: answer.rank[member], By.TITLE: answer.title[member]}
        at = row.get(bonus.rates.by, packages)
        rate = rate_of(bonus.rates, at, 0)
        if bonus.rates.flat:
            spot = Spot(bonus.name, Stated.RATES, at)
            rate = stated(run.plan, run.company, rate, member, spot)
        run.made[bonus.name, position] = Made(matching, paid, rate)

    def take_back(self, remaining: Remaining) -> TakenBack:
        """Undo what these refunds undo."""
        waits = {}
        for (bonus, position), legs in self.legs.items():
            keys = {part.key for leg in legs for part in leg} & remaining.keys()
            if keys:
                self._undo(
                    bonus, position, {key: self._left(bonus, key, remaining[key]) for key in keys}
                )
                waits[bonus, position] = legs[0].sum_of(WAITS), legs[1].sum_of(WAITS)
        for run in self.runs:
            take_direct(run, remaining)
            match_again(run)
        return self._told(waits)

    def _left(self, bonus: str, key: Key, remaining: tuple[int, ...]) -> int:
        """What counts of an order now: value as it was converted when it entered."""
        if self.basis[bonus] is not Basis.VALUE:
            return of(remaining, self.basis[bonus])
        run = next(run for run in self.runs if run.entered(key, self.every[bonus]))
        order = run.company.orders[run.keys.index(key)]
        return in_plan(run.plan, run.company, remaining[0], order.market)

    def _undo(self, bonus: str, position: int, remaining: dict[Key, int]) -> None:
        legs, lost = self.legs[bonus, position], dict[int, set[int]]()
        for key, amount in remaining.items():
            for leg in legs:
                for part in leg.strike(key, amount):
                    lost.setdefault(part.fate, set()).add(key[0])
                    self.reached["carried over, paired later, refunded"] += part.fate > part.entered
                    self.reached["returned, paired again, refunded"] += (
                        part.returned and part.fate >= 0
                    )
        self.reached["refunded what was flushed"] += FLUSHED in lost
        self.reached["refunded what still waits"] += WAITS in lost
        for number in sorted(lost.keys() - {FLUSHED, WAITS}):
            self._unmake(bonus, position, number, lost[number])

    def _unmake(self, bonus: str, position: int, number: int, orders: set[int]) -> None:
        """Of one run's pairs as many stay as what is left of both legs makes."""
        legs, run = self.legs[bonus, position], self.runs[number]
        made, line = run.made[bonus, position], run.pair_lines.get((bonus, position))
        stay = made.matching.most(*(leg.sum_of(number) for leg in legs))
        has_ended = any(run.bonus(bonus) is None for run in self.runs[number:])
        for leg, taken in zip(legs, made.matching.taken(stay), strict=True):
            fate = FLUSHED if has_ended else WAITS
            leg.turn(number, fate, leg.sum_of(number) - taken, newest=True)
        self.reached["several orders undo a run's pairs"] += len(orders) > 1
        self.reached["the last pair undone"] += stay == 0
        made.paid = min(made.paid, stay)
        if line is not None:
            before, base = line.now, min(made.matching.taken(made.paid))
            line.becomes(base, worth(run, bonus, made, base, line.member), orders)
            self.reached["pairs undone"] += line.now < before
            self.reached["a cap hid what was undone"] += line.now == before

    def _told(self, waits: dict[tuple[str, int], tuple[int, int]]) -> TakenBack:
        changes, less = [], dict[int, Less]()
        for number, run in enumerate(self.runs):
            changed = [line for line in run.lines if line.now != line.told]
            for member in {line.member for line in changed}:
                less[member] = less.get(member, Less()) + deducted(run, member)
            for line in changed:
                amount, base = line.now - line.told, line.base_now - line.base_told
                changes.append(Change(number, line, amount, base, line.orders))
                line.told, line.base_told = line.now, line.base_now
            for line in run.lines:
                line.orders = set()
        return TakenBack(changes, waits, less)


def counts(bonus: Pairs, side: SideSums) -> int:
    """What of a leg can be matched."""
    limit = bonus.volume_limit if bonus.volume_limit >= 0 else side.entered
    return side.brought + min(side.entered, limit)


def of(remaining: tuple[int, ...], basis: Counted) -> int:
    if isinstance(basis, FurtherFigure):
        return remaining[2]
    return remaining[0] if basis is Basis.VALUE else remaining[1]


def worth(run: Told, name: str, made: Made, base: int, member: int) -> int:
    """What the pairs that stay are paid, before a cap in money."""
    bonus = run.bonus(name)
    assert isinstance(bonus, Pairs)
    if bonus.rates.flat:
        return made.paid * made.rate
    to = run.company.members[member].market
    return worth_of(run.plan, run.company, bonus.volume.basis, base, made.rate, None, to)


def by_orders(bonus: object) -> bool:
    """Whether orders pay its lines."""
    is_levels = isinstance(bonus, Levels) and bonus.items in (Items.ORDERS, Items.FIRST_ORDERS)
    return is_levels or isinstance(bonus, Stairstep)


def take_direct(run: Told, remaining: Remaining) -> None:
    """The lines of the orders themselves, without what was refunded."""
    bonuses = {bonus.name: bonus for bonus in run.plan.bonuses}
    for line in run.lines:
        bonus = bonuses[line.bonus]
        if line.key not in remaining or not isinstance(bonus, Levels | Stairstep):
            continue
        rest, basis = remaining[line.key], bonus.volume.basis
        base = min(line.base_now, of(rest, basis))
        sold, to = run.company.orders[line.source].market, run.company.members[line.member].market
        amount = worth_of(run.plan, run.company, basis, base, line.rate, sold, to)
        if isinstance(bonus, Levels) and bonus.rates.flat:
            amount = line.now if any(rest) else 0
        line.becomes(base, amount, {line.key[0]})


def match_again(run: Told) -> None:
    """What was matched is matched again on what is left of the earnings; a bonus that matches
    another one stands below it in the plan."""
    for bonus in run.plan.bonuses:
        if not isinstance(bonus, Levels) or bonus.items is not Items.EARNINGS:
            continue
        for line in run.lines:
            if line.bonus == bonus.name:
                earned = [
                    one for one in run.lines if one.member == line.source and one.bonus in bonus.of
                ]
                base = sum(one.now for one in earned)
                orders = set().union(*(one.orders for one in earned if one.now != one.told))
                sold, to = (
                    run.company.members[member].market for member in (line.source, line.member)
                )
                amount = worth_of(run.plan, run.company, Basis.VALUE, base, line.rate, sold, to)
                line.becomes(base, amount, orders)


def deducted(run: Told, member: int) -> Less:
    """The earnings after the ceiling fall in proportion, and the charge with them at its rate."""
    at_first = run.earned(member, at_first=True)
    capped = at_first + run.ceiling[member]
    entry = in_force(charges_for(run.plan, run.company, member), run.period.last_day)
    rate = entry.rate if entry else 0
    before, now = (
        capped * some // at_first for some in (run.earned(member, told=True), run.earned(member))
    )
    charge_given_back = before * rate // 1_000_000 - now * rate // 1_000_000
    return Less(now - before, now - before + charge_given_back)
