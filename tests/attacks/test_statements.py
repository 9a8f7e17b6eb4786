"""Every hand-written SQL statement prepares against the migrated schema.

They are found by themselves: the constants of all modules, and what is passed to base/sql.py."""

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

import upline
from support.installation import Installation

SOURCE = Path(upline.__file__).parent
VERBS = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
TEMPLATE = re.compile(r"{\w+}")
PLACEHOLDER = re.compile(r"%s|%\((\w+)\)s")
CALLS = {"sql.one", "sql.rows", "sql.value", "sql.run"}
# Put together when they run, from fixed words: (module, function).
BUILT = {
    ("upline.genealogy.queries", "lock_outer_end"),
    ("upline.flows.erasing", "_erase"),
}


def modules() -> list[str]:
    found = pkgutil.walk_packages([str(SOURCE)], "upline.")
    apart = (".migrations", ".launch", ".management", "__main__")
    return [each.name for each in found if not any(word in each.name for word in apart)]


def statements() -> Iterator[tuple[str, str]]:
    """Each statement with where it stands."""
    for name in modules():
        module = importlib.import_module(name)
        yield from constants(module)
        yield from passed(module)
    from upline.books import invariants

    for invariant in invariants.ALL:
        if isinstance(invariant.breaches, str):
            yield f"invariants: {invariant.promise}", invariant.breaches


def constants(module: ModuleType) -> Iterator[tuple[str, str]]:
    for name, value in vars(module).items():
        if isinstance(value, str) and VERBS.match(value) and not TEMPLATE.search(value):
            yield f"{module.__name__}.{name}", value


def passed(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Statements written where they are used: `sql.one("SELECT …")`."""
    for call in calls(module):
        if isinstance(call.args[0], ast.Constant):
            statement = str(call.args[0].value)
            # PREPARE is for statements about rows.
            if not statement.startswith("SET "):
                yield f"{module.__name__}:{call.lineno}", statement


def calls(module: ModuleType) -> Iterator[ast.Call]:
    return calls_in(ast.parse(Path(str(module.__file__)).read_text()))


def calls_in(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in CALLS:
            yield node


def numbered(statement: str) -> str:
    """With PostgreSQL's own placeholders."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        key = found[1] or str(len(names))
        return f"${names.setdefault(key, len(names) + 1)}"

    return PLACEHOLDER.sub(number, statement).replace("%%", "%")


FOUND = dict(statements())


@pytest.fixture(scope="module")
def connection(installation: Installation) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    address = installation.postgres.app_url
    with psycopg.connect(address, autocommit=True, prepare_threshold=None) as opened:
        yield opened


@pytest.mark.parametrize("where", FOUND)
def test_the_statement_prepares_against_the_migrated_schema(
    connection: "psycopg.Connection[tuple[object, ...]]", where: str
) -> None:
    statement = numbered(FOUND[where])
    connection.execute(f"PREPARE tried AS {statement}")  # type: ignore[arg-type]
    connection.execute("DEALLOCATE tried")


def test_the_known_statements_are_among_those_found() -> None:
    for known in ("members.statements.CALLER", "cart.statements.ADD", "screens.profile._PROFILE"):
        assert f"upline.{known}" in FOUND
    assert len(FOUND) > 80


def test_statements_are_built_at_run_time_only_where_it_is_known() -> None:
    built = {
        (name, function.name)
        for name in modules()
        for function in ast.walk(ast.parse(Path(str(sys.modules[name].__file__)).read_text()))
        if isinstance(function, ast.FunctionDef)
        for call in calls_in(function)
        if isinstance(call.args[0], (ast.JoinedStr, ast.BinOp))
    }
    assert built == BUILT
