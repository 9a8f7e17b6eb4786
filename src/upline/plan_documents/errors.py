"""What is wrong with a plan's file, said to its owner."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Path = tuple[str | int, ...]
"""Where in a document: keys, and places in lists from 0."""

LONGEST_QUOTE = 60


class PlanErrors(Exception):
    """A plan that cannot be used. `sentences`: each begins with file and line."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(slots=True)
class Problems:
    """Everything found so far: where, and a sentence."""

    found: dict[tuple[Path, str], None] = field(default_factory=dict)

    def add(self, path: Path, sentence: str) -> None:
        """Note a problem; the same one at the same place counts once."""
        self.found[path, sentence] = None


def did_you_mean(said: str, known: Iterable[str]) -> str:
    """`; did you mean "Silver"?` where something known is close, else nothing."""
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(said[:LONGEST_QUOTE].casefold(), folded, n=1, cutoff=0.6)
    return f"; did you mean {quoted(folded[close[0]])}?" if close else ""


def unknown(what: str, said: str, known: Iterable[str]) -> str:
    """A sentence for a name that there is not."""
    names = list(known)
    hint = did_you_mean(said, names) or f" ({', '.join(names[:20])})."
    return f"there is no {what} {quoted(said)}{hint}"


def quoted(said: object) -> str:
    """A value as it would stand in the file, safe for a terminal and cut where it is long."""
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, (list, dict)):
        return "a list" if isinstance(said, list) else "a table"
    if isinstance(said, (int, Decimal, float, date)):
        return _cut(_number_or_date(said))
    text = _cut(str(said))
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _number_or_date(said: int | Decimal | float | date) -> str:
    if isinstance(said, int) and said.bit_length() > LONGEST_QUOTE * 3:
        return "so long a number"
    return str(said)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def listed(names: Iterable[str], last: str = "or") -> str:
    """`"a"`, `"a" or "b"`, `"a", "b" or "c"`."""
    *before, final = [quoted(name) for name in names]
    return f"{', '.join(before)} {last} {final}" if before else final
