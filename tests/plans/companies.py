"""Random companies: deep chains and bushy trees, all classes of buyers, ties, and nobodies."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from random import Random

import numpy as np

from plans.oracle.company import Company, Member, Order, Position
from upline.plans import company as arrays
from upline.plans.arrays import Array
from upline.plans.counting import Customer, FurtherFigure

PACKAGES = 3
DAYS_BEFORE = 90
"""How long before the first run people may have joined and ordered."""
DAYS_AFTER = 10
FIGURE = FurtherFigure("BV")
"""The further figure that orders have."""
SIZES = (5, 8, 12, 18, 25, 40, 60)


@dataclass(frozen=True)
class Shape:
    """How a company grows. `depth`: how likely the newest member sponsors the next, and how
    likely a new member goes to the outer end of a leg; `width` of the placement tree."""

    size: int
    depth: float
    width: int = 2
    roots: float = 0.02


def random_shape(chance: Random, width: int = 2, smallest: int = 5) -> Shape:
    size = chance.choice([size for size in SIZES if size >= smallest])
    return Shape(size, chance.choice([0.05, 0.3, 0.6, 0.95]), width)


def grow(chance: Random, shape: Shape, first_day: int, last_day: int) -> Company:
    """Recruits stand in their sponsor's team, whoever is above joined earlier."""
    joined = sorted(random_joining(chance, first_day, last_day) for _ in range(shape.size))
    trees = zip(*random_trees(chance, shape), strict=True)
    knows_active = chance.choice([0.0, 0.0, 0.5, 1.0])
    members = [
        Member(*links, day, chance.randrange(PACKAGES), random_active(chance, knows_active))
        for links, day in zip(trees, joined, strict=True)
    ]
    if chance.random() < 0.3:
        members = in_another_order(chance, members)
    return Company(members, random_orders(chance, members, first_day, last_day))


def random_active(chance: Random, known: float) -> bool | None:
    return chance.random() < 0.65 if chance.random() < known else None


def random_joining(chance: Random, first_day: int, last_day: int) -> int:
    if chance.random() < 0.55:
        return first_day - chance.randrange(DAYS_BEFORE)
    if chance.random() < 0.85:
        return chance.randint(first_day, last_day)
    return last_day + chance.randint(1, DAYS_AFTER)


def random_trees(chance: Random, shape: Shape) -> tuple[list[int], list[int], list[int]]:
    sponsor, placement, side = [-1], [-1], [0]
    taken: dict[tuple[int, int], int] = {}
    for member in range(1, shape.size):
        if chance.random() < shape.roots:
            above, place, slot = -1, -1, 0
        else:
            goes_deep = chance.random() < shape.depth
            above = member - 1 if goes_deep else chance.randrange(member)
            place, slot = open_place(chance, shape, taken, above)
            taken[place, slot] = member
        sponsor.append(above)
        placement.append(place)
        side.append(slot)
    return sponsor, placement, side


def open_place(
    chance: Random, shape: Shape, taken: dict[tuple[int, int], int], below: int
) -> tuple[int, int]:
    slot = chance.randrange(shape.width)
    while (below, slot) in taken:
        below = taken[below, slot]
        if chance.random() > shape.depth:
            slot = chance.randrange(shape.width)
    return below, slot


def in_another_order(chance: Random, grown: list[Member]) -> list[Member]:
    """Parents stay before children in both trees, but nothing else of the order is kept."""
    places: dict[int, int] = {-1: -1}
    waiting = list(range(len(grown)))
    while waiting:
        ready = [i for i in waiting if {grown[i].sponsor, grown[i].placement} <= places.keys()]
        member = chance.choice(ready)
        places[member] = len(places) - 1
        waiting.remove(member)
    return [
        replace(grown[i], sponsor=places[grown[i].sponsor], placement=places[grown[i].placement])
        for i in places
        if i >= 0
    ]


def with_other_joining_days(chance: Random, company: Company) -> Company:
    """Some members change their days, so that they joined after members below them."""
    days = [member.joined for member in company.members]
    for _ in range(3):
        one, other = chance.randrange(len(days)), chance.randrange(len(days))
        days[one], days[other] = days[other], days[one]
    members = [
        replace(member, joined=day) for member, day in zip(company.members, days, strict=True)
    ]
    return Company(members, company.orders)


