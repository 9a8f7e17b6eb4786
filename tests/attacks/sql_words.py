"""The quoted words of hand-written SQL, each with the words that its column can hold."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.apps import apps
from procrastinate.jobs import Status as JobStatus

from attacks.test_tidiness import SOURCE, python_files, short
from upline.base.audit import AuditEvent
from upline.base.event_kinds import EventKind
from upline.genealogy.models import PositionStatus
from upline.mailings.models import MailKind
from upline.members.models import Standing
from upline.plans.periods import Every
from upline.wallet.models import AccountKind, TransferKind

# Columns without `choices`: what they hold is not chosen in a form.
OTHER_COLUMNS = {
    ("base_auditentry", "event"): {*AuditEvent, *EventKind},
    ("events_event", "kind"): set(EventKind),
    ("commissions_interim", "every"): {str(each) for each in Every},
    ("commissions_run", "every"): {str(each) for each in Every},
    ("mailings_mail", "kind"): set(MailKind),
    ("genealogy_positionfact", "status"): set(PositionStatus),
    ("members_standingfact", "standing"): set(Standing),
    ("procrastinate_jobs", "status"): {each.value for each in JobStatus},
    ("wallet_account", "kind"): set(AccountKind),
    ("wallet_transfer", "kind"): set(TransferKind),
}
TRANSFER_KIND_ARGUMENT = 3
LIFE_CYCLES = {"status", "standing"}
KINDS = {"kind", "plan_kind", "purpose", "event", "buyer", "every"}
_NAME = r"(?:(\w+)\.)?(\w+)"
_QUOTED = re.compile(r"'(\w+(?:\.\w+)?)'")
_COMPARED = re.compile(
    rf"{_NAME}(?:::\w+)?\s*(?:=|<>|!=|IS (?:NOT )?DISTINCT FROM|(?:NOT )?IN)"
    r"\s*((?:ANY\s*)?\((?:ARRAY\s*\[)?(?:\s*'[\w.]+'\s*,?)+\]?\)|'[\w.]+')"
)
_WORD_FIRST = re.compile(rf"('[\w.]+')(?:::\w+)?\s*(?:=|<>|!=)\s*{_NAME}\b(?!\()")
_COALESCED = re.compile(rf"coalesce\({_NAME}\s*,\s*('[\w.]+')\)", re.I)
_CALLED = re.compile(r"('[\w.]+')(?:::\w+)?\s+AS\s+(\w+)")
_WORD_IN_COLUMNS = re.compile(r"('[\w.]+')\s*(?:=|<>|(?:NOT )?IN)\s*\(((?:[\w.]+(?:,\s*)?)+)\)")
_ROWS = re.compile(r"\(([^()]*)\)\s*(?:=|<>|IS (?:NOT )?DISTINCT FROM)\s*\(([^()]*)\)")
_CASE = re.compile(rf"\bCASE\s+{_NAME}\s+(?=WHEN '|ELSE)")
_IS_CASE = re.compile(rf"{_NAME}\s*(?:=|<>)\s*CASE\b")
_INSERT = re.compile(r"INSERT INTO (\w+)\s*\(([^()]*)\)\s*VALUES\s*", re.S)
_INSERT_SELECT = re.compile(r"INSERT INTO (\w+)\s*\(([^()]*)\)\s*SELECT\s", re.S)
_END_OF_LIST = re.compile(r"\s(FROM|WHERE|UNION|ON CONFLICT|RETURNING)\b|[;)]")
_VALUES_AS = re.compile(r"\(VALUES\s*((?:\([^()]*\)\s*,?\s*)+)\)\s*AS\s+\w+\s*\(([^()]*)\)", re.S)
_AS_VALUES = re.compile(r"\w+\s*\(([^()]*)\)\s*AS\s*\(VALUES\s*((?:\([^()]*\)\s*,?\s*)+)\)", re.S)
_ARRAY = re.compile(r"ARRAY\[([^\]]*)\]\)?\s*AS\s+(\w+)")
_NO_ALIAS = {"on", "where", "join", "set", "left", "using", "order", "group", "full", "cross", "as"}


@dataclass(frozen=True)
class Words:
    """What each column that holds a word of an enum can hold."""

    by_table: dict[tuple[str, str], set[str]]

    @property
    def by_column(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for (_, column), words in self.by_table.items():
            found.setdefault(column, set()).update(words)
        found["kind"] |= found["plan_kind"]
        return found

    @property
    def statuses(self) -> list[set[str]]:
        """The steps of each life cycle."""
        return [words for (_, name), words in self.by_table.items() if name in LIFE_CYCLES]


@lru_cache(maxsize=1)
def known_words() -> Words:
    """Of the models' `choices`, and OTHER_COLUMNS."""
    found = dict(OTHER_COLUMNS)
    for model in apps.get_models():
        if model.__module__.startswith("upline."):
            for field in model._meta.fields:
                if field.choices and field.column in LIFE_CYCLES | KINDS:
                    found[model._meta.db_table, field.column] = {v for v, _ in field.choices}
    return Words(found)


@lru_cache(maxsize=1)
def _columns() -> dict[str, set[str]]:
    return {
        model._meta.db_table: {field.column for field in model._meta.fields if field.column}
        for model in apps.get_models()
    }


def shipped_sql() -> Iterator[tuple[str, str]]:
    """Each piece of SQL with where it stands: files, and strings that read like SQL."""
    for path in sorted(SOURCE.rglob("*.sql")):
        yield short(path), path.read_text()
    for path in python_files(SOURCE):
        for node in ast.walk(ast.parse(path.read_text())):
            text = _text_of(node)
            if re.search(r"\b(SELECT|UPDATE|INSERT INTO|DELETE FROM|VALUES|WHERE|FROM)\b", text):
                yield f"{short(path)}:{getattr(node, 'lineno', 0)}", text


