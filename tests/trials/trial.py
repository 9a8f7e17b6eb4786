"""A company of four, its files, and `plan try` on them."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from upline.shell import plan_commands

MEMBERS = """id,sponsor,placement,position,joined
ann,,,,2026-01-01
bob,ann,ann,L,2026-01-02
cid,ann,ann,R,2026-01-02
dee,bob,bob,L,2026-01-03
"""
ORDERS = """id,member,date,amount,pv,customer
o1,bob,2026-01-10,100.00,100,member
o2,cid,2026-01-11,80.00,80,retail
o3,dee,2026-01-12,50.00,50,preferred
"""
PLAN = """
name = "Two ways"

[[bonuses]]
name = "levels"
kind = "levels"
percents = [10, 5]

[[bonuses]]
name = "pairs"
kind = "binary"
unit = "40.00"
pair_amount = "4.00"
"""
PACKAGES = """
[[bonuses]]
name = "welcome"
kind = "referral"
on = "first order"
by = "package"
[bonuses.percents]
Basic = 10
"""


@dataclass
class Tried:
    """What a trial came to: exit code, stdout, stderr."""

    code: int
    output: bytes
    said: str

    @property
    def document(self) -> Any:
        """The output as JSON, its numbers exact."""
        return json.loads(self.output, parse_float=Decimal)

    @property
    def rows(self) -> list[dict[str, str]]:
        """The output as CSV."""
        return list(csv.DictReader(io.StringIO(self.output.decode(), newline="")))


@dataclass
class Trial:
    """Files in a folder, and the command on them."""

    folder: Path
    captured: pytest.CaptureFixture[bytes]
    plan: str = PLAN
    members: str | bytes = MEMBERS
    orders: str | bytes = ORDERS
    positions: str = ""
    words: list[str] = field(default_factory=list)

    def write_all(self) -> None:
        """Write the files as they are now."""
        for name in ("plan", "members", "orders"):
            text = getattr(self, name)
            data = text if isinstance(text, bytes) else text.encode()
            (self.folder / self.file(name)).write_bytes(data)
        if self.positions:
            (self.folder / "positions.csv").write_text(self.positions)

    @staticmethod
    def file(name: str) -> str:
        """What one of the files is called."""
        return "plan.toml" if name == "plan" else f"{name}.csv"

    @staticmethod
    def arguments(*words: str, plan: str = "plan.toml") -> list[str]:
        """The words after `./upline plan`."""
        return ["try", plan, "--members", "members.csv", "--orders", "orders.csv", *words]

    def run(self, *words: str, plan: str = "plan.toml") -> Tried:
        """Try the plan, in the folder of the files."""
        self.write_all()
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            self.captured.readouterr()
            code = plan_commands.main(self.arguments(*words, plan=plan))
        finally:
            os.chdir(before)
        output, said = self.captured.readouterr()
        return Tried(code, output, said.decode())

    def json(self, *words: str, plan: str = "plan.toml") -> Any:
        """The JSON of a trial that works."""
        tried = self.run("--format", "json", *words, plan=plan)
        assert tried.code == 0, tried.said
        return tried.document

    def files(self) -> set[str]:
        """All files in the folder."""
        return {path.name for path in self.folder.iterdir()}
