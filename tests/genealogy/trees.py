"""Trees of new members, and the same in plain Python."""

import random

import psycopg

from upline.base import clock
from upline.markets.models import Market
from upline.members import statements

LEFT, RIGHT = 1, 2


class Tree:
    """New members below one that stands there already, and the same in plain Python."""

    def __init__(self, connection: "psycopg.Connection[tuple[int, ...]]", top: int) -> None:
        self.connection = connection
        self.top = top
        self.parents: dict[int, int] = {}
        self.taken: dict[tuple[int, int], int] = {}

    def people(self, number: int) -> list[int]:
        now = clock.now()
        cursor = self.connection.cursor()
        users = [
            {"username": f"node{each}", "email": "", "password": "", "now": now}
            for each in range(number)
        ]
        cursor.executemany(statements.ADD_USER, users)
        cursor.execute("SELECT id FROM members_user WHERE username ~ '^node[0-9]+$' ORDER BY id")
        ids = [row[0] for row in cursor.fetchall()]
        market_id = Market.objects.get().pk
        blank = dict.fromkeys(("firstname", "lastname", "email", "mobile", "terms_version"), "")
        members = [
            {**blank, "user_id": each, "package_id": None, "date_of_birth": None,
             "now": now, "address": "", "kind": "member", "market_id": market_id,
             "member_since": now, "country_id": None}
            for each in ids
        ]  # fmt: skip
        cursor.executemany(statements.ADD_MEMBER, members)
        return ids

    def place(self, member: int, above: int, side: int) -> bool:
        placed = self.ask(
            "SELECT genealogy_place(%s, %s, %s, %s::smallint, 'binary', now(), '(shell,,,)')",
            member, above, above, side,
        )  # fmt: skip
        if placed:
            self.parents[member] = above
            self.taken[above, side] = member
        return bool(placed)

    def in_team(self, top: int, bottom: int) -> bool:
        return bool(self.ask("SELECT genealogy_in_team(%s, %s)", top, bottom))

    def walks_up_to(self, top: int, bottom: int) -> bool:
        """The plain way to ask whether somebody stands in a team."""
        here: int | None = bottom
        while here is not None and here != top:
            here = self.parents.get(here)
        return here == top

    def outer_end(self, top: int, side: int) -> int:
        """The plain way to the end of a leg."""
        while (top, side) in self.taken:
            top = self.taken[top, side]
        return top

    def tail(self, top: int, side: int) -> int:
        chain = {LEFT: "left_chain_id", RIGHT: "right_chain_id"}[side]
        return self.ask(
            f"""SELECT tail_id FROM genealogy_chain
                WHERE id = (SELECT {chain} FROM genealogy_position WHERE id = %s)""",
            top,
        )

    def ask(self, statement: str, *parameters: int) -> int:
        row = self.connection.execute(statement, parameters).fetchone()
        assert row is not None
        return row[0]


def grow(tree: Tree, chance: random.Random, number: int) -> None:
    """So many members at random free places."""
    for member in tree.people(number):
        while not tree.place(
            member, chance.choice([tree.top, *tree.parents]), chance.choice((LEFT, RIGHT))
        ):
            pass


def above(tree: Tree, chance: random.Random, member: int) -> int:
    line = [member]
    while line[-1] in tree.parents:
        line.append(tree.parents[line[-1]])
    return chance.choice(line)
