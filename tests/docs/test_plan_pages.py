"""docs/plans/: each example is run as it is printed, and each key is explained.

A page is read from top to bottom. A block marked with a file's name is that file; in a `console`
block each line after `$` is a command, and what follows is all that it says. A line of `…` stands
for any lines. In a block marked `refused` the command refuses.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from support.installation import ROOT
from upline import plan_documents
from upline.plan_documents import bonus_keys, keys, kinds, needs
from upline.plan_documents.document import Document
from upline.plan_documents.sentences import BONUSES
from upline.shell import plan_commands
from upline.simulation.arguments import FLAGS

FOLDER = ROOT / "docs" / "plans"
PAGES = sorted(FOLDER.glob("*.md"))
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (\./upline plan .*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
ANY_LINES = r"(?:.*\n)*?"
OF_EVERY_BONUS = {"kind", "name", "every", "needs", "pays_on", "customers"}
NAMED = {"stairstep": "stairstep-breakaway.md"}


def blocks(page: Path) -> Iterator[tuple[str, str, str]]:
    """Each block's language, mark and text."""
    yield from BLOCK.findall(page.read_text())


def page_of(kind: str) -> Path:
    return FOLDER / NAMED.get(kind, f"{kind.replace('_', '-')}.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_example_comes_out_as_printed(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for language, mark, text in blocks(page):
        if language in ("toml", "csv") and mark:
            (tmp_path / mark).write_text(text)
        for command, printed in COMMAND.findall(text if language == "console" else ""):
            code = plan_commands.main(shlex.split(command)[2:])
            said = capsys.readouterr()
            assert code == (1 if mark == "refused" else 0), said.err
            assert_says(said.out + without_progress(said.err), printed, command)


def without_progress(said: str) -> str:
    """What a command says beside its output, but for what it is doing where it takes long."""
    lines = said.splitlines(keepends=True)
    return "".join(line for line in lines if not line.endswith("…\n"))


def assert_says(said: str, printed: str, command: str) -> None:
    """What a command says is what is printed, but for spaces at the ends of lines."""
    lines = [line.rstrip() for line in printed.strip().splitlines()]
    pattern = "".join(ANY_LINES if line == "…" else re.escape(f"{line}\n") for line in lines)
    said = "".join(f"{line.rstrip()}\n" for line in said.strip().splitlines())
    assert re.fullmatch(pattern, said), f"{command} said\n{said}"


def test_the_first_ten_minutes_go_as_printed(tmp_path: Path) -> None:
    """The same of the first page, through the launcher."""
    for language, mark, text in blocks(FOLDER / "README.md"):
        if language in ("toml", "csv") and mark:
            (tmp_path / mark).write_text(text)
        for command, printed in COMMAND.findall(text if language == "console" else ""):
            words = [str(ROOT / "upline"), *shlex.split(command)[1:]]
            done = subprocess.run(
                words, cwd=tmp_path, capture_output=True, text=True, timeout=120
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            assert_says(done.stdout + without_progress(done.stderr), printed, command)


@pytest.mark.parametrize("kind", BONUSES)
def test_every_key_of_a_bonus_is_on_its_page(kind: str) -> None:
    own = keys_of(BONUSES[kind]) - OF_EVERY_BONUS
    if kind == "binary":
        own |= keys_of(kinds.CapKeys)
    if kind == "stairstep":
        own |= keys_of(kinds.BracketKeys)
    assert missing(own, page_of(kind)) == set()


@pytest.mark.parametrize(
    ("model", "page"),
    [
        (Document, "README.md"), (bonus_keys.OnOrders, "README.md"),
        (keys.SettlementKeys, "settlement.md"), (keys.TaxKeys, "settlement.md"),
        (keys.ActiveKeys, "ranks.md"), (keys.RanksKeys, "ranks.md"),
        (keys.RankStepKeys, "ranks.md"), (needs.NeedsOnBothSides, "ranks.md"),
    ],
)  # fmt: skip
def test_every_other_key_is_on_its_page(model: type[BaseModel], page: str) -> None:
    assert missing(keys_of(model), FOLDER / page) == set()


def test_every_flag_of_a_simulation_is_on_its_page_with_what_is_usual() -> None:
    page = (FOLDER / "simulate.md").read_text()
    rows = dict(re.findall(r"^\| `--([a-z-]+)` \| (.*?) \|", page, re.MULTILINE))
    assert rows.keys() - {"output", "language"} == {flag.name for flag in FLAGS}
    assert {flag.name: rows[flag.name] for flag in FLAGS if flag.usual} == {
        flag.name: flag.usual for flag in FLAGS if flag.usual
    }


@pytest.mark.parametrize("kind", BONUSES)
def test_no_page_explains_a_key_that_there_is_not(kind: str) -> None:
    of_needs = {"needs.directs_each_side"}
    known = keys_of(BONUSES[kind]) | keys_of(kinds.CapKeys) | of_needs | {"[[bonuses.caps]]"}
    rows = re.findall(r"^\| (`.+?`(?:, `.+?`)*) \|", page_of(kind).read_text(), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(.+?)`", row)}
    assert named - known == set()


def keys_of(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def missing(names: set[str], page: Path) -> set[str]:
    """The keys that a page does not show as code, alone or as part of a longer name."""
    shown = " ".join(re.findall(r"`([^`\n]+)`", page.read_text()))
    return {name for name in names if not re.search(rf"(?<!\w){name}(?!\w)", shown)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_into_a_page_leads_to_a_heading(page: Path) -> None:
    links = re.findall(r"\]\(([a-z-]*\.md|README\.md|)#([^)]+)\)", page.read_text())
    missing = [(to, at) for to, at in links if at not in headings(FOLDER / (to or page.name))]
    assert missing == []


def headings(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    found = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in found}


def test_every_ready_made_plan_is_tried_on_a_page() -> None:
    printed = "".join(page.read_text() for page in PAGES)
    untried = [
        name for name in plan_documents.ready() if f"$ ./upline plan try {name} " not in printed
    ]
    assert untried == []
