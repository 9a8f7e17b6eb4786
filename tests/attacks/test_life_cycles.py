"""Steps of life cycles and kinds are words of enums: in Python by name, in SQL spelt alike."""

import ast
import re
import typing
from collections.abc import Iterator

import pytest
from pydantic import TypeAdapter

from attacks.sql_words import known_words, shipped_sql, words_in
from attacks.test_tidiness import SOURCE, shipped_files, short
from upline.api.describe import earning_shapes, shapes
from upline.commissions.queries import APPROVED
from upline.epins.models import EPinStatus
from upline.mailings.models import MailKind
from upline.orders.models import OrderStatus
from upline.payouts.models import PayoutStatus

# Rooms that know no database have enums of their own, in plans/plan.py and plans/bonus.py.
OTHER_ROOMS = {
    "plans",
    "plan_documents",
    "explanations",
    "trials",
    "simulation",
    "papers",
    "launch",
}
LOOKUPS = ("__in", "__exact")
ANY_STATUS = "a step of any life cycle"
DEFAULTS = {"default", "db_default"}


def test_no_python_compares_or_writes_a_bare_word() -> None:
    found = [
        f"{short(path)}:{line}: {word!r}"
        for path in shipped_files()
        if path.relative_to(SOURCE).parts[0] not in OTHER_ROOMS
        for line, word in bare_words(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "if order.status == 'complete': pass",
        "if payout.status not in ('requested', 'approved'): pass",
        "Mail.objects.filter(status='queued')",
        "Payout.objects.filter(batch__status__in=['paid'])",
        "row = {'standing': 'closed'}",
        "mail.status, mail.tries = 'sent', 0",
        "def make(kind: str = 'checkout'): pass",
        "match run.status:\n    case 'paid': pass",
        "DONE = ('approved', 'paid', 'closed')",
        "NEXT = {'open': 1, 'computed': 2}",
        "if row['status'] == 'paid': pass",
        "if facts.get('standing') != 'closed': pass",
        "if getattr(order, 'status') == 'complete': pass",
        "models.CharField(choices=SurplusStatus, db_default='open')",
        "Case(When(sent=True, then=Value('sent')))",
        "sql.run(CHANGE, ['paid', payout.pk])",
        "sql.rows(Row, WAITING, {'step': 'requested', 'most': 5})",
        "setattr(payout, 'status', 'paid')",
    ],
)
def test_a_bare_word_would_be_found(code: str) -> None:
    assert [*bare_words(code)]


def bare_words(code: str) -> Iterator[tuple[int, str]]:
    """The line and the word of each word of a life cycle that is written as a string."""
    words, tree = known_words(), ast.parse(code)
    by_column = {**words.by_column, ANY_STATUS: set().union(*words.statuses)}
    described = {id(node.slice) for node in ast.walk(tree) if isinstance(node, ast.Subscript)}
    for node in ast.walk(tree):
        for column, value in written(node):
            for each in constants(value):
                if each.value in by_column.get(column, ()):
                    yield each.lineno, str(each.value)
        row = {} if id(node) in described else {str(each.value): each for each in in_a_row(node)}
        if len(row) > 1 and any(steps.issuperset(row) for steps in words.statuses):
            yield min(each.lineno for each in row.values()), ", ".join(row)


def written(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What a column is compared with, given or set to, by the column's name."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        yield from ((name_of(one), other) for one in sides for other in sides if other is not one)
    elif isinstance(node, ast.Match):
        yield from ((name_of(node.subject), case.pattern) for case in node.cases)
    elif isinstance(node, ast.keyword):
        is_default = node.arg in DEFAULTS
        yield ANY_STATUS if is_default else column_of(node.arg or ""), node.value
    elif isinstance(node, ast.Call):
        yield from passed(node)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant):
                yield column_of(str(key.value)), value
    else:
        yield from assigned(node)


