"""Which switches and branches a trial reached, so that no agreement is an empty one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum

from plans.oracle.company import Answer
from upline.plans.bonus import Bonus
from upline.plans.counting import EVERYBODY, FurtherFigure
from upline.plans.plan import Plan

ALWAYS = 3
"""How often each must be met at the least."""


def note(reached: Counter[str], plan: Plan, answers: list[Answer]) -> None:
    """Count the switches of those bonuses that paid something."""
    paid = {line[0] for answer in answers for line in answer.lines}
    for bonus in plan.bonuses:
        if bonus.name in paid:
            reached["companies that are paid"] += 1
            reached.update(set(switches_of(bonus)))


def switches_of(bonus: Bonus) -> Iterator[str]:
    yield f"kind={type(bonus).__name__}"
    yield from _switches("", bonus)


def _switches(path: str, value: object) -> Iterator[str]:
    if isinstance(value, FurtherFigure):
        yield f"{path}={value}"
    elif is_dataclass(value):
        for field in fields(value):
            yield from _switches(f"{path}.{field.name}".strip("."), getattr(value, field.name))
    elif isinstance(value, frozenset):
        yield f"{path}={'all' if value == EVERYBODY else 'some'}"
    elif isinstance(value, bool | Enum):
        yield f"{path}={value}"
    elif isinstance(value, int):
        yield f"{path}{'>0' if value > 0 else '=0'}"
    elif isinstance(value, tuple):
        for entry in value:
            yield from _switches(path, entry)


def each(path: str, values: Iterable[object]) -> list[str]:
    """The names under which the values of a switch are counted."""
    return [f"{path}={value}" for value in values]


def must_reach(reached: Counter[str], *names: str) -> None:
    missing = {name: reached[name] for name in names if reached[name] < ALWAYS}
    assert not missing, f"reached too seldom: {missing}, of {sorted(reached.items())}"
