"""Small plans for the tests, and what is said about them."""

from __future__ import annotations

from upline.plan_documents import PlanErrors, parse
from upline.plans.bonus import Bonus
from upline.plans.plan import Plan

TOP = """\
name = "Small"
packages = ["Basic", "Pro", "Elite"]

[active]
personal_points = 100

[[ranks.steps]]
name = "Silver"
group_points = 1000

[[ranks.steps]]
name = "Gold"
group_points = 5000

[[ranks.steps]]
name = "Diamond"
group_points = 9000
"""
FIRST_LINE = TOP.count("\n") + 2
"""The line on which the first key of a bonus stands."""


def with_bonus(keys: str, top: str = TOP) -> str:
    """A plan of one bonus with these lines."""
    return f"{top}[[bonuses]]\n{keys.strip()}\n"


def plan_with(keys: str) -> Plan:
    """The plan of one bonus with these lines."""
    return parse(with_bonus(keys), "plan.toml")


def bonus_with(keys: str) -> Bonus:
    """The bonus with these lines."""
    return plan_with(keys).bonuses[0]


def said_of(text: str) -> list[str]:
    """Everything that is said about a text; nothing where it is a plan."""
    try:
        parse(text, "plan.toml")
    except PlanErrors as error:
        return error.sentences
    return []


def said_of_bonus(keys: str) -> list[str]:
    """What is said about a plan of one bonus; line 1 is its first line."""
    found = []
    for sentence in said_of(with_bonus(keys)):
        _, line, rest = sentence.split(":", 2)
        found.append(f"{int(line) - FIRST_LINE + 1}:{rest}")
    return found
