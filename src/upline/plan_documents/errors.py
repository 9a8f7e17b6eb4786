"""What is wrong with a plan's file, said to its owner."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from upline.language import gettext, lazy

Path = tuple[str | int, ...]
"""Where in a document: keys, and places in lists from 0."""

LONGEST_QUOTE = 60
_OFTEN = {"day": lazy("every day"), "week": lazy("every week"), "month": lazy("every month")}


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


def did_you_mean(sentence: str, said: str, known: Iterable[str]) -> str:
    """`sentence; did you mean "Silver"?` where something known is close to what was said, else
    nothing. `sentence` has no full stop."""
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(said[:LONGEST_QUOTE].casefold(), folded, n=1, cutoff=0.6)
    if not close:
        return ""
    name = quoted(folded[close[0]])
    return gettext("{sentence}; did you mean {name}?", sentence=sentence, name=name)


def unknown(sentence: str, said: str, known: Iterable[str]) -> str:
    """The sentence about a name that there is not, with the one that was meant, or with those that
    there are. `sentence` has no full stop."""
    names = list(known)
    hint = did_you_mean(sentence, said, names)
    shown = ", ".join(names[:20])
    return hint or gettext("{sentence} ({names}).", sentence=sentence, names=shown)


def often(every: object) -> str:
    """How often something is calculated, by the length of its periods: `every week`."""
    return str(_OFTEN.get(str(every), every))


def quoted(said: object) -> str:
    """A value as it would stand in the file, safe for a terminal and cut where it is long."""
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, (list, dict)):
        return gettext("a list") if isinstance(said, list) else gettext("a table")
    if isinstance(said, (int, Decimal, float, date)):
        return _cut(_number_or_date(said))
    text = _cut(str(said))
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _number_or_date(said: int | Decimal | float | date) -> str:
    if isinstance(said, int) and said.bit_length() > LONGEST_QUOTE * 3:
        return gettext("so long a number")
    return str(said)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def either(names: Iterable[object]) -> str:
    """`"a"`, `"a" or "b"`, `"a", "b" or "c"`."""
    *before, last = [quoted(name) for name in names]
    return gettext("{names} or {last}", names=", ".join(before), last=last) if before else last


def all_of(names: Iterable[object]) -> str:
    """`"a"`, `"a" and "b"`, `"a", "b" and "c"`."""
    *before, last = [quoted(name) for name in names]
    return gettext("{names} and {last}", names=", ".join(before), last=last) if before else last
