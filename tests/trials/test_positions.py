"""`plan try` with members who hold several positions."""

from __future__ import annotations

import pytest

from trials.trial import Trial

PLAN = """
name = "Three centres"

[active]
personal_points = 200

[[bonuses]]
name = "pairs"
kind = "binary"
pays_on = "points"
percent = 20
"""
MEMBERS = """id,sponsor,placement,position,joined
hans,,,,2026-01-01
lea,hans,hans/2,L,2026-01-02
rita,hans,hans/3,L,2026-01-03
"""
POSITIONS = """id,member,placement,position
hans/3,hans,hans,R
hans/2,hans,hans,left
"""
ORDERS = """id,member,date,amount,pv,customer
o1,hans,2026-01-05,200.00,200,member
o2,lea,2026-01-10,1000.00,1000,member
o3,rita,2026-01-11,800.00,800,member
"""
FURTHER = ("--positions", "positions.csv")


@pytest.fixture
def three(trial: Trial) -> Trial:
    trial.plan, trial.members, trial.orders = PLAN, MEMBERS, ORDERS
    trial.positions = POSITIONS
    return trial


def test_the_published_rule_of_three_positions(three: Trial) -> None:
    found = three.json(*FURTHER)
    (line,) = found["lines"]
    assert (line["member"], float(line["amount"])) == ("hans", 160.0)
    assert line["why"].startswith(
        "Binary at position 1: left leg 1,000.00 points, right leg 800.00"
    )
    legs = found["carry"]["legs"]["pairs"]
    assert legs["left"] == {"hans": 20_000, "hans/2": 100_000, "hans/3": 80_000}
    assert legs["right"] == {}
    assert legs["paired"] == ["hans"]


def test_a_closed_position_is_not_paid_and_volume_passes_through_it(three: Trial) -> None:
    pairs_below = f"{ORDERS}o4,rosa,2026-01-12,500.00,500,member\n"
    three.members = f"{MEMBERS}rosa,hans,hans/2,R,2026-01-04\n"
    three.orders = pairs_below
    paid = {
        line["why"].partition(":")[0]: float(line["amount"])
        for line in three.json(*FURTHER)["lines"]
    }
    assert paid == {"Binary at position 1": 160.0, "Binary at position 3": 100.0}
    three.positions = """id,member,placement,position,closed
hans/3,hans,hans,R,
hans/2,hans,hans,left,true
"""
    (line,) = three.json(*FURTHER)["lines"]
    assert line["why"].startswith("Binary at position 1: left leg 1,500.00 points")
    assert float(line["amount"]) == 160.0


def test_what_is_carried_over_goes_on_at_each_position(three: Trial) -> None:
    three.run("--format", "json", "--output", "january.json", *FURTHER)
    three.orders = """id,member,date,amount,pv,customer,position
o1,hans,2026-01-05,200.00,200,member,
o4,hans,2026-02-05,200.00,200,member,
o5,hans,2026-02-06,300.00,300,member,hans/3
"""
    found = three.json("--carry", "january.json", *FURTHER)
    (line,) = found["lines"]
    assert float(line["amount"]) == 40.0, "20 % of 200: left carried 200, right got 300"
    assert found["carry"]["legs"]["pairs"]["right"] == {"hans": 10_000}
    assert found["carry"]["legs"]["pairs"]["left"] == {"hans/2": 100_000, "hans/3": 80_000}


def test_the_legs_of_a_further_position_can_be_traced(three: Trial) -> None:
    said = three.run("--trace", "hans/2", *FURTHER).output.decode()
    assert "left leg" in said
    assert [line.split() for line in said.splitlines() if "lea" in line] == [
        ["o2", "lea", "1,000.00", "points", "carried"]
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("lea,hans,hans,L", '"lea" is there already'),
        ("hans/4,karl,hans/2,R", 'member "karl" is not a member in the members\' file'),
        ("hans/4,hans,nobody,R", 'placement "nobody" is not a member or position of the files'),
        ("hans/4,hans,hans/2,X", 'position "X" is none of L, R, left, right'),
        ("hans/4,hans,hans/2,L", "both stand at position L below"),
        ("lea/2,lea,hans/3,R", 'does not stand below the first one of "lea"'),
        ("hans/4,hans,hans/4,R", '"hans/4" stands below itself'),
    ],
)
def test_a_position_that_cannot_be_is_refused(three: Trial, line: str, sentence: str) -> None:
    three.positions = f"{POSITIONS}{line}\n"
    tried = three.run(*FURTHER)
    assert (tried.code, tried.output) == (1, b"")
    assert sentence in tried.said


def test_closed_is_true_or_false(three: Trial) -> None:
    three.positions = "id,member,placement,position,closed\nhans/3,hans,hans,R,perhaps\n"
    tried = three.run(*FURTHER)
    assert (tried.code, tried.output) == (1, b"")
    assert 'closed "perhaps" is none of' in tried.said


def test_an_order_counts_at_a_position_of_its_own_member_only(three: Trial) -> None:
    three.orders = f"{ORDERS.splitlines()[0]},position\no1,lea,2026-01-05,1.00,1,member,hans/2\n"
    tried = three.run(*FURTHER)
    assert (tried.code, tried.output) == (1, b"")
    assert 'orders.csv:2: position "hans/2" does not belong to member "lea"' in tried.said


def test_a_plan_without_pairs_knows_no_further_positions(three: Trial) -> None:
    three.plan = 'name = "L"\n[[bonuses]]\nname = "levels"\nkind = "levels"\npercents = [10]\n'
    tried = three.run(*FURTHER)
    assert (tried.code, tried.output) == (1, b"")
    assert "no binary bonus" in tried.said
