"""Columns of text, and integers as text, all of a column at once; sentences in the language that
is spoken."""

from __future__ import annotations

from string import Formatter
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from upline.base.amounts import as_text
from upline.language import sentences, writing
from upline.plans.arrays import Array, Indexes, Ints
from upline.plans.kernels import kernel
from upline.plans.plan import PERCENT_DECIMALS

Texts: TypeAlias = pa.StringArray

WIDEST = 28
"""19 digits, 6 commas, a point, a sign."""
MINUS, POINT, COMMA, ZERO = (ord(letter) for letter in "-.,0")


def amounts(values: Array, decimals: int, *, grouped: bool = False) -> Texts:
    """`123450` with two decimals as `1234.50`, or `1,234.50` where it is for people; other
    languages than English write that in their way."""
    offsets = np.zeros(len(values) + 1, np.int32)
    data = np.empty(len(values) * WIDEST, np.uint8)
    _write(np.ascontiguousarray(values, np.int64), decimals, grouped, offsets, data)
    letters = data[: offsets[-1]]
    texts = pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(letters))
    return _with_marks(texts) if grouped else texts


def _with_marks(texts: Texts) -> Texts:
    marks = writing.marks()
    if marks != (".", ","):
        for before, after in ((",", " "), (".", marks.decimal), (" ", marks.group)):
            texts = pc.replace_substring(texts, before, after)
    return texts


@kernel
def _write(values: Ints, decimals: int, grouped: bool, offsets: Indexes, data: Array) -> None:
    """Digits are written from the last to the first, then moved to where the text begins."""
    text = np.empty(WIDEST, np.uint8)
    end = 0
    for k in range(len(values)):
        rest, digit, at = abs(values[k]), 0, WIDEST
        while rest > 0 or digit <= decimals:
            if digit == decimals and digit > 0:
                at -= 1
                text[at] = POINT
            elif grouped and digit > decimals and (digit - decimals) % 3 == 0:
                at -= 1
                text[at] = COMMA
            at -= 1
            text[at] = ZERO + rest % 10
            rest //= 10
            digit += 1
        if values[k] < 0:
            at -= 1
            text[at] = MINUS
        for letter in text[at:]:
            data[end] = letter
            end += 1
        offsets[k + 1] = end


def counts(values: Array) -> Texts:
    """Whole numbers."""
    return amounts(values, 0)


def percents(rates: Array) -> Texts:
    """Millionths as `5 %` or `12.5 %`. There are few different ones."""
    found = pa.array(rates).dictionary_encode()
    words = pa.array([percent(rate) for rate in found.dictionary.to_pylist()], pa.string())
    return words.take(found.indices)


def percent(rate: int) -> str:
    """One rate."""
    number = as_text(rate, PERCENT_DECIMALS).rstrip("0").rstrip(".")
    return number.replace(".", writing.marks().decimal) + " %"


def joined(*parts: Texts | str) -> Texts:
    """The parts put together, row by row; a word stands in each row."""
    return pc.binary_join_element_wise(*parts, "")


def told(sentence: str, /, **parts: Texts | str) -> Texts:
    """A whole sentence in each row, with a part of the row at each `{name}`."""
    return _filled(sentences.template(sentence), parts)


def counted(singular: str, plural: str, counts: Array, /, **parts: Texts | str) -> Texts:
    """The form of a sentence that goes with each row's count."""
    distinct, index = np.unique(counts, return_inverse=True)
    forms = [sentences.plural_template(singular, plural, int(count)) for count in distinct]
    found: Texts | None = None
    for form in dict.fromkeys(forms or [plural]):
        filled = _filled(form, parts)
        is_its = np.array([each == form for each in forms], np.bool_)[index]
        found = filled if found is None else chosen(is_its, filled, found)
    assert found is not None, "each count has a form"
    return found


def _filled(form: str, parts: dict[str, Texts | str]) -> Texts:
    pieces: list[Texts | str] = []
    for text, name, _, _ in Formatter().parse(form):
        pieces += [text] if text else []
        pieces += [parts[name]] if name else []
    return joined(*pieces)


def labels(words: tuple[str, ...], classes: Array) -> Texts:
    """The word of each row's class."""
    return pa.array(words, pa.string()).take(pa.array(np.asarray(classes, np.int32)))


def chosen(mask: Array, where_true: Texts | str, where_false: Texts | str) -> Texts:
    """One of two texts in each row."""
    return pc.if_else(pa.array(np.asarray(mask, np.bool_)), where_true, where_false)
