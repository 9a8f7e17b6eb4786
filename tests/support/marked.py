"""Pages in the language that marks each sentence which went through a catalog."""

import re
from collections.abc import Collection
from html import unescape

import httpx

# Codes as they are written: `order.placed`, `order:UP-1`, an address, a name of a test's member.
_CODE = re.compile(r"\w+:[\w/.-]+|@?\w+(?:[.-]\w+)*@\w[\w.]*|\w+(?:\.\w+)+|\w*\d+x\d+\w*")
_WORD = re.compile(r"[^\W\d_][\w-]{2,}")


def bare_words(page: httpx.Response, data: Collection[str] = ()) -> set[str]:
    """The words of a page that went through no catalog. `data` are words that go through none: what
    people have written, and names."""
    text = re.sub(r"(?s)<(script|style)\b.*?</\1>|<!--.*?-->|<pre>.*?</pre>", " ", page.text)
    shown = re.findall(r'(?:aria-label|placeholder|title|data-label)="([^"]*)"', text)
    text = unescape(" ".join([re.sub(r"<[^>]*>", " ", text), *shown]))
    before = ""
    while before != text:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    return words_of(_CODE.sub(" ", text)) - set(data)


def words_of(text: str) -> set[str]:
    """The words of three letters and more; what holds a digit is a code."""
    return {word for word in _WORD.findall(text) if not any(map(str.isdigit, word))}
