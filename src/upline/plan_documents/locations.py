"""On which line of a TOML text each key and each entry of a list stands.

Python's TOML reader keeps no positions. This walks over a text that the reader has accepted, so
it need not judge it: it only follows keys, headers and brackets.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field

from upline.plan_documents.errors import Path

TOKEN = re.compile(
    r"""
    (?P<skip> \#[^\n]* | [ \t\r]+ )
  | (?P<text> \"{3} (?:[^\\]|\\.)*? \"{3,5} | '{3} .*? '{3,5}
            | \"(?:[^"\\\n]|\\.)*\" | '[^'\n]*' )
  | (?P<mark> [\[\]{}=,.\n] )
  | (?P<bare> [^\s\[\]{}=,.\#"']+ )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class TomlToken:
    """A piece of the text, with its line counted from 1."""

    text: str
    line: int
    kind: str


def lines_of(text: str) -> dict[Path, int]:
    """The line of every key, table and entry of a valid TOML text."""
    walk = _Walk(_tokens(text))
    walk.document()
    return walk.lines


def line_at(lines: dict[Path, int], path: Path) -> int:
    """The line of the innermost part of a path that stands in the text."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _tokens(text: str) -> list[TomlToken]:
    found, line = [], 1
    for match in TOKEN.finditer(text):
        if match.lastgroup != "skip":
            found.append(TomlToken(match[0], line, match.lastgroup or ""))
        line += match[0].count("\n")
    return found


@dataclass(slots=True)
class _Walk:
    tokens: list[TomlToken]
    index: int = 0
    lines: dict[Path, int] = field(default_factory=dict)
    lengths: dict[Path, int] = field(default_factory=dict)

    def document(self) -> None:
        """Headers, and keys below them."""
        table: Path = ()
        while (token := self.look()) is not None:
            if self.take("\n"):
                continue
            if token.text == "[":
                table = self.header()
            else:
                self.pair(table)

    def look(self) -> TomlToken | None:
        return self.tokens[self.index] if self.index < len(self.tokens) else None

    def take(self, *texts: str) -> bool:
        """Go past the next token where it is one of these marks."""
        token = self.look()
        if token is None or token.kind != "mark" or token.text not in texts:
            return False
        self.index += 1
        return True

    def header(self) -> Path:
        """`[a.b]` or `[[a.b]]`: the path of the table that it opens."""
        self.take("[")
        is_list = self.take("[")
        path: Path = ()
        *above, (last, line) = self.key()
        for part, _ in above:
            path = self.inside((*path, part), line)
        path = (*path, last)
        if is_list:
            self.lines.setdefault(path, line)
            self.lengths[path] = self.lengths.get(path, 0) + 1
        path = self.inside(path, line)
        while self.take("]"):
            pass
        return path

    def inside(self, path: Path, line: int) -> Path:
        """The path, or that of the list's newest table."""
        self.lines.setdefault(path, line)
        if path not in self.lengths:
            return path
        newest = (*path, self.lengths[path] - 1)
        self.lines.setdefault(newest, line)
        return newest

    def pair(self, table: Path) -> None:
        """`a.b = value`."""
        path = table
        for part, line in self.key():
            path = (*path, part)
            self.lines.setdefault(path, line)
        self.take("=")
        self.value(path)

    def key(self) -> list[tuple[str, int]]:
        """The parts of a dotted key, with their lines."""
        parts = []
        while (token := self.look()) is not None and token.kind != "mark":
            is_text = token.kind == "text"
            said = tomllib.loads(f"{token.text} = 0").popitem()[0] if is_text else token.text
            parts.append((said, token.line))
            self.index += 1
            if not self.take("."):
                break
        return parts

    def value(self, path: Path) -> None:
        if self.take("["):
            self.entries(path)
        elif self.take("{"):
            self.table(path)
        else:
            while (token := self.look()) is not None and token.text not in (",", "]", "}", "\n"):
                self.index += 1

    def entries(self, path: Path) -> None:
        """What stands between brackets."""
        count = 0
        while not self.take("]") and (token := self.look()) is not None:
            if self.take("\n", ","):
                continue
            self.lines[(*path, count)] = token.line
            self.value((*path, count))
            count += 1

    def table(self, path: Path) -> None:
        """What stands between braces."""
        while not self.take("}") and self.look() is not None:
            if not self.take("\n", ","):
                self.pair(path)
