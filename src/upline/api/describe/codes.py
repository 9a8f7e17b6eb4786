"""The table of error codes: those of the published API (1001 to 1019), then ours.

It is made of the refusals themselves, and is complete once whatever may refuse is imported."""

from typing import NamedTuple

from upline.base.errors import Refusal


class Code(NamedTuple):
    """A row of the table."""

    code: str
    statuses: list[int]
    meaning: str


def table() -> list[Code]:
    """Every code with each status that it comes with, and what it means."""
    statuses: dict[str, set[int]] = {}
    meanings: dict[str, str] = {}
    for kind in refusals():
        statuses.setdefault(kind.code, set()).add(kind.status)
        if "meaning" in vars(kind):
            assert kind.code not in meanings, f"{kind.code} has two meanings"
            meanings[kind.code] = kind.meaning
    return [Code(code, sorted(statuses[code]), meanings[code]) for code in sorted(statuses)]


def refusals(kind: type[Refusal] = Refusal) -> set[type[Refusal]]:
    """Every class of refusals that is imported."""
    return {kind}.union(*(refusals(each) for each in kind.__subclasses__()))


def as_markdown() -> str:
    """The table for people who read the OpenAPI document, or docs/api.md."""
    lines = [
        f"| {each.code} | {', '.join(map(str, each.statuses))} | {each.meaning} |"
        for each in table()
    ]
    return "\n".join(["| code | status | meaning |", "| --- | --- | --- |", *lines])
