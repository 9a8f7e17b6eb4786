"""`./upline plan try` on a plan and a small company that are written in the test."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from upline.shell import plan_commands

JOINED, ORDERED = "2026-01-01", "2026-01-15"


@dataclass(frozen=True)
class Trial:
    """What a trial printed as JSON."""

    printed: dict[str, Any]

    def lines(
        self, bonus: str, period: str | None = None
    ) -> list[tuple[str, Decimal | int, str | None]]:
        """Member, amount and source of each line of a bonus, or of one of its runs."""
        return [
            (line["member"], line["amount"], line["source"])
            for line in self.printed["lines"]
            if line["bonus"] == bonus and period in (None, line["period"])
        ]

    def sums(self, bonus: str) -> dict[str, Decimal]:
        """What each member got by one bonus, or what was taken off by this name."""
        sums: dict[str, Decimal] = {}
        for member, amount, _ in self.lines(bonus):
            sums[member] = sums.get(member, Decimal(0)) + amount
        return sums

    @property
    def totals(self) -> dict[str, Decimal]:
        """Each member's total."""
        return dict(self.printed["totals"])

    @property
    def ranks(self) -> dict[str, str]:
        """The rank that each member who has one is paid as."""
        return {member: held["rank"] for member, held in self.printed["ranks"].items()}

    @property
    def carry(self) -> dict[str, Any]:
        """What is carried over."""
        return dict(self.printed["carry"])


@dataclass(frozen=True)
class PlanTrials:
    """Writes the three files and runs the command on them, in this process."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, plan: str, members: str, orders: str, *arguments: str) -> Trial:
        for name, text in (("plan.toml", plan), ("members.csv", members), ("orders.csv", orders)):
            (self.folder / name).write_text(text)
        self.capsys.readouterr()
        code = plan_commands.main(
            ["try", str(self.folder / "plan.toml"), "--members", str(self.folder / "members.csv"),
             "--orders", str(self.folder / "orders.csv"), "--format", "json", *arguments]
        )  # fmt: skip
        said = self.capsys.readouterr()
        assert (code, said.err) == (0, "")
        return Trial(json.loads(said.out, parse_float=Decimal, parse_int=Decimal))


def members(*said: str) -> str:
    """members.csv of "bert anna" (sponsored by anna) and "bert anna L" (and placed on the left)."""
    rows = ["id,sponsor,placement,position,joined"]
    for text in said:
        name, sponsor, position = (*text.split(), "", "")[:3]
        rows.append(f"{name},{sponsor},{sponsor},{position},{JOINED}")
    return "\n".join(rows) + "\n"


def orders(*said: str) -> str:
    """orders.csv of "bert 100" (value and points), "bert 100 40", then a date, then a customer."""
    rows = ["id,member,date,amount,pv,customer"]
    for number, text in enumerate(said, 1):
        member, value, *rest = text.split()
        points, day, customer = (*rest, *(value, ORDERED, "member")[len(rest) :])
        rows.append(f"o{number},{member},{day},{value},{points},{customer}")
    return "\n".join(rows) + "\n"
