"""Everything that reports are made of, as it is stored."""

import io
from typing import Any, NamedTuple

from django.core.management import CommandError, call_command

from upline.base import sql
from upline.company import current


class Paid(NamedTuple):
    kind: str
    run_id: int | None
    username: str
    amount: int
    business_date: str


class Pieces(NamedTuple):
    """Pieces of one price that were bought, or taken back."""

    username: str
    buyer: str
    price: int
    tax: int
    quantity: int
    business_date: str


class Ranked(NamedTuple):
    username: str
    rank_name: str
    since: str


class Taxed(NamedTuple):
    run_id: int
    username: str
    base: int


class Placed(NamedTuple):
    child: str
    parent: str


def books_as_stored() -> dict[str, Any]:
    return {
        "transfers": sql.rows(
            Paid,
            """SELECT transfer.kind, run_id, username, amount, business_date::text
               FROM wallet_transfer transfer JOIN members_user ON members_user.id = member_id
               WHERE transfer.kind LIKE 'commission%%' ORDER BY transfer.id""",
        ),
        "bought": sql.rows(
            Pieces,
            """SELECT username, buyer, price, tax, quantity, business_date::text
               FROM orders_order JOIN orders_orderline line ON line.order_id = orders_order.id
               JOIN members_user ON members_user.id = member_id
               WHERE status IN ('complete', 'refunded')""",
        ),
        "refunded": sql.rows(
            Pieces,
            """SELECT username, buyer, price, tax, taken.quantity, refund.business_date::text
               FROM orders_refundline taken JOIN orders_orderline line ON line.id = line_id
               JOIN orders_refund refund ON refund.id = refund_id
               JOIN orders_order ON orders_order.id = line.order_id
               JOIN members_user ON members_user.id = member_id""",
        ),
        "parents": dict(
            sql.rows(
                Placed,
                """SELECT child.username AS child, parent.username AS parent
                   FROM genealogy_position node
                   JOIN members_user child ON child.id = node.member_id
                   JOIN members_user parent ON parent.id = node.parent_id""",
            )
        ),
        "ranks": sql.rows(
            Ranked,
            """SELECT username, rank_name, since::date::text FROM members_rankfact
               JOIN members_user ON members_user.id = member_id
               ORDER BY since, members_rankfact.id""",
        ),
        "taxed": sql.rows(
            Taxed,
            """SELECT run_id, username, base FROM commissions_line
               JOIN members_user ON members_user.id = member_id WHERE bonus = -3""",
        ),
    }


def says(asked: list[list[str]]) -> list[str]:
    """What the command prints for each of these, or the sentence that it refuses with."""
    said = []
    for words in asked:
        out = io.StringIO()
        try:
            call_command("report", *words, stdout=out)
            said.append(out.getvalue())
        except CommandError as refused:
            said.append(str(refused))
    return said


def today_of_the_company() -> str:
    return str(current.today())
