"""`plan simulate` as its user meets it: what is printed, what is drawn, what is refused."""

import json
import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from upline.shell import plan_commands
from upline.shell.plan_commands import main

SOURCES = Path(plan_commands.__file__).parents[2]
SMALL = ("--members", "300", "--periods", "3", "--seeds", "3")
PLAN = """
name = "Two $ways$ & <more>"
packages = ["Basic", "Pro"]

[active]
personal_points = 100

[settlement]
service_charge = 10
minimum_payout = "20.00"
ceiling = 25

[[bonuses]]
name = "pairs $a$ <b>"
kind = "binary"
every = "week"
percent = 10
unit = 100

[[bonuses]]
name = "levels"
kind = "levels"
percents = [10, 5, 3]
"""
MAIN = (sys.executable, "-m", "upline.shell.plan_commands", "simulate")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.toml").write_text(PLAN)


def run(*words: str) -> int:
    return main(["simulate", *words])


def written() -> list[str]:
    return sorted(str(path) for path in Path().rglob("*") if path != Path("plan.toml"))


def test_it_prints_tables_and_says_where_the_plots_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan.toml", *SMALL) == 0
    said = capsys.readouterr()
    for words in ("300 members, 2026-01 to 2026-03, seed 1", "Payout by month", "Worst case",
                  "earn nothing", "Gini", "1 % at the top receive", "By bonus", "pairs $a$ <b>",
                  "service charge", "not paid out yet"):  # fmt: skip
        assert words in said.out
    folder = "simulation-two-ways-more"
    assert said.out.endswith(f"Plots: {folder}/payout.svg, {folder}/earnings.svg\n")
    assert written() == [folder, f"{folder}/earnings.svg", f"{folder}/payout.svg"]


def test_progress_time_and_memory_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan.toml", *SMALL) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[:3] == ["growing 300 members", "ordering", "month 1 of 3"]
    assert "seed 3 of 3" in lines
    assert lines[-1].startswith("Simulated in ")
    assert lines[-1].endswith(" MB of memory.")


