"""What a transfer belongs to stands in its columns: nothing is read out of its reference."""

import re

import pytest

from attacks.sql_words import shipped_sql
from attacks.test_tidiness import SOURCE, python_files, short

_TAKES_APART = re.compile(
    r"\b(?:split_part|substr(?:ing)?|left|right|regexp_\w+|strpos|position|string_to_array)"
    r"\s*\([^)]*\breference\b"
    r"|\breference\s+(?:NOT\s+)?(?:I?LIKE|SIMILAR)\b|\breference\s*!?~",
    re.I,
)
_IN_PYTHON = re.compile(
    r"\breference\.(?:r?split|r?partition|removeprefix|startswith|endswith|find|index)\b"
    r"|re\.\w+\([^)]*\breference\b"
)


def test_no_sql_takes_a_reference_apart() -> None:
    assert [where for where, text in shipped_sql() if _TAKES_APART.search(text)] == []


def test_no_code_takes_a_reference_apart() -> None:
    found = [short(path) for path in python_files(SOURCE) if _IN_PYTHON.search(path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT split_part(reference, ':', 3)::bigint FROM wallet_transfer",
        "SELECT id FROM wallet_transfer WHERE reference LIKE 'run:%'",
        "SELECT substring(transfer.reference from 5) FROM wallet_transfer transfer",
        "SELECT id FROM wallet_transfer WHERE reference ~ '^run:'",
    ],
)
def test_what_would_take_one_apart_is_found(statement: str) -> None:
    assert _TAKES_APART.search(statement)
