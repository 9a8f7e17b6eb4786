"""Every hand-written SQL statement prepares against the migrated schema.

They are found by themselves: the constants of all modules, and what is passed to base/sql.py. A
shape that is passed with a statement has its columns, in name, order and type."""

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import get_args, get_type_hints

import psycopg
import pytest

import upline
from support.installation import Installation
from upline.books import invariants

SOURCE = Path(upline.__file__).parent
VERBS = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
TEMPLATE = re.compile(r"{\w+}")
PLACEHOLDER = re.compile(r"%s|%\((\w+)\)s")
CALLS = {"sql.one", "sql.rows", "sql.value", "sql.values", "sql.number", "sql.run"}
# What psycopg makes of a column, by the type's number in pg_type; JSON arrives as text.
PYTHON: dict[int, object] = {
    **dict.fromkeys((20, 21, 23), int),
    **dict.fromkeys((18, 19, 25, 114, 1042, 1043, 3802), str),
    **dict.fromkeys((1005, 1007, 1016), list[int]),
    **dict.fromkeys((1009, 1015), list[str]),
    16: bool,
    17: bytes,
    1082: date,
    1184: datetime,
    1186: timedelta,
}
# Put together when they run, from fixed words: (module, function).
BUILT = {
    ("upline.genealogy.actions", "lock_outer_end"),
    ("upline.genealogy.queries", "find_position"),
    ("upline.genealogy.queries", "positions_named"),
    ("upline.genealogy.queries", "positions_of"),
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

    for invariant in invariants.ALL:
        if isinstance(invariant.breaches, str):
            yield f"invariants: {invariant.promise}", invariant.breaches


def constants(module: ModuleType) -> Iterator[tuple[str, str]]:
    for name, value in vars(module).items():
        if isinstance(value, str) and VERBS.match(value) and not TEMPLATE.search(value):
            yield f"{module.__name__}.{name}", value


def passed(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Statements written where they are used: `sql.one(Row, "SELECT …")`."""
    for call in calls(module):
        argument = statement_in(call, module)
        if isinstance(argument, ast.Constant):
            statement = str(argument.value)
            # PREPARE is for statements about rows.
            if not statement.startswith("SET "):
                yield f"{module.__name__}:{call.lineno}", statement


def shape_in(call: ast.Call, module: ModuleType) -> type | None:
    """The class that a call wants its rows to be."""
    value = looked_up(call.args[0], module)
    return value if isinstance(value, type) else None


def looked_up(argument: ast.expr, module: ModuleType) -> object:
    """What a name or constant in a module stands for; None where only a running function knows."""
    if not isinstance(argument, (ast.Name, ast.Attribute, ast.Constant)):
        return None
    try:
        return eval(ast.unparse(argument), vars(module))
    except (NameError, AttributeError):
        return None


def statement_in(call: ast.Call, module: ModuleType) -> ast.expr:
    return call.args[1 if shape_in(call, module) else 0]


def shaped() -> Iterator[tuple[str, tuple[type, str]]]:
    """Each shape with its statement, by where the two stand in a call."""
    for name in modules():
        module = importlib.import_module(name)
        for call in calls(module):
            shape = shape_in(call, module)
            if shape is not None:
                statement = looked_up(call.args[1], module)
                if isinstance(statement, str):
                    yield f"{name}:{call.lineno}", (shape, statement)


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
SHAPED = dict(shaped())


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
    connection.execute(f"PREPARE tried AS {statement}")
    connection.execute("DEALLOCATE tried")


@pytest.mark.parametrize("where", SHAPED)
def test_a_shape_has_the_columns_of_its_statement(
    connection: "psycopg.Connection[tuple[object, ...]]", where: str
) -> None:
    shape, statement = SHAPED[where]
    connection.execute(f"PREPARE shaped AS {numbered(statement)}")
    described = connection.pgconn.describe_prepared(b"shaped")
    connection.execute("DEALLOCATE shaped")
    columns = {
        (described.fname(number) or b"").decode(): PYTHON.get(described.ftype(number))
        for number in range(described.nfields)
    }
    if not issubclass(shape, tuple):
        assert next(iter(columns.values())) is shape
        return
    hints = get_type_hints(shape)
    assert list(hints) == list(columns)
    for name, kind in columns.items():
        # Whether a column can be NULL PostgreSQL does not say.
        assert kind in (hints[name], *get_args(hints[name])), f"{name}: {hints[name]}, not {kind}"


def test_rows_have_a_shape_wherever_the_source_reads_them() -> None:
    bare = {
        name
        for name in modules()
        for call in calls(importlib.import_module(name))
        if ast.unparse(call.func) in {"sql.one", "sql.rows", "sql.value"}
        and shape_in(call, importlib.import_module(name)) is None
    }
    assert not bare


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
        if isinstance(statement_in(call, sys.modules[name]), (ast.JoinedStr, ast.BinOp))
    }
    assert built == BUILT
