"""The tree's functions in the database against plain Python, on trees of every shape.

Each test plants below the tests' own root, as the application's role, and rolls back."""

import random
import time
from collections.abc import Callable

import psycopg
import pytest

from genealogy.trees import LEFT, RIGHT, Tree, above, grow
from support.cast import Cast, Player
from support.installation import Installation
from upline.base import clock
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package
from upline.genealogy.models import PositionFact
from upline.members import actions
from upline.members.models import RankFact


def test_who_stands_in_whose_team_agrees_with_a_walk(tree: Tree) -> None:
    chance = random.Random(11)
    grow(tree, chance, 300)
    everybody = [tree.top, *tree.parents]
    pairs = [(chance.choice(everybody), chance.choice(everybody)) for _ in range(1500)]
    # Few pairs of a bushy tree are related: ask for some that surely are.
    pairs += [(above(tree, chance, each), each) for each in everybody]
    found = {pair: tree.in_team(*pair) for pair in pairs}
    assert found == {pair: tree.walks_up_to(*pair) for pair in pairs}
    assert 300 <= sum(found.values()) < len(found)


def test_chains_end_where_a_walk_ends_after_each_placement(tree: Tree) -> None:
    chance = random.Random(13)
    for member in tree.people(120):
        side = chance.choice((LEFT, RIGHT))
        top = chance.choice([tree.top, *tree.parents])
        spills = chance.random() < 0.5
        parent = tree.outer_end(top, side) if spills else top
        assert tree.tail(top, side) == tree.outer_end(top, side)
        is_free = (parent, side) not in tree.taken
        assert tree.place(member, parent, side) is is_free
        for one in (tree.top, *tree.parents):
            if chance.random() < 0.2:
                assert tree.tail(one, LEFT) == tree.outer_end(one, LEFT)
                assert tree.tail(one, RIGHT) == tree.outer_end(one, RIGHT)
    for one in (tree.top, *tree.parents):
        assert (tree.tail(one, LEFT), tree.tail(one, RIGHT)) == (
            tree.outer_end(one, LEFT),
            tree.outer_end(one, RIGHT),
        )


def test_a_team_two_thousand_deep_is_asked_quickly(tree: Tree) -> None:
    line = [tree.top]
    for member in tree.people(2000):
        tree.place(member, line[-1], LEFT)
        line.append(member)
    assert len(tree.parents) == 2000
    assert tree.tail(tree.top, LEFT) == line[-1]
    chance = random.Random(17)
    for _ in range(300):
        upper, lower = sorted(chance.sample(range(len(line)), 2))
        assert tree.in_team(line[upper], line[lower])
        assert not tree.in_team(line[lower], line[upper])
    started = time.monotonic()
    for _ in range(100):
        tree.in_team(line[0], line[-1])
    assert time.monotonic() - started < 1, "a walk step by step takes a minute here"


def test_a_taken_place_stays_with_who_has_it(tree: Tree) -> None:
    first, second = tree.people(2)
    assert tree.place(first, tree.top, LEFT)
    assert not tree.place(second, tree.top, LEFT)
    assert tree.tail(tree.top, LEFT) == first


def test_there_is_one_root(tree: Tree) -> None:
    (member,) = tree.people(1)
    with pytest.raises(psycopg.errors.RaiseException, match="root already"):
        tree.ask("SELECT genealogy_plant(%s, 'binary', now(), '(shell,,,)')", member)


FACTS = ("members_standingfact", "members_packagefact", "members_rankfact",
         "genealogy_placementfact", "genealogy_sponsorfact",
         "genealogy_positionfact", "base_auditentry", "wallet_transfer")  # fmt: skip


@pytest.mark.parametrize("table", FACTS)
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_history_cannot_be_rewritten(
    table: str,
    change: str,
    cast: Cast,
    fill: Callable[[Player, str], None],
    installation: Installation,
) -> None:
    """Not by the application's role, and not by the owner of the tables either."""
    fill(cast.anna, "1.00")
    make_a_row(table, cast)
    with (
        psycopg.connect(installation.postgres.app_url) as application,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        application.execute(change.format(table))
    with (
        psycopg.connect(installation.postgres.owner_url) as owner,
        pytest.raises(psycopg.errors.RaiseException, match="never"),
    ):
        owner.execute(change.format(table))


def make_a_row(table: str, cast: Cast) -> None:
    """Those that no test has filled yet: a trigger for each row needs a row."""

    if table == "members_rankfact":
        RankFact.objects.create(
            member_id=cast.anna.id, since=clock.now(), rank_name="Gold", by_kind="shell"
        )
    if table == "genealogy_positionfact":
        PositionFact.objects.create(
            member_id=cast.anna.id, position_id=cast.anna.id, since=clock.now(),
            status="open", by_kind="shell",
        )  # fmt: skip
    if table == "members_packagefact":
        package = Package.objects.get(code="M-starter")
        UnitOfWork(Shell()).commit(lambda: actions.start_package(cast.anna.id, package.pk))
