"""docs/how-to: a change that a page shows whole is made and tried; what a page lists exists."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.installation import ROOT

PAGES = sorted((ROOT / "docs" / "how-to").glob("add-*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
NAMED = re.compile(r"`((?:src|tests|docs)/[\w/.-]+\.(?:py|md))`")
ROW = re.compile(r"^\| `([\w/.]+)` \| (.*?) \|", re.M)
LEFT_OUT = (".git", ".venv", "var", "node_modules", "__pycache__", ".ruff_cache", ".mypy_cache")


def steps(page: Path) -> Iterator[tuple[str, str, str]]:
    """Each block of a page: its kind, the file that was named last before it, its text."""
    text = page.read_text()
    for block in BLOCK.finditer(text):
        named = NAMED.findall(text[: block.start()])
        yield block[1], named[-1] if named else "", block[2]


def shows_a_whole_change(page: Path) -> bool:
    return any(kind == "diff" for kind, _, _ in steps(page))


def changed(file: Path, diff: str) -> None:
    """Change the file as the block says. What stays and what goes must stand there, once."""
    lines = [line or " " for line in diff.splitlines()]
    assert {line[0] for line in lines} <= set(" +-"), f"{file}: not a diff:\n{diff}"
    before = "\n".join(line[1:] for line in lines if line[0] != "+") + "\n"
    after = "\n".join(line[1:] for line in lines if line[0] != "-") + "\n"
    text = file.read_text()
    assert text.count(before) == 1, f"{file} has this {text.count(before)} times:\n{before}"
    file.write_text(text.replace(before, after))


def in_the(copy: Path, *command: str) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")
    }
    environment["PYTHONPATH"] = str(copy / "src")
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=copy, env=environment, capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def follow(page: Path, copy: Path) -> list[str]:
    """Make the changes of a page in the copy. Returns the tests that it runs."""
    tests = []
    for kind, named, text in steps(page):
        if kind == "diff":
            changed(copy / named, text)
        elif kind == "python":
            assert not (copy / named).exists(), f"{page.name}: {named} is there already"
            (copy / named).write_text(text)
        else:
            command, *words = text.removeprefix("./upline ").split()
            if command == "test":
                tests += words
            else:
                assert command == "makemigrations", text
                in_the(copy, "upline.launch.manage", command, *words)
    return tests


def test_the_changes_that_pages_show_work_as_printed(tmp_path: Path) -> None:
    """All of them in one copy, since most of the time goes into starting an installation."""
    copy = tmp_path / "upline"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
    whole = [page for page in PAGES if shows_a_whole_change(page)]
    assert len(whole) == 3
    tests = [test for page in whole for test in follow(page, copy)]
    in_the(copy, "ruff", "check", "--no-cache", "src", "tests/api")
    in_the(copy, "ruff", "format", "--no-cache", "--check", "src/upline/api", "tests/api")
    in_the(copy, "pytest", "-n", "0", "-p", "no:cacheprovider", *tests)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_lists_of_a_file_is_in_it(page: Path) -> None:
    rows = ROW.findall(page.read_text())
    assert rows or shows_a_whole_change(page)
    for file, what in rows:
        found = [base / file for base in (ROOT, ROOT / "src/upline") if (base / file).exists()]
        assert found, f"{page.name}: {file} does not exist"
        text = found[0].read_text()
        missing = [name for name in re.findall(r"`(.+?)`", what) if name not in text]
        assert missing == [], f"{page.name}: {file} has no {missing}"


@pytest.mark.parametrize(
    ("page", "folders", "word"),
    [
        ("add-a-bonus", ("src/upline", "tests/plans"), r"(?<!# )\bPool\b"),
        ("add-a-payment-provider", ("src/upline",),
         r"pay_in_from_epin|PAYMENT_FROM_EPIN|PaymentMethod|\bepin_id\b|[\"']epin[\"']"),
    ],
)  # fmt: skip
def test_a_page_lists_each_file_that_such_a_change_touches(
    page: str, folders: tuple[str, ...], word: str
) -> None:
    """The files that speak of the example that the page follows, but those about e-pins alone
    and the samples of components."""
    text = (ROOT / "docs/how-to" / f"{page}.md").read_text()
    listed = {file for file, _ in ROW.findall(text)}
    alone = re.compile(
        r"/(demo|epins|migrations)/|flows/epin_batches|office/epins|security/checks"
        r"|site/components"
    )
    touched = {
        str(path.relative_to(ROOT)).removeprefix("src/upline/")
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if not alone.search(str(path)) and re.search(word, path.read_text())
    }
    assert touched - listed == set()
