"""`--trace MEMBER`: which orders fed a member's pairs. Its output is in docs/plans/binary.md."""

from __future__ import annotations

import pytest

from trials.trial import PLAN, Trial

LEVELS_ONLY = PLAN[: PLAN.index('[[bonuses]]\nname = "pairs"')]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--trace", "nobody"], "--trace: there is no member 'nobody' in the files"),
        (["--trace", "ann", "--format", "json"], "--trace: is only shown as a table"),
    ],
)
def test_what_cannot_be_traced_is_said(trial: Trial, words: list[str], sentence: str) -> None:
    tried = trial.run(*words)
    assert (tried.code, tried.output, tried.said) == (1, b"", f"{sentence}\n")


def test_a_plan_without_pairs_has_no_legs(trial: Trial) -> None:
    trial.plan = LEVELS_ONLY
    tried = trial.run("--trace", "ann")
    assert (tried.code, tried.output) == (1, b"")
    assert tried.said == "--trace: this plan has no binary bonus, so no legs to follow\n"


def test_each_part_of_an_order_is_told_by_what_became_of_it(trial: Trial) -> None:
    tried = trial.run("--trace", "ann")
    assert tried.output.decode() == (
        "2026-01: pairs, left leg\n"
        "Order  Of   Volume  Became\n"
        "o1     bob   80.00  paired\n"
        "o1     bob   20.00  carried\n"
        "o3     dee   50.00  carried\n"
        "\n"
        "2026-01: pairs, right leg\n"
        "Order  Of   Volume  Became\n"
        "o2     cid   80.00  paired\n"
        "\n"
    )


def test_what_an_earlier_run_carried_has_no_order_here(trial: Trial) -> None:
    carry = trial.folder / "carry.json"
    carry.write_bytes(trial.run("--format", "json").output)
    trial.orders = "id,member,date,amount,pv,customer\no9,cid,2026-02-01,40.00,0,member\n"
    tried = trial.run("--carry", "carry.json", "--trace", "ann")
    assert "(before)  (before)   40.00  paired\n" in tried.output.decode()
    assert "o9     cid" in tried.output.decode()