def _text_of(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text_of(part) or "{}" for part in node.values)
    return ""


def words_in(text: str) -> Iterator[tuple[str, set[str]]]:
    """Each quoted word that a column of known words is compared with or set to, and what that
    column can hold."""
    text = re.sub(r"--[^\n]*", "", text).replace("%%", "%")
    tables = _tables(text)
    for column, words in _pairs(text):
        allowed = _allowed(column, tables)
        for word in _QUOTED.findall(words) if allowed else ():
            yield word, allowed


def _tables(text: str) -> dict[str, str]:
    """The tables by the names that the text gives them."""
    found = {}
    for table in {*_columns(), *(table for table, _ in known_words().by_table)}:
        for match in re.finditer(rf"\b{table}\b(?:\s+(?:AS\s+)?([a-z_]+))?", text):
            found[table] = table
            if match[1] and match[1] not in _NO_ALIAS:
                found[match[1]] = table
    return found


def _allowed(column: str, tables: dict[str, str]) -> set[str]:
    """What a column can hold; empty where it holds no word of an enum."""
    qualifier, _, name = column.strip().rpartition(".")
    known = known_words()
    if qualifier in tables and name in _columns().get(tables[qualifier], {name}):
        return known.by_table.get((tables[qualifier], name), set())
    here = [table for table in set(tables.values()) if name in _columns().get(table, ())]
    if here and not qualifier:
        return set().union(*(known.by_table.get((table, name), set()) for table in here))
    return known.by_column.get(name, set())


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """A column as the text names it, and the quoted words that go with it."""
    for qualifier, name, words in _COMPARED.findall(text):
        yield f"{qualifier}.{name}" if qualifier else name, words
    for pattern in (_WORD_FIRST, _COALESCED, _CALLED):
        for match in pattern.finditer(text):
            yield _named(match)
    for word, columns in _WORD_IN_COLUMNS.findall(text):
        yield from ((column, word) for column in columns.split(","))
    for one, other in _ROWS.findall(text):
        yield from _beside(one, other)
    for match in _CASE.finditer(text):
        column = f"{match[1]}.{match[2]}" if match[1] else match[2]
        yield column, " ".join(_whens(text[match.end() :]))
    for match in _IS_CASE.finditer(text):
        column = f"{match[1]}.{match[2]}" if match[1] else match[2]
        yield column, " ".join(_whens(text[match.end() :], "THEN|ELSE"))
    for words, name in _ARRAY.findall(text):
        yield name, words
    yield from _made(text)


def _named(match: re.Match[str]) -> tuple[str, str]:
    """A column and the word beside it, whichever comes first."""
    parts = [each for each in match.groups() if each]
    word = next(each for each in parts if each.startswith("'"))
    return ".".join(each for each in parts if each != word), word


def _made(text: str) -> Iterator[tuple[str, str]]:
    """The same of rows that are written, or listed as values, and of transfers."""
    for match in _INSERT.finditer(text):
        values = _arguments(text, match.end())
        yield from ((f"{match[1]}.{name}", value) for name, value in _zipped(match[2], values))
    for match in _INSERT_SELECT.finditer(text):
        values = _selected(text, match.end())
        yield from ((f"{match[1]}.{name}", value) for name, value in _zipped(match[2], values))
    listed = [(names, rows) for rows, names in _VALUES_AS.findall(text)]
    for names, rows in [*listed, *_AS_VALUES.findall(text)]:
        for row in re.findall(r"\(([^()]*)\)", rows):
            yield from _beside(names, row)
    for match in re.finditer(r"\bwallet_transfer(?=\()", text):
        arguments = _arguments(text, match.end())
        if len(arguments) > TRANSFER_KIND_ARGUMENT:
            yield "wallet_transfer.kind", arguments[TRANSFER_KIND_ARGUMENT]


def _beside(names: str, values: str) -> Iterator[tuple[str, str]]:
    yield from _zipped(names, values.split(","))


def _zipped(names: str, values: list[str]) -> Iterator[tuple[str, str]]:
    listed = names.split(",")
    if len(listed) == len(values):
        for name, value in zip(listed, values, strict=True):
            if _QUOTED.fullmatch(value.strip()):
                yield name.strip(), value


def _whens(rest: str, after: str = "WHEN") -> Iterator[str]:
    """The words that a CASE compares with, or that it comes to, up to its END."""
    depth = 1
    for token in re.finditer(rf"\b(CASE|END)\b|(?:{after}) ('\w+')", rest):
        depth += {"CASE": 1, "END": -1}.get(token[1] or "", 0)
        if depth == 0:
            return
        if token[2] and depth == 1:
            yield token[2]


def _selected(text: str, start: int) -> list[str]:
    """What a SELECT lists, apart, from `start` to where its list ends."""
    depth, found = 0, [""]
    for at, letter in enumerate(text[start:], start):
        if depth == 0 and _END_OF_LIST.match(text, at):
            break
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return found


def _arguments(text: str, start: int) -> list[str]:
    """What stands in the brackets that open at `start`, apart."""
    if text[start : start + 1] != "(":
        return []
    depth, found = 0, [""]
    for letter in text[start:]:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            break
        if letter == "," and depth == 1:
            found.append("")
        elif depth > 1 or letter != "(":
            found[-1] += letter
    return found