def random_orders(
    chance: Random, members: list[Member], first_day: int, last_day: int
) -> list[Order]:
    buyers = [i for i, member in enumerate(members) if member.joined <= last_day]
    number = int(len(buyers) * chance.choice([0.5, 2, 4]))
    drawn = []
    for _ in range(number):
        buyer = chance.choice(buyers)
        earliest = max(members[buyer].joined, first_day - DAYS_BEFORE)
        if chance.random() < 0.7:
            earliest = max(earliest, first_day)
        drawn.append((chance.randint(earliest, last_day), buyer))
    drawn.sort(key=lambda pair: pair[0])
    orders, known = [], set()
    for day, buyer in drawn:
        value, points, figure = (random_volume(chance) for _ in range(3))
        customer, first = chance.randrange(3), buyer not in known
        name = (
            0
            if customer == Customer.MEMBER
            else chance.choice([0, 1, 1, 2]) and (10 * buyer + chance.choice([1, 2]))
        )
        orders.append(
            Order(buyer, day, value, points, customer, first, figure=figure, customer_id=name)
        )
        known.add(buyer)
    return orders


def random_volume(chance: Random) -> int:
    """Round sums that make ties, odd ones that make fractions, and nothing at all."""
    return chance.choice([0, 5_000, 10_000, 10_000, 20_000, chance.randint(1, 60_000)])


def with_further_positions(chance: Random, company: Company, often: float = 0.3) -> Company:
    """Some members are given up, and the places where they stood become further positions of
    somebody above, who also sponsors their recruits and places their orders, at this position or
    at the first one. A few positions are closed."""
    owner = list(range(len(company.members)))
    for number, member in enumerate(company.members):
        if member.placement >= 0 and chance.random() < often:
            above = member.placement
            while company.members[above].placement >= 0 and chance.random() < 0.5:
                above = company.members[above].placement
            owner[number] = owner[above]
    stay = [number for number in range(len(owner)) if owner[number] == number]
    index = {-1: -1} | {number: at for at, number in enumerate(stay)}
    whose = {-1: -1} | {number: index[one] for number, one in enumerate(owner)}
    members = [
        replace(company.members[number], sponsor=whose[company.members[number].sponsor])
        for number in stay
    ]
    shut = Random(len(company.orders))
    positions = [
        Position(whose[number], member.placement, member.side, shut.random() < 0.06)
        for number, member in enumerate(company.members)
    ]
    return Company(members, of_owners(chance, company, owner, whose), positions)


def of_owners(
    chance: Random, company: Company, owner: list[int], whose: dict[int, int]
) -> list[Order]:
    orders, known = [], set()
    for order in company.orders:
        is_named = owner[order.member] != order.member and chance.random() < 0.7
        member, position = whose[order.member], order.member if is_named else -1
        first = member not in known
        orders.append(replace(order, member=member, position=position, first=first))
        known.add(member)
    return orders


def as_positions(company: Company) -> arrays.Positions:
    columns = zip(*(astuple(position) for position in company.positions), strict=True)
    member, placement, side, closed = (np.array(column) for column in columns)
    return arrays.Positions(
        member.astype(np.int32), placement.astype(np.int32), side.astype(np.int8),
        np.array(company.first_positions, np.int32), closed=closed if closed.any() else None,
    )  # fmt: skip


def as_members(company: Company) -> arrays.Members:
    positions = as_positions(company) if company.several else None

    def column(name: str, kind: type) -> Array:
        return np.array([getattr(member, name) for member in company.members], kind)

    known = column("active", object) != None  # noqa: E711
    return arrays.Members(
        sponsor=column("sponsor", np.int32),
        placement=arrays.people_above(positions) if positions else column("placement", np.int32),
        side=column("side", np.int8),
        joined=column("joined", np.int32),
        package=column("package", np.int8),
        active=column("active", np.bool_) if known.any() else None,
        known=None if known.all() else known,
        positions=positions,
    )


def as_orders(company: Company) -> arrays.Orders:
    at = [company.position_of(order) for order in company.orders if company.several]

    def column(name: str, kind: type) -> Array:
        return np.array([getattr(order, name) for order in company.orders], kind)

    return arrays.Orders(
        member=column("member", np.int32),
        day=column("day", np.int32),
        value=column("value", np.int64),
        points=column("points", np.int64),
        customer=column("customer", np.int8),
        first=column("first", np.bool_),
        position=np.array(at, np.int32) if company.several else None,
        figures={FIGURE.name: column("figure", np.int64)},
        customer_id=column("customer_id", np.int64),
    )
