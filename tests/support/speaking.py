"""What of a text went through no catalog, read from it in the language that marks each sentence."""

import re

_MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
_WORD = re.compile(r"[^\W\d_][\w@.-]{2,}")


def bare(text: str) -> str:
    """A text without its marked sentences, whatever they hold."""
    before = ""
    while before != text:
        before, text = text, _MARKED.sub(" ", text)
    return text


def bare_words(text: str) -> set[str]:
    """The words that stand in no marked sentence: data, or sentences that bypassed the catalogs."""
    return set(_WORD.findall(bare(text)))
