"""Reports read back from CSV, and what the books say themselves, as plain lists."""

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

Row = dict[str, str]
Sections = dict[str, list[Row]]

# Everything that reports are made of, as it is stored.
BOOKS = """
from upline.base import sql
from datetime import date
print(json.dumps({
    "transfers": [list(row) for row in sql.rows('''
        SELECT transfer.kind, run_id, username, amount, business_date::text
        FROM wallet_transfer transfer JOIN members_user ON members_user.id = member_id
        WHERE transfer.kind LIKE 'commission%%' ORDER BY transfer.id''')],
    "bought": [list(row) for row in sql.rows('''
        SELECT username, buyer, price, tax, quantity, business_date::text
        FROM orders_order JOIN orders_orderline line ON line.order_id = orders_order.id
        JOIN members_user ON members_user.id = member_id
        WHERE status IN ('complete', 'refunded')''')],
    "refunded": [list(row) for row in sql.rows('''
        SELECT username, buyer, price, tax, taken.quantity, refund.business_date::text
        FROM orders_refundline taken JOIN orders_orderline line ON line.id = line_id
        JOIN orders_refund refund ON refund.id = refund_id
        JOIN orders_order ON orders_order.id = line.order_id
        JOIN members_user ON members_user.id = member_id''')],
    "parents": {row.child: row.parent for row in sql.rows('''
        SELECT child.username AS child, parent.username AS parent FROM genealogy_position node
        JOIN members_user child ON child.id = node.member_id
        JOIN members_user parent ON parent.id = node.parent_id''')},
    "ranks": [list(row) for row in sql.rows('''
        SELECT username, rank_name, since::date::text FROM members_rankfact
        JOIN members_user ON members_user.id = member_id
        ORDER BY since, members_rankfact.id''')],
    "taxed": [list(row) for row in sql.rows('''
        SELECT run_id, username, base FROM commissions_line
        JOIN members_user ON members_user.id = member_id WHERE bonus = -3''')],
}))
"""
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
    """The books from the first to the last of these days."""

    def __init__(self, printed: str, first: str, last: str) -> None:
        said: dict[str, Any] = json.loads(printed)
        transfers = [
            Transfer(kind, run, member, SIGNS[kind] * amount, day)
            for kind, run, member, amount, day in said["transfers"]
            if kind in SIGNS
        ]
        bought = [Bought(*row) for row in said["bought"]]
        bought += [Bought(*row[:4], -row[4], row[5]) for row in said["refunded"]]
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