def test_the_same_seed_gives_the_same_bytes_in_any_process(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ("plan.toml", *SMALL, "--seed", "5", "--output", "plots")
    assert run(*words) == 0
    here = capsys.readouterr().out
    drawn = {path.name: path.read_bytes() for path in Path("plots").iterdir()}
    surroundings = {**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONHASHSEED": "12345"}
    there = subprocess.run([*MAIN, *words], env=surroundings, capture_output=True, check=True)
    assert there.stdout.decode() == here
    assert {path.name: path.read_bytes() for path in Path("plots").iterdir()} == drawn
    assert run(*words[:-4], "--seed", "6") == 0
    assert capsys.readouterr().out != here


def test_json_has_the_same_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan.toml", *SMALL) == 0
    table = capsys.readouterr().out
    assert run("plan.toml", *SMALL, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out, parse_float=Decimal)
    whole = found["all_months"]
    assert f"{whole['payout']:,.2f}" in table
    assert sum(month["revenue"] for month in found["months"]) == whole["revenue"]
    assert whole["share"] == round(whole["payout"] / whole["revenue"], 4)
    assert list(found["bonuses"]) == ["pairs $a$ <b>", "levels"]
    assert [seed["seed"] for seed in found["seeds"]] == [1, 2, 3]
    highest = max(seed["share"] for seed in found["seeds"])
    assert found["worst"]["all_months"]["share"] == highest
    assert found["earnings"]["members"]["people"] == 300
    assert found["flags"]["members"] == "300"


def test_that_other_seeds_have_smaller_companies_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("plan.toml", *SMALL, "--seed-members", "100") == 0
    assert "the companies of the other seeds have 100 members each" in capsys.readouterr().out
    assert run("plan.toml", *SMALL, "--seed-members", "1000") == 0
    assert "smaller" not in capsys.readouterr().out
    assert "Worst case over 3 seeds\n" in _said(capsys, "plan.toml", *SMALL)
    assert "Worst case" not in _said(capsys, "plan.toml", *SMALL, "--seeds", "1")


def _said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(*words) == 0
    return capsys.readouterr().out


def test_plots_are_svg_with_their_words_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan.toml", *SMALL, "--output", "a/b/plots") == 0
    payout = _words(Path("a/b/plots/payout.svg"))
    assert {"pairs $a$ <b>", "levels", "2026-01", "month"} <= payout
    assert any(words.startswith("The plan pays out ") for words in payout)
    earnings = _words(Path("a/b/plots/earnings.svg"))
    assert {"nothing", "up to 100", "all members", "percent of members"} <= earnings


def _words(picture: Path) -> set[str]:
    texts = ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text")
    return {"".join(text.itertext()).strip() for text in texts}


def test_a_ceiling_holds_in_each_month_where_all_is_monthly(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("plan.toml").write_text(PLAN.replace("week", "month").replace("= 25", "= 5"))
    assert run("plan.toml", *SMALL, "--format", "json", "--churn", "0") == 0
    found = json.loads(capsys.readouterr().out)
    for month in found["months"]:
        assert month["share"] <= 0.05
        assert sum(month["by_bonus"].values()) > month["payout"] > 0


BAD = {
    "few members": ("--members=9", "--members must be a whole number from 10 to 20,000,000"),
    "many members": ("--members=20000001", "--members must be"),
    "half a member": ("--members=10.5", "--members must be a whole number"),
    "a word": ("--members=many", "--members must be a whole number"),
    "a long number": ("--members=" + "9" * 5_000, "--members must be a whole number"),
    "seed below zero": ("--seed=-1", "--seed must be a whole number from 0"),
    "no seeds": ("--seeds=0", "--seeds must be"),
    "no months": ("--periods=0", "--periods must be"),
    "share below zero": ("--churn=-0.1", "--churn must be from 0 to 1, not '-0.1'."),
    "share over one": ("--activity=1.01", "--activity must be from 0 to 1"),
    "share over all": ("--spill-over=101%", "--spill-over must be from 0 to 1"),
    "no number": ("--outer-end=nan", "--outer-end must be"),
    "infinite": ("--growth=inf", "--growth must be"),
    "customers only": ("--customers=1", "--customers must be from 0 to 0.95"),
    "package share below zero": ("--package-shares=5,-1", "--package-shares must be"),
    "no package at all": ("--package-shares=0,0", "--package-shares must be"),
    "packages missing": ("--package-shares=1", "--package-shares needs a number for each package"),
    "spending for too many": ("--spending=1,2,3", "--spending needs a number for each package"),
    "spending nothing": ("--spending=0", "--spending must be"),
    "no month": ("--from=2026-13", "--from must be a month"),
    "no format": ("--format=csv", "--format must be one of: table, json"),
    "folder is a file": ("--output=plan.toml", "cannot be written to plan.toml"),
    "folder below a file": ("--output=plan.toml/plots", "cannot be written to plan.toml/plots"),
    "no folder's name": ("--output=a\0b", "cannot be written"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_arguments_are_refused_in_one_sentence(
    case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    word, sentence = BAD[case]
    assert run("plan.toml", *SMALL, word) == 1
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert written() == []


def test_a_folder_that_may_not_be_written_to_is_refused_before_the_work(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("plan.toml", *SMALL, "--output", "/proc/simulation") == 1
    said = capsys.readouterr().err
    assert "cannot be written to /proc/simulation" in said
    assert "growing" not in said


def test_an_unknown_plan_and_a_bad_one_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("hybird", *SMALL) == 1
    assert "did you mean" in capsys.readouterr().err
    Path("bad.toml").write_text('name = "Bad"\nbonuses = 3\n')
    assert run("bad.toml", *SMALL) == 1
    assert capsys.readouterr().err.startswith("bad.toml:2: ")
    assert written() == ["bad.toml"]


def test_a_plan_of_numbers_that_are_too_large_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    large = PLAN.replace("percent = 10", "pair_amount = 1_000_000_000").replace("100\n", "0.01\n")
    Path("plan.toml").write_text(large)
    assert run("plan.toml", *SMALL, "--spending", "1000000", "--spread", "10") == 1
    said = capsys.readouterr()
    assert "would exceed what 64 bits hold" in said.err
    assert said.out == ""
    assert written() == []


def test_ctrl_c_ends_it_with_one_word_and_nothing_written() -> None:
    """Stopped in the midst of the months of a company that would take long."""
    words = ("plan.toml", "--members", "200000", "--periods", "60")
    surroundings = {**os.environ, "PYTHONPATH": str(SOURCES)}
    with subprocess.Popen(
        [*MAIN, *words], env=surroundings, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stderr
        for line in process.stderr:
            if line == "month 2 of 60\n":
                process.send_signal(signal.SIGINT)
                break
        *_, last = process.stderr.read().splitlines()
        assert last == "Stopped."
        assert process.stdout.read() == ""
    assert process.returncode == 130
    assert written() == []
