"""Reports read back from CSV, and what the books say themselves, as plain lists."""

import csv
import io
from dataclasses import dataclass
from typing import Any

Row = dict[str, str]
Sections = dict[str, list[Row]]

SIGNS = {
    f"commission{part}{back}": -1 if back else 1
    for part in ("", "_purchase", "_charge", "_tax")
    for back in ("", "_back")
}


@dataclass(frozen=True)
class Transfer:
    """What a run moved for a member; `amount` below zero where it took back."""

    kind: str
    run: int
    member: str
    amount: int
    day: str

    @property
    def is_paid(self) -> bool:
        return "_charge" not in self.kind and "_tax" not in self.kind


@dataclass(frozen=True)
class Bought:
    """Pieces of one price; below zero where they were taken back."""

    member: str
    buyer: str
    price: int
    tax: int
    quantity: int
    day: str


class Books:
    """The books from the first to the last of these days; `said` is what `story.books` gives."""

    def __init__(self, said: dict[str, Any], first: str, last: str) -> None:
        transfers = [
            Transfer(kind, run, member, SIGNS[kind] * amount, day)
            for kind, run, member, amount, day in said["transfers"]
            if kind in SIGNS
        ]
        bought = [Bought(*row) for row in said["bought"]]
        bought += [Bought(*(*row[:4], -row[4], row[5])) for row in said["refunded"]]
        self.all_transfers = transfers
        self.transfers = [each for each in transfers if first <= each.day <= last]
        self.bought = [each for each in bought if first <= each.day <= last]
        self.parents: dict[str, str] = said["parents"]
        self.ranks = {who: rank for who, rank, day in said["ranks"] if day <= last}
        self.taxed: list[list[Any]] = said["taxed"]

    def paid(self, member: str) -> int:
        return sum(t.amount for t in self.transfers if t.member == member and t.is_paid)

    def gross(self, member: str) -> int:
        return sum(t.amount for t in self.transfers if t.member == member)

    def part(self, member: str, word: str) -> int:
        return sum(t.amount for t in self.transfers if t.member == member and word in t.kind)

    def spent(self, member: str) -> int:
        return sum(
            b.price * b.quantity for b in self.bought if b.member == member and b.buyer == "member"
        )

    def sold(self, member: str, *buyers: str) -> int:
        return sum(
            (b.price - b.tax) * b.quantity
            for b in self.bought
            if b.member == member and b.buyer in buyers
        )

    def team(self, member: str) -> list[str]:
        """The member and all below."""
        below = [child for child, parent in self.parents.items() if parent == member]
        return [member, *(one for child in below for one in self.team(child))]


def sections(text: str) -> Sections:
    """The tables of a CSV file with several of them, by their titles; totals are the last row."""
    found: Sections = {}
    rows = list(csv.reader(io.StringIO(text)))
    while rows:
        title, *rest = rows
        end = next((place for place, row in enumerate(rest) if not any(row)), len(rest))
        header, *body = rest[:end]
        header = [name for name in header if name]
        assert len(set(header)) == len(header)
        found[title[0]] = [dict(zip(header, row, strict=False)) for row in body]
        rows = rest[end + 1 :]
    return found


def euros(amount: int | None) -> str:
    """An amount as CSV has it."""
    if amount is None:
        return ""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02}"


def percent(part: int, whole: int) -> str:
    """A share as CSV has it, rounded down."""
    return euros(part * 10_000 // whole) if whole > 0 else ""
