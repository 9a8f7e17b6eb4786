"""The command as a process: exit codes, Ctrl-C, what it imports, and single lines."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from trials.test_arithmetic import RARE, company
from trials.trial import Trial
from upline import plan_documents
from upline.explanations.facts import RunFacts
from upline.explanations.names import for_people, names_for
from upline.explanations.why import why
from upline.plans.run import run
from upline.trials.asked_periods import runs_of_orders
from upline.trials.files.members_file import read_members
from upline.trials.files.orders_file import read_orders
from upline.trials.output.line_blocks import in_order, some

SOURCE = Path(__file__).resolve().parents[2] / "src"
INTERRUPTED = 130
MANY = 100_000


def started(trial: Trial, *words: str) -> subprocess.Popen[bytes]:
    trial.write_all()
    command = [sys.executable, "-m", "upline.shell.plan_commands", *trial.arguments(*words)]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    return subprocess.Popen(
        command, cwd=trial.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_ctrl_c_leaves_nothing(trial: Trial) -> None:
    ids = [f"m{number}" for number in range(MANY)]
    rows = (f"{one},{above},2026-01-01\n" for one, above in zip(ids, ["", *ids], strict=False))
    trial.plan = trial.plan[: trial.plan.index('[[bonuses]]\nname = "pairs"')]
    trial.members = "id,sponsor,joined\n" + "".join(rows)
    bought = (f"o{one},{one},2026-01-10,10.00,10,member\n" for one in ids)
    trial.orders = "id,member,date,amount,pv,customer\n" + "".join(bought)
    before = trial.files()
    process = started(trial, "--output", "output")
    while trial.files() == before and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == INTERRUPTED
    assert trial.files() == before


def test_who_reads_may_stop_reading(trial: Trial) -> None:
    trial.members, trial.orders = company(1, ["Basic"], members=400)
    trial.plan = RARE
    process = started(trial)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) != 1
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()


def test_trials_know_nothing_of_django() -> None:
    code = "import sys, upline.trials.command as c; sys.exit('django' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 0


@pytest.mark.parametrize("plan", ["hybrid", "stairstep-breakaway"])
def test_a_single_line_has_the_same_sentence_as_all_lines(trial: Trial, plan: str) -> None:
    trial.members, trial.orders = company(4, ["Silver kit", "Gold kit"])
    trial.write_all()
    document = plan_documents.read(plan_documents.ready()[plan])
    people = read_members(trial.folder / "members.csv", document)
    bought = read_orders(trial.folder / "orders.csv", document, people)
    period = runs_of_orders(document, bought.orders, None)[-1]
    result = run(document, people.members, bought.orders, period)
    names = names_for(people.names, bought.names, for_people)

    def facts() -> RunFacts:
        return RunFacts(document, people.members, bought.orders, result, names)

    bonuses = in_order(facts()).bonuses
    assert sum(map(len, bonuses)) > 50
    for lines in bonuses:
        together = why(lines, facts()).to_pylist()
        rows = range(0, len(lines), 7)
        alone = [why(some(lines, np.array([row])), facts())[0].as_py() for row in rows]
        assert alone == together[::7]
