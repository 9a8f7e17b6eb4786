"""A text that is no TOML: what its owner probably wanted to write."""

from __future__ import annotations

import json
import re

from upline.language import gettext, lazy
from upline.plan_documents.errors import LONGEST_QUOTE

TEXT_OR_COMMENT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|#.*")
KEY = r"^\s*([\w-]+)\s*"
SLIPS = [
    (r"[\u2018-\u201f\u00ab\u00bb]", lazy('text needs straight quotes: "…".')),
    (r"[0-9]\s*%", lazy('a percent sign needs quotes: 10 or "10 %".')),
    (r"=\s*[0-9.]+,[0-9]", lazy("no commas in numbers: 5000 or 50.00.")),
    (r"[0-9]\.[0-9]+\.[0-9]", lazy("a number has one point at most: 1000000 or 50.00.")),
    (r"=\s*[0-9.]+\s*[A-Za-z€$£]+", lazy("write the number alone, without a currency or a word.")),
    (r"=\s*(?:(?i:yes|no|on|off)|True|TRUE|False|FALSE)\b", lazy("write true or false.")),
    (r"\[[^\]]*[0-9]\s*;|\[[^\],]*[0-9]\s+[0-9]", lazy("a list needs commas: [10, 5, 3].")),
    (KEY + r":", lazy("write = between a key and its value.")),
    (KEY + r"=\s*(?!(?:true|false|inf|nan)\b)[^\W\d]", lazy('text needs straight quotes: "…".')),
]
"""What a line without its texts and comment looks like, and the hint; the first one that fits."""


def hint(line: str, reason: str) -> str:
    """The line itself and what to do about it, in a sentence; nothing where the line is empty."""
    shown = line.strip()
    if not shown:
        return ""
    cut = shown if len(shown) <= LONGEST_QUOTE else f"{shown[:LONGEST_QUOTE]}…"
    safe = cut if cut.isprintable() else json.dumps(cut)[1:-1]
    said = _slip(shown, reason)
    if said:
        return gettext("The line is: {line} - {hint}", line=safe, hint=said)
    return gettext("The line is: {line}.", line=safe)


def _slip(line: str, reason: str) -> str:
    key = re.match(KEY + "=", line)
    if key and "cannot overwrite" in reason.casefold():
        return gettext("the key `{key}` stands twice in this table.", key=key[1])
    bare = TEXT_OR_COMMENT.sub('""', line)
    if "unclosed array" in reason.casefold() and "[" not in bare:
        return gettext("a bracket above it is not closed.")
    return next((str(said) for pattern, said in SLIPS if re.search(pattern, bare)), "")
