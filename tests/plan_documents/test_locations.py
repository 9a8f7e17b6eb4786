"""Every key and entry of a file is found on its own line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upline.plan_documents import ready
from upline.plan_documents.errors import Path
from upline.plan_documents.locations import line_at, lines_of

HARD = '''\
# [not.a.table] = "x"
plain = 1
"quoted \\" = key" = 2
'single # key' = 3
dotted . "key" . third = 4
text = """
[no.table]
key = 5 \\"""
""""
raw = \'\'\'
[[no.list]] # no comment \'\'\'
list = [ # a comment ]
  "a, ]", 'b',
  [1, 2,
   3], { x = 1, "y z" = [
     true ] },
]
when = 1979-05-27 07:32:00.999Z
float = 1_000.5e-3

[table . "sub table"]
key = 6

[[many]]
key = 7
[many.inner]
key = 8
[[many.more]]
key = 9
[[many.more]]
key = 10
[[many]]
key = 11
  [[many.more]]
  key = 12
'''


def paths_of(data: Any, path: Path = ()) -> Iterator[Path]:
    """Every path of what a file says."""
    entries = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in entries:
        yield (*path, key)
        if isinstance(value, (dict, list)):
            yield from paths_of(value, (*path, key))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("plain",), 2),
        (('quoted " = key',), 3),
        (("single # key",), 4),
        (("dotted", "key", "third"), 5),
        (("text",), 6),
        (("raw",), 10),
        (("list",), 12),
        (("list", 1), 13),
        (("list", 2, 1), 14),
        (("list", 2, 2), 15),
        (("list", 3, "y z"), 15),
        (("list", 3, "y z", 0), 16),
        (("when",), 18),
        (("float",), 19),
        (("table", "sub table"), 21),
        (("table", "sub table", "key"), 22),
        (("many", 0, "key"), 25),
        (("many", 0, "inner"), 26),
        (("many", 0, "inner", "key"), 27),
        (("many", 0, "more", 0), 28),
        (("many", 0, "more", 1, "key"), 31),
        (("many", 1), 32),
        (("many", 1, "key"), 33),
        (("many", 1, "more", 0, "key"), 35),
    ],
)
def test_a_key_is_found_whatever_stands_around_it(path: Path, line: int) -> None:
    assert lines_of(HARD)[path] == line


def test_nothing_is_found_that_the_file_does_not_say() -> None:
    assert set(lines_of(HARD)) == set(paths_of(tomllib.loads(HARD)))


@pytest.mark.parametrize("name", ready())
def test_the_locations_of_a_ready_made_plan_are_those_of_its_keys(name: str) -> None:
    text = ready()[name].read_text()
    lines = lines_of(text)
    assert set(lines) == set(paths_of(tomllib.loads(text)))
    for path, line in lines.items():
        if isinstance(path[-1], str):
            assert path[-1] in text.splitlines()[line - 1]


def test_a_path_that_is_not_there_has_the_line_of_what_it_is_in() -> None:
    assert line_at(lines_of(HARD), ("many", 1, "missing", 3)) == 32
    assert line_at({}, ("missing",)) == 1


PIECES = [
    "a",
    "b",
    '"c d"',
    "=",
    ".",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ",",
    " ",
    "\t",
    "1",
    '"s"',
    "true",
    "1.5",
    "2026-01-01",
]
PIECES += ["\n", "#x\n", "'''\n'''", '"""\n"""', "a = 1\n", "[a]\n", "[[b]]\n", "[b.a]\n"]
PIECES += ["x = [1,\n2]\n", "y = {a = 1, b.c = [{}]}\n"]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_whatever_is_toml_has_its_locations(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = lines_of(text)
    assert set(lines) == set(paths_of(data))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
