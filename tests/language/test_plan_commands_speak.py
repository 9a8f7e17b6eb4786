"""What `./upline plan` says of a plan is in the language that `--language` names."""

import io
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from support.speaking import bare_words, marked
from trials.trial import MEMBERS, ORDERS, PLAN
from upline.language.loading import MARKED
from upline.shell.plan_commands import main

SPEAKING = ("--language", MARKED)
# Members, orders, periods, files, bonuses, and what figures are measured by in plots.
DATA = re.compile(
    r"ann|bob|cid|dee|o\d|levels|pairs|EUR|[\w.-]*(plan|members|orders|simulation)[\w.-]*|svg"
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("plan.toml", PLAN), ("members.csv", MEMBERS), ("orders.csv", ORDERS)):
        Path(name).write_text(text)


@pytest.fixture(autouse=True)
def books_hold() -> None:
    """No test in here moves money."""


def left_of(text: str) -> set[str]:
    return {word for word in bare_words(text) if not DATA.fullmatch(word)}


def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """What a command prints, and says beside it."""
    out = io.TextIOWrapper(io.BytesIO(), write_through=True)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", out)
        main([*words])
    out.seek(0)
    return out.read() + capsys.readouterr().err


FILES = ("plan.toml", "--members", "members.csv", "--orders", "orders.csv")


@pytest.mark.parametrize("more", [(), ("--trace", "ann"), ("--trace", "nobody")])
def test_each_word_of_a_trial_goes_through_a_catalog(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    found = said(capsys, monkeypatch, "try", *FILES, *more, *SPEAKING)
    assert "⟦" in found
    assert left_of(found.replace("--trace", "")) - {"Two", "ways", "nobody"} == set()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("members.csv", "id,sponsor,joined\nann,,2026-01-01\nbob,zed,2026-13-01\nbob,bob,x\n"),
        ("members.csv", ""),
        ("members.csv", "id;sponsor\n"),
        ("members.csv", MEMBERS.replace("bob,ann,ann,L", "bob,ann,ann,middle")),
        ("members.csv", MEMBERS.replace("cid,ann,ann,R", "cid,ann,ann,L")),
        (
            "orders.csv",
            ORDERS.replace("o2,cid", "o1,zed").replace("80.00", "-8").replace("80", "x"),
        ),
        ("orders.csv", ORDERS.replace("member\n", "friend\n") + "o4\no5\n"),
    ],
)
def test_each_sentence_about_a_file_goes_through_a_catalog(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, file: str, text: str
) -> None:
    Path(file).write_text(text)
    found = said(capsys, monkeypatch, "try", *FILES, *SPEAKING)
    assert "⟦" in found
    assert left_of(found) == set()


@pytest.mark.parametrize("period", ["never", "2300-01", "2026-01-06/2026-01-12", "2026-01-15"])
def test_each_sentence_about_a_period_goes_through_a_catalog(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, period: str
) -> None:
    found = said(capsys, monkeypatch, "try", *FILES, "--period", period, *SPEAKING)
    assert "⟦" in found
    assert left_of(found) == set()


def test_a_trial_speaks_german_in_its_threads_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = said(capsys, monkeypatch, "try", *FILES, "--language", "de")
    assert "Ebene 1: 10 %" in found


@pytest.mark.parametrize("form", ["csv", "excel", "json"])
def test_a_trial_for_programs_is_in_english(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    plain = said(capsys, monkeypatch, "try", *FILES, "--format", form)
    found = said(capsys, monkeypatch, "try", *FILES, "--format", form, *SPEAKING)
    assert "⟦" not in plain
    sentence = "--language: CSV and JSON are in English; use it with --format table"
    assert found == f"{marked(sentence)}\n"


SMALL = ("--members", "200", "--periods", "2", "--seeds", "2", "--seed-members", "100")


def test_each_word_of_a_simulation_and_its_plots_goes_through_a_catalog(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = said(capsys, monkeypatch, "simulate", "plan.toml", *SMALL, *SPEAKING)
    assert "⟦" in found
    assert left_of(found) - {"Two", "ways"} == set()
    for plot in Path().rglob("*.svg"):
        texts = [each.text or "" for each in ElementTree.parse(plot).iter() if "text" in each.tag]
        assert any("⟦" in text for text in texts)
        assert left_of("\n".join(texts)) == set()


@pytest.mark.parametrize("flag", [("--growth", "x"), ("--from", "x"), ("--holders", "2"),
                                  ("--spending", "0"), ("--package-shares", "x")])  # fmt: skip
def test_each_sentence_about_a_flag_goes_through_a_catalog(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, flag: tuple[str, str]
) -> None:
    found = said(capsys, monkeypatch, "simulate", "plan.toml", *flag, *SPEAKING)
    assert left_of(found) == set()
    assert "⟦" in found


def test_a_check_ends_in_the_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = said(capsys, monkeypatch, "check", "plan.toml", *SPEAKING)
    assert left_of(found) - {"Two", "ways"} == set()


def test_a_language_that_is_not_installed_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", "plan.toml", "--language", "tlh"])
    assert "tlh is not installed. The installed languages are en, de" in capsys.readouterr().err
