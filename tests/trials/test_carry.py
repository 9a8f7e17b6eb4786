"""What is carried over: one trial of two months equals two trials of a month each."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from trials.test_arithmetic import PACKAGES, RARE, READY, company, is_off_by
from trials.trial import Trial
from upline.plan_documents import read, ready
from upline.trials.files.carry_file import read_carry
from upline.trials.files.complaints import FileErrors

WEEKS_AND_MONTHS = """
name = "A ceiling over weeks and months"

[[bonuses]]
name = "weekly"
kind = "levels"
every = "week"
percents = [30, 20]

[[bonuses]]
name = "monthly"
kind = "levels"
percents = [20, 10]

[settlement]
ceiling = 50
"""
CARRY = ("--carry", "january.json")


def write(trial: Trial, document: Any) -> None:
    (trial.folder / "january.json").write_text(json.dumps(document, default=float))


def january(trial: Trial, plan: str = "plan.toml") -> Any:
    """Try January alone, without the orders that came later, and keep what it carries over."""
    orders = trial.orders
    assert isinstance(orders, str)
    trial.orders = re.sub(r".*,2026-02-.*\n", "", orders)
    document = trial.json("--period", "2026-01", plan=plan)
    trial.orders = orders
    return document


def both_months(trial: Trial, plan: str = "plan.toml") -> tuple[Any, Any]:
    """Tried together, and one after the other."""
    together = trial.json(plan=plan)
    first = january(trial, plan)
    write(trial, first)
    second = trial.json(*CARRY, plan=plan)
    write(trial, first["carry"])
    assert trial.json(*CARRY, plan=plan) == second
    return together, {**second, "lines": first["lines"] + second["lines"]}


@pytest.mark.parametrize("plan", ["binary", "board", "hybrid"])
def test_a_month_goes_on_where_the_last_one_ended(trial: Trial, plan: str) -> None:
    trial.members, trial.orders = company(READY.index(plan), PACKAGES.get(plan, ["Basic"]))
    together, in_turn = both_months(trial, plan)
    assert in_turn["lines"] == together["lines"]
    assert in_turn["carry"] == together["carry"]
    assert in_turn["ranks"] == together["ranks"]


def test_taxes_full_levels_and_caps_go_on_too(trial: Trial) -> None:
    trial.plan = RARE.replace('"month"\namount', '"month"\nby = "package"\namount').replace(
        'amount = "40.00"', 'amount = { Basic = "40.00", Pro = "no limit" }'
    )
    trial.members, trial.orders = company(8, ["Basic", "Pro"], 30)
    together, in_turn = both_months(trial)
    assert in_turn["lines"] == together["lines"]
    assert in_turn["carry"] == together["carry"]
    carry = together["carry"]
    assert carry["tax"]["gross"]
    assert carry["full_levels"]["full"]
    assert carry["held"]


def test_what_weeks_paid_of_a_month_s_ceiling_goes_on_too(trial: Trial) -> None:
    trial.plan = WEEKS_AND_MONTHS
    trial.members, orders = company(6, ["Basic"], 30)
    trial.orders = re.sub(r".*,2026-01-0[1-4],.*\n", "", orders)
    together = trial.json()["lines"]
    assert any("paid by shorter runs" in line["why"] for line in together)
    assert {is_off_by(line) for line in together} == {0}
    rest, trial.orders = trial.orders, re.sub(r".*,2026-(02|01-[23]|01-1[2-9]).*\n", "", orders)
    first = trial.json("--period", "2026-01-05/2026-01-11")
    trial.orders = rest
    write(trial, first)
    assert first["lines"] + trial.json(*CARRY)["lines"] == together


def test_a_period_can_be_asked_for_too(trial: Trial) -> None:
    trial.members, trial.orders = company(3, ["Gold kit"])
    write(trial, january(trial, "hybrid"))
    february = trial.json(*CARRY, "--period", "2026-02", plan="hybrid")
    assert february == trial.json(*CARRY, plan="hybrid")


WRONG: dict[str, tuple[Callable[[Any], object], str]] = {
    "not JSON": (lambda _: None, ":1: this is not JSON"),
    "an unknown member": (lambda c: c["legs"]["pairs"]["left"].update(eve=1),
                          'legs.pairs.left: there is no member "eve"'),
    "another plan's bonus": (lambda c: c["legs"].update(cycles=c["legs"].pop("pairs")),
                             'legs: this plan has no such bonus "cycles"'),
    "another plan's rank": (lambda c: c["rank"].update(ann="Gold"),
                            'rank: this plan has no rank "Gold"'),
    "a fraction": (lambda c: c["held"].update(ann=1.5),
                   'held: "1.5" of member "ann" is not an integer in range'),
    "below zero": (lambda c: c["held"].update(ann=-1), "is not an integer in range"),
    "too large": (lambda c: c["held"].update(ann=2**63), "is not an integer in range"),
    "true for a number": (lambda c: c["held"].update(ann=True), "is not an integer in range"),
    "a list for an object": (lambda c: c.update(held=[]), "held: an object is expected here"),
    "an unknown key": (lambda c: c.update(hold={}), '"hold" is nothing that an earlier run wrote'),
    "no day": (lambda c: c.pop("until"), "until is missing"),
    "a wrong day": (lambda c: c.update(until="soon"), 'until: "soon" is not a date'),
    "other decimals": (lambda c: c.update(decimals=3),
                       'is of a plan with "3" decimals, this one has 2'),
    "the same month": (lambda c: c.update(until="2026-02-28"),
                       "reaches to 2026-02-28, but the first run is 2026-02, which is not after"),
    "other caps": (lambda c: c["legs"]["pairs"]["caps"].append({"since": "2026-01-01", "used": {}}),
                   "legs.pairs: has 1 cap, this plan's has 0"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_carry_is_refused(trial: Trial, case: str) -> None:
    change, sentence = WRONG[case]
    document = january(trial)["carry"]
    if case == "not JSON":
        (trial.folder / "january.json").write_text("{")
    else:
        change(document)
        write(trial, document)
    before = trial.files()
    tried = trial.run(*CARRY, "--period", "2026-02", "--output", "output")
    assert tried.code == 1
    assert tried.said.startswith("january.json:")
    assert sentence in tried.said
    assert trial.files() == before


BOARDS, MEMBERS = 3_000, 100_000
SECONDS = 2.0
"""Looked up board by board it takes ten times as long."""


def boards_file(folder: Path, rows: list[list[str]]) -> Path:
    name = next(bonus.name for bonus in read(ready()["board"]).bonuses)
    boards = {name: {"boards": rows, "entered": {}}}
    path = folder / "carry.json"
    path.write_text(json.dumps({"until": "2026-01-31", "decimals": 2, "boards": boards}))
    return path


def test_many_boards_are_read_at_once(tmp_path: Path) -> None:
    ids = [f"m{number}" for number in range(MEMBERS)]
    rows = [ids[3 * number : 3 * number + 1 + number % 3] for number in range(BOARDS)]
    path, plan = boards_file(tmp_path, rows), read(ready()["board"])
    started = time.perf_counter()
    carry, _ = read_carry(path, plan, pa.array(ids))
    assert time.perf_counter() - started < SECONDS
    (boards,) = carry.boards.values()
    standing = [[f"m{place}" for place in row if place >= 0] for row in boards.boards]
    assert standing == rows


@pytest.mark.parametrize("row", [[], [f"m{number}" for number in range(100)]])
def test_a_board_that_is_not_open_is_refused(tmp_path: Path, row: list[str]) -> None:
    path = boards_file(tmp_path, [["m0"], row])
    with pytest.raises(FileErrors, match="an open board has 1 to"):
        read_carry(path, read(ready()["board"]), pa.array([f"m{n}" for n in range(100)]))


def test_a_day_that_cannot_be_is_refused(tmp_path: Path) -> None:
    path = boards_file(tmp_path, [])
    path.write_text(path.read_text().replace("2026-01-31", "0206-01-31"))
    with pytest.raises(FileErrors, match='until: "0206-01-31" is not from 1970-01-01'):
        read_carry(path, read(ready()["board"]), pa.array(["m0"]))
