"""Each flag of `plan simulate` is read as its help says, and changes the company."""

import argparse
from dataclasses import fields

import pytest

from upline.plan_documents import read, ready
from upline.plans.plan import Plan
from upline.simulation.arguments import FLAGS, add_arguments, read_flags, shape_of
from upline.simulation.figures import Month
from upline.simulation.shape import CompanyShape
from upline.simulation.trial import simulate

SMALL = ("hybrid", "--members=300", "--periods=2")
CHANGES = {
    "members": "301", "periods": "3", "from": "2027-05", "growth": "1.5", "copying": "0",
    "churn": "30%", "first-orders": "0.1", "activity": "1", "builder-activity": "0",
    "spill-over": "1", "outer-end": "0", "power-leg": "1", "holders": "0.3",
    "package-shares": "1,5,9",
    "spending": "5550.5", "spread": "2", "points": "50 %", "customers": "0.7",
    "customers-each": "20", "preferred": "0.9",
}  # fmt: skip
SEEN_ELSEWHERE = {"seed", "seeds", "seed-members", "format"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read(ready()["hybrid"])


def shape(plan: Plan, *words: str) -> CompanyShape:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return shape_of(read_flags(parser.parse_args([*SMALL, *words])), plan)


def months(plan: Plan, *words: str) -> tuple[Month, ...]:
    return simulate(plan, shape(plan, *words), 1, lambda _: None).months


def test_each_flag_is_tried() -> None:
    assert {flag.name for flag in FLAGS} == CHANGES.keys() | SEEN_ELSEWHERE
    assert all(flag.help.endswith(".") for flag in FLAGS)


@pytest.mark.parametrize("flag", sorted(CHANGES.keys() - {"preferred"}))
def test_a_flag_changes_what_comes_of_a_company(flag: str, plan: Plan) -> None:
    assert months(plan, f"--{flag}={CHANGES[flag]}") != months(plan)


@pytest.mark.parametrize("flag", CHANGES)
def test_a_flag_changes_one_thing_of_a_shape(flag: str, plan: Plan) -> None:
    usual, changed = shape(plan), shape(plan, f"--{flag}={CHANGES[flag]}")
    names = [field.name for field in fields(CompanyShape)]
    different = [name for name in names if getattr(usual, name) != getattr(changed, name)]
    also = ["spending"] if flag == "points" else []
    assert len(different) == 1 + len(also)
    assert set(also) <= set(different)


def test_shares_are_read_as_numbers_and_as_percent(plan: Plan) -> None:
    assert shape(plan, "--churn=12.5%") == shape(plan, "--churn=0.125")
    assert shape(plan, "--growth=150 %").growth == 1.5


def test_numbers_are_read_with_signs_between_thousands(plan: Plan) -> None:
    assert shape(plan, "--members=12,000") == shape(plan, "--members=12_000")


def test_one_amount_stands_for_all_packages(plan: Plan) -> None:
    assert shape(plan, "--spending=55.5").spending == (5_550, 5_550, 5_550)
    assert shape(plan, "--spending=1,2,3").spending == (100, 200, 300)


def test_the_help_says_what_is_usual(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    words = " ".join(parser.format_help().split())
    for flag in FLAGS:
        assert f"--{flag.name} " in words
        assert f"Default: {flag.usual or 'taken from the plan'}." in words
