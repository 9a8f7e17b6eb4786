"""Two recordings side by side: what became different, and whether that is allowed.

The documented calls keep status, code, field names, JSON types and values. Allowed are another
English text of an error's `description` and `fields`, other words around the same numbers in a
`sentence` that explains them (also in a statement's CSV), new keys at the end of an object, and
what ACCEPTED lists with its reason."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

TEXT, ADDED, ACCEPTED_AS, BREACH = "text", "new key", "accepted", "BREACH"

# Differences that the published API announces: (call, where, why), both as regular expressions
# over what a difference prints.
ACCEPTED: tuple[tuple[str, str, str], ...] = (
    (
        r"earning 119: GET earnings/<run 1>/$",
        r"status|answer\..+",
        "a run that came to nothing for the caller says so, and why",
    ),
)

_TEXTS = re.compile(r"answer\.error\.(description|fields\.[^.]+)")
_SENTENCES = re.compile(r"answer\..+\.sentence")
_LINES_OF_CSV = re.compile(r"answer\[\d+\]")
_NUMBERS = re.compile(r"\d[\d,.]*\d|\d")
_OBJECT_OF_FIELDS = "answer.error.fields"


@dataclass(frozen=True)
class Difference:
    """`call` is the recorded request, `where` the path of keys into it."""

    kind: str
    call: str
    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.kind:<8}  {self.call}\n          {self.where}: {self.sentence}"


def differences(
    scene: str, before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> Iterator[Difference]:
    """What differs between two recordings of a scene, in the order of its requests."""
    for number, (was, now) in enumerate(zip(before, after, strict=False), 1):
        call = f"{scene} {number}: {was['call']}"
        if was["call"] != now["call"] or was.get("sent") != now.get("sent"):
            told = f"another request was sent, {now['call']}: record the answers anew"
            yield Difference(BREACH, call, "call", told)
            return
        for name in ("status", "headers", "answer"):
            for found in _unlike(name, was.get(name), now.get(name)):
                yield _classified(call, *found)
    if len(before) != len(after):
        counts = f"{len(before)} requests were recorded, {len(after)} were made"
        yield Difference(BREACH, scene, "requests", counts)


def _classified(call: str, kind: str, where: str, sentence: str) -> Difference:
    if kind == BREACH:
        for its_call, its_place, why in ACCEPTED:
            if re.search(its_call, call) and re.fullmatch(its_place, where):
                return Difference(ACCEPTED_AS, call, where, f"{sentence} ({why})")
    return Difference(kind, call, where, sentence)


def _unlike(where: str, before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _unlike_objects(where, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            yield BREACH, where, f"had {len(before)} entries, has {len(after)}"
        for index, (was, now) in enumerate(zip(before, after, strict=False)):
            yield from _unlike(f"{where}[{index}]", was, now)
    elif _type(before) != _type(after):
        yield BREACH, where, f"was {_shown(before)}, is {_shown(after)}: another JSON type"
    elif str(before) != str(after):
        kind = TEXT if _is_only_text(where, str(before), str(after)) else BREACH
        yield kind, where, f"was {_shown(before)}, is {_shown(after)}"


def _is_only_text(where: str, before: str, after: str) -> bool:
    """Whether the two differ in nothing but how an English sentence says the same."""
    if _TEXTS.fullmatch(where):
        return bool(after)
    if _SENTENCES.fullmatch(where):
        return _has_the_same_numbers(before, after)
    if _LINES_OF_CSV.fullmatch(where):
        cells, others = (next(csv.reader([line]), []) for line in (before, after))
        return len(cells) == len(others) and all(
            cell == other or (" " in cell and _has_the_same_numbers(cell, other))
            for cell, other in zip(cells, others, strict=True)
        )
    return False


def _has_the_same_numbers(before: str, after: str) -> bool:
    return bool(after) and sorted(_NUMBERS.findall(before)) == sorted(_NUMBERS.findall(after))


def _unlike_objects(
    where: str, before: dict[str, Any], after: dict[str, Any]
) -> Iterator[tuple[str, str, str]]:
    kept = [name for name in after if name in before]
    for name in before:
        if name not in after:
            yield BREACH, f"{where}.{name}", f"was {_shown(before[name])}, is gone"
    if kept != [name for name in before if name in after]:
        yield BREACH, where, f"the keys have another order: {', '.join(after)}"
    for index, name in enumerate(after):
        if name not in before:
            # Another header, or another field that is refused, is another answer.
            is_at_end = not any(later in before for later in list(after)[index:])
            is_allowed = is_at_end and where.startswith("answer") and where != _OBJECT_OF_FIELDS
            told = "new at the end" if is_at_end else "new, but not at the end"
            yield ADDED if is_allowed else BREACH, f"{where}.{name}", told
    for name in kept:
        yield from _unlike(f"{where}.{name}", before[name], after[name])


def _type(value: Any) -> str:
    if isinstance(value, str) and value.startswith("<int "):
        return "number"
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return "number"
    return type(value).__name__


def _shown(value: Any) -> str:
    text = repr(str(value) if isinstance(value, Decimal) else value)
    return text if len(text) <= 200 else f"{text[:200]}…"