def passed(call: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    """What a statement is run with, what an expression of the database is, what is set by name."""
    match call.func, call.args:
        case ast.Attribute(value=ast.Name(id="sql")), [*given]:
            for each in given:
                values = each.values if isinstance(each, ast.Dict) else [each]
                yield from ((ANY_STATUS, value) for value in values)
        case ast.Name(id="Value"), [value]:
            yield ANY_STATUS, value
        case ast.Name(id="setattr"), [_, ast.Constant(value=name), value]:
            yield str(name), value


def assigned(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from pairs(target, node.value)
    elif isinstance(node, ast.AnnAssign) and node.value:
        yield name_of(node.target), node.value
    elif isinstance(node, ast.arguments):
        last = node.args[len(node.args) - len(node.defaults) :]
        yield from ((arg.arg, value) for arg, value in zip(last, node.defaults, strict=True))


def pairs(target: ast.AST, value: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from pairs(one, other)
    else:
        yield name_of(target), value


def column_of(name: str) -> str:
    """`order__status__in` is `status`."""
    for lookup in LOOKUPS:
        name = name.removesuffix(lookup)
    return name.rpartition("__")[2]


def name_of(node: ast.AST) -> str:
    match node:
        case ast.Subscript(slice=ast.Constant(value=name)):
            return str(name)
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=name), *_]):
            return str(name)
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=name), *_]):
            return str(name)
        case ast.Call():
            return name_of(node.func).removesuffix("_of")
    return getattr(node, "attr", "") or getattr(node, "id", "")


def constants(node: ast.AST) -> Iterator[ast.Constant]:
    """The strings of a value: itself, its items, what it is on a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        for each in node.elts:
            yield from constants(each)
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)
    elif isinstance(node, (ast.MatchValue, ast.MatchOr)):
        for each in getattr(node, "patterns", [getattr(node, "value", None)]):
            yield from constants(each)


def in_a_row(node: ast.AST) -> list[ast.Constant]:
    """The items of a collection, or the keys of a mapping, where all are strings."""
    items = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
    found = [each for item in items if item for each in constants(item)]
    return found if len(found) == len(items) else []


def test_each_word_in_hand_written_sql_is_one_of_its_column() -> None:
    checked = 0
    wrong = []
    for path, text in shipped_sql():
        for word, allowed in words_in(text):
            checked += 1
            if word not in allowed:
                wrong.append(f"{path}: {word!r} is none of {sorted(allowed)}")
    assert wrong == []
    assert checked > 150


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM orders_order WHERE status = 'completed'",
        "SELECT id FROM payouts_payout payout WHERE payout.status IN ('requested', 'done')",
        "UPDATE orders_order SET status = 'canceled' WHERE id = %s",
        "SELECT id FROM members_member WHERE standing <> 'gone'",
        "SELECT id FROM wallet_account account WHERE 'walet' IN (account.kind)",
        "INSERT INTO mailings_mail (kind, user_id, status) VALUES (%s, %s, 'waiting')",
        "SELECT wallet_transfer(a.id, a.id, %s, 'payin', %s) FROM wallet_account a",
        "SELECT id FROM payouts_payout p WHERE CASE p.status WHEN 'payed' THEN true END",
        "SELECT id FROM wallet_transfer t JOIN wallet_account a ON a.id = t.debit_id"
        " WHERE (t.kind, a.kind) <> ('payout', 'walet')",
        "SELECT id FROM payouts_payout WHERE status = ANY (ARRAY['payed'])",
        "SELECT id FROM payouts_payout WHERE 'payed' = status",
        "UPDATE payouts_payout SET status = CASE WHEN %s THEN 'payed' ELSE 'failed' END",
        "INSERT INTO payouts_payout (member_id, status) SELECT member_id, 'payed' FROM x",
        "SELECT id FROM orders_order WHERE coalesce(status, 'completed') = %s",
        "SELECT 'gone'::varchar AS standing FROM members_member",
    ],
)
def test_a_misspelt_word_in_sql_would_be_found(statement: str) -> None:
    assert [word for word, allowed in words_in(statement) if word not in allowed]


@pytest.mark.parametrize(
    ("shape", "field", "words"),
    [
        (shapes.OrderShape, "status", set(OrderStatus)),
        (shapes.PayoutShape, "status", set(PayoutStatus)),
        (shapes.EPinShape, "status", set(EPinStatus)),
        (earning_shapes.EarningShape, "state", set(APPROVED)),
    ],
)
def test_the_api_describes_the_words_of_the_enums(
    shape: typing.Any, field: str, words: set[str]
) -> None:
    assert set(TypeAdapter(shape).json_schema()["properties"][field]["enum"]) == words


def test_each_kind_of_mail_has_a_template() -> None:
    templates = (SOURCE / "mailings" / "templates" / "mailings").glob("*.txt")
    assert {path.stem for path in templates} == set(MailKind)


def test_lines_of_no_bonus_are_called_by_their_names() -> None:
    """Only SQL that makes the index writes the number, and its test compares the two."""
    found = [path for path, text in shipped_sql() if re.search(r"\bbonus\s*(=|<>)\s*-\d", text)]
    assert found == ["src/upline/commissions/migrations/rules.sql"]
