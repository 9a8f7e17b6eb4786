"""A text that is no TOML: what its owner probably wanted to write."""

from __future__ import annotations

import json
import re

from upline.plan_documents.errors import LONGEST_QUOTE

TEXT_OR_COMMENT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|#.*")
KEY = r"^\s*([\w-]+)\s*"
SLIPS = [
    (r"[\u2018-\u201f\u00ab\u00bb]", 'text needs straight quotes: "…".'),
    (r"[0-9]\s*%", 'a percent sign needs quotes: 10 or "10 %".'),
    (r"=\s*[0-9.]+,[0-9]", "no commas in numbers: 5000 or 50.00."),
    (r"[0-9]\.[0-9]+\.[0-9]", "a number has one point at most: 1000000 or 50.00."),
    (r"=\s*[0-9.]+\s*[A-Za-z€$£]+", "a number stands alone, without a currency or a word."),
    (r"=\s*(?:(?i:yes|no|on|off)|True|TRUE|False|FALSE)\b", "write true or false."),
    (r"\[[^\]]*[0-9]\s*;|\[[^\],]*[0-9]\s+[0-9]", "a list needs commas: [10, 5, 3]."),
    (KEY + r":", "between a key and its value stands =."),
    (KEY + r"=\s*(?!(?:true|false|inf|nan)\b)[^\W\d]", 'text needs straight quotes: "…".'),
]
"""What a line without its texts and comment looks like, and the hint; the first one that fits."""


def hint(line: str, reason: str) -> str:
    """What to do about it, and the line itself; nothing where the line is empty."""
    shown = line.strip()
    if not shown:
        return ""
    cut = shown if len(shown) <= LONGEST_QUOTE else f"{shown[:LONGEST_QUOTE]}…"
    safe = cut if cut.isprintable() else json.dumps(cut)[1:-1]
    said = _slip(shown, reason)
    return f" The line is: {safe} - {said}" if said else f" The line is: {safe}."


def _slip(line: str, reason: str) -> str:
    key = re.match(KEY + "=", line)
    if key and "cannot overwrite" in reason.casefold():
        return f"the key `{key[1]}` stands twice in this table."
    bare = TEXT_OR_COMMENT.sub('""', line)
    if "unclosed array" in reason.casefold() and "[" not in bare:
        return "a bracket above it is not closed."
    return next((said for pattern, said in SLIPS if re.search(pattern, bare)), "")
