"""docs/glossary.md has every term once, and names files that exist."""

import re
from collections import Counter
from typing import Any

import pytest
from django.apps import apps

from support.installation import ROOT
from upline.flows.permissions import Right
from upline.wallet.models import AccountKind, TransferKind

PAGE = ROOT / "docs" / "glossary.md"
SOURCE = ROOT / "src" / "upline"
ROW = re.compile(r"^\| (?:\*\*(.+?)\*\*)? ?(?:`(.+?)`)? \| (.+) \| \[(.+?)\]\((.+?)\) \|$")
LIFE_CYCLES = {"status", "standing"}


def entries(section: str = "") -> list[tuple[str, str, str, str]]:
    """The word, the name in the code, what it means and the file of each row."""
    text = PAGE.read_text()
    if section:
        text = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    found = []
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith(("| ---", "| term |")):
            row = ROW.match(line)
            assert row, f"not a row of the glossary: {line}"
            found.append((row[1] or "", row[2] or "", row[3], row[5]))
    return found


def names(section: str = "") -> set[str]:
    return {name for _, name, _, _ in entries(section)}


def models() -> list[Any]:
    return [model for model in apps.get_models() if model.__module__.startswith("upline.")]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Accounts", set(AccountKind)),
        ("Rights", set(Right)),
    ],
)
def test_each_account_and_right_has_an_entry(section: str, expected: set[str]) -> None:
    assert len(expected) > 10
    assert names(section) == expected


def test_each_kind_of_transfer_has_an_entry_with_the_file_that_makes_it() -> None:
    assert names("Kinds of transfer") == set(TransferKind)
    for _, kind, _, target in entries("Kinds of transfer"):
        made = (PAGE.parent / target).read_text()
        names_it = f"TransferKind.{kind.upper()}" in made or f"'{kind}'" in made
        assert names_it, f"{kind} is not in {target}"


def test_each_model_has_an_entry() -> None:
    expected = {model.__name__ for model in models()}
    assert len(expected) > 30
    assert expected <= names()


def test_each_status_of_each_life_cycle_has_an_entry() -> None:
    expected = {
        f"{model.__name__}.{status}"
        for model in models()
        for field in model._meta.get_fields()
        if field.name in LIFE_CYCLES
        for status, _ in getattr(field, "choices", None) or ()
    }
    assert len(expected) > 20
    assert names("Statuses") == expected


def test_each_term_is_there_once_and_its_file_exists() -> None:
    rows = entries()
    words = Counter(word.lower() for word, _, _, _ in rows if word)
    assert [word for word, times in words.items() if times > 1] == []
    for _, name, _, target in rows:
        path = (PAGE.parent / target).resolve()
        assert path.is_file(), target
        if re.fullmatch(r"[A-Z]\w+", name):
            is_there = re.search(rf"^(?:class {name}\b|{name} = )", path.read_text(), re.MULTILINE)
            assert is_there, f"{name} is not in {target}"
