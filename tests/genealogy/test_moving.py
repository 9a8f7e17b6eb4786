"""Moved members: every derived column is that of a tree built anew from the parents."""

import random

from genealogy.trees import LEFT, RIGHT, Tree, grow

MEMBERS, MOVES, WIDTH = 120, 80, 3


def test_after_random_moves_a_binary_tree_is_what_a_new_one_would_be(tree: Tree) -> None:
    chance = random.Random(23)
    grow(tree, chance, MEMBERS)
    for _ in range(MOVES):
        member = chance.choice(list(tree.parents))
        above, side = chance.choice([tree.top, *tree.parents]), chance.choice((LEFT, RIGHT))
        if (above, side) in tree.taken or tree.walks_up_to(member, above):
            continue
        move(tree, member, above, side, "binary")
        tree.taken = {place: who for place, who in tree.taken.items() if who != member}
        tree.taken[above, side] = member
    assert stored(tree) == built_anew(tree)
    for one in (tree.top, *tree.parents):
        for side in (LEFT, RIGHT):
            assert tree.tail(one, side) == tree.outer_end(one, side)
    chains = tree.ask("SELECT count(*) FROM genealogy_chain WHERE tail_id IS NULL")
    assert chains == 0
    ends = "SELECT count(*) FROM (SELECT id FROM genealogy_chain WHERE tail_id = %s) ends"
    for one in (tree.top, *tree.parents):
        assert tree.ask(ends, one) == sum((one, side) not in tree.taken for side in (LEFT, RIGHT))


def test_after_random_moves_a_matrix_is_what_a_new_one_would_be(tree: Tree) -> None:
    chance = random.Random(29)
    tree.connection.execute(
        "UPDATE genealogy_position SET open_depth = depth + 1 WHERE id = %s", [tree.top]
    )
    for member in tree.people(MEMBERS):
        above, side = free_place(tree, chance)
        put = "SELECT genealogy_place(%s, %s, %s, %s::smallint, 'matrix', now(), '(shell,,,)')"
        assert tree.ask(put, member, above, above, side)
        tree.ask("SELECT genealogy_reopen(%s, %s)::text", above, WIDTH)
        tree.parents[member], tree.taken[above, side] = above, member
    for _ in range(MOVES):
        member = chance.choice(list(tree.parents))
        above, side = free_place(tree, chance)
        if tree.walks_up_to(member, above):
            continue
        move(tree, member, above, side, "matrix")
        tree.taken = {place: who for place, who in tree.taken.items() if who != member}
        tree.taken[above, side] = member
    anew = built_anew(tree)
    assert stored(tree) == anew
    rows = tree.connection.execute(
        "SELECT id, open_depth FROM genealogy_position WHERE id = ANY (%s)",
        [[tree.top, *tree.parents]],
    )
    assert {row[0]: row[1] for row in rows.fetchall()} == open_depths(
        tree, {one: anew[one][1] for one in anew}
    )


def free_place(tree: Tree, chance: random.Random) -> tuple[int, int]:
    while True:
        place = chance.choice([tree.top, *tree.parents]), chance.randint(1, WIDTH)
        if place not in tree.taken:
            return place


def move(tree: Tree, member: int, above: int, side: int, kind: str) -> None:
    below = sum(tree.walks_up_to(member, each) for each in tree.parents)
    touched = tree.ask(
        f"SELECT genealogy_move(%s, %s, %s, %s::smallint, '{kind}', {WIDTH}, now(), '(shell,,,)')",
        member, tree.top, above, side,
    )  # fmt: skip
    is_there = tree.taken.get((above, side)) == member
    assert touched == (0 if is_there else below)
    tree.parents[member] = above


def stored(tree: Tree) -> dict[int, tuple[int | None, int, int]]:
    rows = tree.connection.execute(
        """SELECT id, parent_id, depth, jump_id FROM genealogy_position
           WHERE id = ANY (%s)""",
        [[tree.top, *tree.parents]],
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows.fetchall()}


def built_anew(tree: Tree) -> dict[int, tuple[int | None, int, int]]:
    """Parent, depth and jump of each, calculated from the parents alone."""
    rows = tree.connection.execute("SELECT id, parent_id, depth, jump_id FROM genealogy_position")
    known = {
        row[0]: (row[1], row[2], row[3]) for row in rows.fetchall() if row[0] not in tree.parents
    }
    built = dict(known)

    def build(one: int) -> tuple[int | None, int, int]:
        if one not in built:
            above = tree.parents[one]
            _, depth, jump = build(above)
            built[one] = above, depth + 1, jump_below(above, depth, jump)
        return built[one]

    def jump_below(above: int, depth: int, jump: int | None) -> int:
        if jump is None or built[jump][2] is None:
            return above
        over, next_jump = built[jump][1], built[jump][2]
        return next_jump if depth - over == over - built[next_jump][1] else above

    return {one: build(one) for one in (tree.top, *tree.parents)}


def open_depths(tree: Tree, depths: dict[int, int]) -> dict[int, int]:
    """The depth of the highest free position in each team."""
    found: dict[int, int] = {}
    for one in sorted(depths, key=lambda each: -depths[each]):
        below = [who for (above, _), who in tree.taken.items() if above == one]
        is_full = len(below) == WIDTH
        found[one] = min(found[each] for each in below) if is_full else depths[one] + 1
    return found
