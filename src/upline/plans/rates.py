"""The rates of a run, as a web process may know them: nothing here calculates."""

from __future__ import annotations

from dataclasses import dataclass

MILLION = 1_000_000
"""Millionths in one."""


@dataclass(frozen=True, slots=True)
class RunRate:
    """A market on the last day of a run: its id, its currency with the decimals, and what one unit
    (1.00) of the plan currency and one point are worth in it, in millionths of a unit. `per_point`
    None: the plan's value of a point times `per_unit`. `code` names the market in plans."""

    market: int
    currency: str
    decimals: int
    per_unit: int = MILLION
    per_point: int | None = None
    code: str = ""
