"""Sentences that a person reads go through a catalog: in the source of the rooms that are done."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from upline.shell.sentences import SOURCE

# Rooms of which each sentence goes through a catalog. What is missing here is not done yet.
DONE = (
    "api/calls", "api/http", "base", "books", "cart", "catalog", "commissions", "company", "epins",
    "events", "explanations", "flows", "genealogy", "kyc", "mailings", "markets", "members",
    "office", "orders", "papers", "payments", "payouts", "pictures", "plan_documents", "reports",
    "portal", "design", "screens", "shipping", "site", "trials", "wallet",
)  # fmt: skip
# What only developers, programs or the server's shell read, and why.
NOT_READ = {
    "base/audit.py": "what an event of the audit log means, for the glossary",
    "base/clock.py": "the server's shell",
    "base/encryption.py": "the server's shell",
    "commissions/storing/archive.py": "the server's log",
    "company/queries.py": "the server's shell, before there is a company",
    "flows/erasing.py": "the server's shell: one line for each person who is erased again",
    "site/health.py": "monitoring",
}
SPEAKING = {"gettext", "ngettext", "lazy", "told", "counted"}
# Calls whose words are no sentences for people, or for the server's shell alone.
OTHER_CALLS = {
    "TypeError", "RuntimeError", "KeyError", "ImproperlyConfigured", "CommandError", "Field",
    "call", "compile", "say", "error", "warning", "info", "exception",
}  # fmt: skip
# The last two are kept in the database as they are written.
OTHER_NAMES = {"meaning", "description", "help_text", "_CORRECTED", "_IDENTITY_CHANGED"}
SENTENCE = re.compile(r"[A-Z“\"(].* .*[.?!]")


def sources() -> Iterator[Path]:
    for room in DONE:
        for path in sorted((SOURCE / room).rglob("*.py")):
            name = str(path.relative_to(SOURCE))
            if "migrations" not in path.parts and name not in NOT_READ:
                yield path


def text_of(node: ast.AST) -> str:
    """What a string says, its values as `{}`; '' for what is no string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "{}" for part in node.values)
    return ""


class Bypassing(ast.NodeVisitor):
    """Finds the sentences of a file that go through no catalog."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> None:
        self.visit(node.test)

    def visit_Assign(self, node: ast.Assign) -> None:
        names = {each.id for each in node.targets if isinstance(each, ast.Name)}
        if not names & OTHER_NAMES:
            self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg not in OTHER_NAMES:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in OTHER_CALLS:
            return
        said = [each for each in node.args if name not in SPEAKING or not text_of(each)]
        for each in (node.func, *said, *node.keywords):
            self.visit(each)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for each in (*node.body, node.args):
            self.visit(each)

    def generic_visit(self, node: ast.AST) -> None:
        text = text_of(node)
        if text and "\n" not in text and "SELECT" not in text and SENTENCE.fullmatch(text.strip()):
            self.found.append(text)
        elif not text:
            super().generic_visit(node)


def test_no_sentence_bypasses_the_catalogs() -> None:
    found = {}
    for path in sources():
        looking = Bypassing()
        looking.visit(ast.parse(path.read_text()))
        if looking.found:
            found[str(path.relative_to(SOURCE))] = looking.found
    assert found == {}


def test_what_is_left_out_exists() -> None:
    assert [name for name in NOT_READ if not (SOURCE / name).exists()] == []
