"""The statements of a call as a script for pgbench, and pgbench's figures for it.

A parameter that two recordings of the call have in common stays as it is. One that is a fact of
the member, or that an earlier statement answered, becomes that fact or that answer. What else
differs was drawn at random or names somebody new: it is made unique."""

import os
import re
import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby, zip_longest
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from psycopg.adapt import PyFormat, Transformer
from psycopg.types.json import Jsonb
from recording import Statement

from upline.launch.binaries import find_binaries

_PLACEHOLDER = re.compile(r"%s|%\((\w+)\)s")
_WORD = re.compile(r"(\w+)")
_DRAW = """\\if :left = 0
\\set number random(0, :members - 1)
SELECT member_id, username, token, address, '@' || address AS at_address
FROM benchmark_member WHERE number = :number \\gset
\\set left :visit
\\endif
\\set left :left - 1
\\set unique random(1, 1000000000000)
"""


class Script:
    """Two recordings of one call by members of known facts, woven into one script."""

    def __init__(
        self,
        recordings: tuple[list[Statement], list[Statement]],
        facts: tuple[dict[str, Any], dict[str, Any]],
    ) -> None:
        self.recordings, self.facts = recordings, facts
        self.values: dict[str, str] = {}
        self.answers: set[int] = set()
        self.made: dict[tuple[str, str], int] = {}

    def text(self) -> str:
        """The script. Raises ValueError where the two recordings are not the same statements."""
        pairs = list(zip(*self.recordings, strict=True))
        written = [self._statement(index, *pair) for index, pair in enumerate(pairs)]
        lines = []
        for index, text in enumerate(written):
            lines.append(f"{text} \\gset s{index}_" if index in self.answers else f"{text};")
        return _DRAW + "\n".join(lines) + "\n"

    def _statement(self, index: int, one: Statement, other: Statement) -> str:
        if one.text != other.text:
            raise ValueError(f"not the same statement: {one.text} and {other.text}")
        if one.parameters is None:
            return _on_one_line(one.text)
        positions = iter(range(1000))

        def replace(found: re.Match[str]) -> str:
            key = found[1] or next(positions)
            return self._expression(index, one.parameters[key], other.parameters[key])

        return _on_one_line(_PLACEHOLDER.sub(replace, one.text).replace("%%", "%"))

    def _expression(self, index: int, one: Any, other: Any) -> str:
        if isinstance(one, date):
            # Without a type, what is subtracted from it may be anything.
            kind = "timestamptz" if isinstance(one, datetime) else "date"
            return f"{self._constant(one)}::{kind}"
        if _as_text(one) == _as_text(other):
            return self._constant(one)
        known = self._known(index, one, other)
        if known or isinstance(one, bytes):
            return known or self._constant(one)
        if isinstance(one, list):
            parts = [self._expression(index, *pair) for pair in zip(one, other, strict=True)]
            cast = "::bigint[]" if isinstance(one[0], int) else ""
            return f"ARRAY[{', '.join(parts)}]{cast}"
        text = self._in_parts(index, _as_text(one), _as_text(other))
        return f"{text}::jsonb" if isinstance(one, Jsonb) else text

    def _in_parts(self, index: int, one: str, other: str) -> str:
        """Text that holds what differs: `payment:5f2c`, `(mail:12,"{""mail_id"": 12}")`."""
        pairs = list(zip_longest(_WORD.split(one), _WORD.split(other)))
        if None in pairs[-1]:
            return self._constant(one)
        parts = []
        for is_same, run in groupby(pairs, key=lambda pair: pair[0] == pair[1]):
            if is_same:
                parts.append(self._constant("".join(part for part, _ in run)))
            else:
                parts += [self._part(index, *pair) for pair in run]
        return f"concat({', '.join(f'{part}::text' for part in parts)})"

    def _part(self, index: int, one: str, other: str) -> str:
        # What an earlier statement has made unique is the same from then on.
        made = self.made.setdefault((one, other), index)
        return self._known(index, one, other) or f":unique::text || '-{made}'"

    def _known(self, index: int, one: Any, other: Any) -> str | None:
        """A fact of the member, or what an earlier statement answered."""
        pair = (_as_text(one), _as_text(other))
        for name, value in self.facts[0].items():
            if pair == (_as_text(value), _as_text(self.facts[1][name])):
                return f":{name}"
        for earlier in reversed(range(index)):
            first, second = (recording[earlier].answered for recording in self.recordings)
            for column in first:
                if pair == (first[column], second.get(column)):
                    self.answers.add(earlier)
                    return f":s{earlier}_{column}"
        return None

    def _constant(self, value: Any) -> str:
        if value is None:
            return "NULL"
        text = _as_text(value)
        if not text:
            return "''"
        name = next((name for name, known in self.values.items() if known == text), None)
        name = name or f"value{len(self.values)}"
        self.values[name] = text
        return f":{name}"


def _on_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip("; ")


def _as_text(value: Any) -> str:
    """As PostgreSQL reads it."""
    if value is None:
        return ""
    dumped = Transformer().get_dumper(value, PyFormat.TEXT).dump(value)
    return bytes(dumped or b"").decode()


def measure(
    url: str, script: Script, connections: int, seconds: float, members: int, visit: int
) -> float:
    """Transactions per second of the script, each statement prepared."""
    with NamedTemporaryFile("w", suffix=".pgbench") as file:
        Path(file.name).write_text(script.text())
        command = [
            *[find_binaries().path("pgbench"), "--no-vacuum", "--protocol", "prepared"],
            *["--client", str(connections), "--jobs", "2", "--time", str(max(1, round(seconds)))],
            *["--file", file.name, *_variables(script, members, visit), url],
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=dict(os.environ)
        )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if done.returncode or found is None:
        raise RuntimeError(f"{done.stderr}\n{script.text()}")
    return float(found[1])


def _variables(script: Script, members: int, visit: int) -> Iterator[str]:
    values = {"members": members, "visit": visit, "left": 0, **script.values}
    for name, value in values.items():
        yield f"--define={name}={value}"
