"""The statements of the demo company's members, calculated again from their own explanations."""

from typing import Any

import pytest

from commissions.reckoning import STAYS, WHOLE, amount_of, cents, given_back
from commissions.telling import tell_closed
from stories.conftest import Demo
from support.other_company import does_in


@pytest.fixture(scope="module")
def runs(demo: Demo) -> list[dict[str, Any]]:
    """All closed runs, with the statements of all their members."""
    environment = demo.environment()
    del environment["PYTHONPATH"]  # which leaves the tests out
    told: list[dict[str, Any]] = does_in(environment, tell_closed)
    return told


def test_each_line_of_each_statement_follows_from_what_it_says(runs: list[dict[str, Any]]) -> None:
    stays: dict[tuple[str, int, int], int] = {}
    seen = dict.fromkeys(("pairs", "matching", "levels", "tax", "taken back", "given back"), 0)
    for run in runs:
        for name, member in run["members"].items():
            net = 0
            for line in member["lines"]:
                kind = "given back" if is_given_back(line) else line["bonus"]
                seen[kind] = seen.get(kind, 0) + 1
                assert line["amount"] == worked_out(line, name, net, stays), (run["run"], line)
                net += line["amount"]
            assert net == member["sums"]["total"], (run["run"], name)
    assert all(seen.values()), seen


def worked_out(line: dict[str, Any], name: str, net: int, stays: dict[Any, int]) -> int:
    """The amount by the line's figures, or by its sentence where it speaks of an earlier run."""
    if is_given_back(line):
        return given_back(line["sentence"])
    if line["bonus"] != "taken back":
        return amount_of(line, net)
    told = STAYS.search(line["sentence"])
    assert told is not None, line
    number, run, paid, remaining = told.groups()
    before = stays.get((name, int(run), int(number)), cents(paid))
    stays[name, int(run), int(number)] = cents(remaining)
    return cents(remaining) - before


def is_given_back(line: dict[str, Any]) -> bool:
    return bool(line["bonus"] == "service charge" and line["amount"] > 0)


def test_each_statement_is_what_was_paid(runs: list[dict[str, Any]]) -> None:
    for run in runs:
        for name, member in run["members"].items():
            total, paid = member["sums"]["total"], member["paid"]
            moved = [paid.get(f"commission{kind}", 0) for kind in
                     ("", "_purchase", "_repaid", "_back", "_purchase_back", "_owed")]  # fmt: skip
            assert sum(moved[:3]) - sum(moved[3:]) == total, (run["run"], name)
            if total > 0:
                assert moved[1] == total * run["purchase_share"] // WHOLE
