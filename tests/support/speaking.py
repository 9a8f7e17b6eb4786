"""What of a text went through no catalog, read from it in the language that marks each sentence."""

import re

from upline.language.loading import ACCENTED, MARKED, load

_MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
_PLAIN = {accented: plain for plain, accented in ACCENTED.items()}
_WORD = re.compile(r"[^\W\d_][\w@.-]{2,}")


def marked(sentence: str) -> str:
    """A sentence as the language has it that marks each one."""
    return load(MARKED).translations.gettext(sentence)


def unmarked(text: str) -> str:
    """A text of that language, its sentences as they are in English."""
    return _MARKED.sub(lambda each: each[0][1:-1].translate(_PLAIN).rstrip(" ~"), text)


def bare(text: str) -> str:
    """A text without its marked sentences, whatever they hold."""
    before = ""
    while before != text:
        before, text = text, _MARKED.sub(" ", text)
    return text


def bare_words(text: str) -> set[str]:
    """The words that stand in no marked sentence: data, or sentences that bypassed the catalogs."""
    return set(_WORD.findall(bare(text)))
