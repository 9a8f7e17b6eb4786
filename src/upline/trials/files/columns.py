"""Columns of text to columns of integers, all rows at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from upline.explanations.texts import Texts
from upline.language import gettext, lazy
from upline.plan_documents.errors import quoted
from upline.plans.arrays import Array, Flags, Indexes, Ints, Small
from upline.trials.files.complaints import Complaints
from upline.trials.files.dates import FIRST, FORM, LAST, day_in, no_date, outside

WHOLE_DIGITS_MAX = 15
"""With three decimals more this still fits 64 bits."""
DIGITS_MAX = 38


def numbers(texts: Texts, decimals: int, name: str, complaints: Complaints) -> Ints:
    """Numbers as integers of their smallest unit, such as 49.9 with two decimals as 4990."""
    fine = rf"^\d{{1,{WHOLE_DIGITS_MAX}}}(\.\d{{0,{decimals}}})?$"
    right = _matches(texts, fine)
    if not right.all():
        _complain_of_numbers(texts, right, decimals, name, complaints)
        texts = pc.if_else(pa.array(right), texts, "0")
    exact = pc.cast(texts, pa.decimal128(DIGITS_MAX, decimals))
    # A decimal is 128 bits, the lower half first, and these fit the lower half.
    return np.frombuffer(exact.buffers()[1], np.int64)[2 * exact.offset :: 2][: len(exact)].copy()


def _complain_of_numbers(
    texts: Texts, right: Flags, decimals: int, name: str, complaints: Complaints
) -> None:
    wrong = ~right
    kinds = [
        (r"^$", lazy("{name} is empty")),
        (r"^-\d+(\.\d*)?$", lazy("{name} is below zero: {value}")),
        (rf"^0*[1-9]\d{{{WHOLE_DIGITS_MAX},}}(\.\d*)?$", lazy("{name} is too large: {value}")),
        (
            r"^\d+\.\d+$",
            lazy("{name} {value} has more than {decimals} decimals; write 12500 for 12,500"),
        ),
        (r"", lazy("{name} {value} is not a number such as 1234.50")),
    ]
    for pattern, sentence in kinds:
        rows = wrong & _matches(texts, pattern)
        wrong &= ~rows

        def say(row: int, sentence: str = sentence) -> str:
            value = quoted(texts[row].as_py())
            return sentence.format(name=name, value=value, decimals=decimals)

        complaints.rows(rows, say)


def days(texts: Texts, name: str, complaints: Complaints) -> Indexes:
    """Dates as days since 1970-01-01."""
    found = _days(texts, name, complaints)
    complaints.rows(
        (found < FIRST) | (found > LAST),
        lambda row: outside(name, quoted(texts[row].as_py())),
    )
    return found


def _days(texts: Texts, name: str, complaints: Complaints) -> Indexes:
    """Dates of any time; the first day there is where one is none."""
    try:
        if _matches(texts, f"^{FORM}$").all():
            return _days_of(pc.cast(texts, pa.date32()))
    except pa.ArrowInvalid:
        pass  # a date such as 2026-02-30: found below
    seen = texts.dictionary_encode()
    known = np.array([_is_date(value) for value in seen.dictionary.to_pylist()], np.bool_)
    right = known[seen.indices.to_numpy()]
    complaints.rows(~right, lambda row: no_date(name, quoted(texts[row].as_py())))
    return _days_of(pc.cast(pc.if_else(pa.array(right), texts, "1970-01-01"), pa.date32()))


def _is_date(value: str) -> bool:
    try:
        day_in(value)
    except ValueError:
        return False
    return True


def _days_of(dates: pa.Date32Array) -> Indexes:
    return pc.cast(dates, pa.int32()).to_numpy().copy()  # type: ignore[no-any-return]


def choices(texts: Texts, values: dict[str, int], name: str, complaints: Complaints) -> Small:
    """What each word of a column stands for."""
    found = indexes_in(texts, pa.array(values, pa.string()))

    def say(row: int) -> str:
        expected = ", ".join(value or gettext("(empty)") for value in values)
        return gettext(
            "{name} {value} is none of {expected}",
            name=name,
            value=quoted(texts[row].as_py()),
            expected=expected,
        )

    complaints.rows(found < 0, say)
    return np.array([*values.values(), 0], np.int8)[found]


def indexes_in(texts: Texts, among: Texts) -> Indexes:
    """Where each text stands among others, the first place where it is there twice; else -1."""
    found = pc.fill_null(pc.index_in(texts, value_set=among), -1)
    return found.to_numpy()  # type: ignore[no-any-return]


def check_ids(
    ids: Texts, first: Array, is_there: Callable[[str], str], complaints: Complaints
) -> None:
    """An id is not empty and not there twice; `first`: the first row of each row's id, `is_there`
    words that an id is there already."""
    empty = _matches(ids, r"^$")
    complaints.rows(empty, lambda _row: gettext("id is empty"))
    twice = (first != np.arange(len(ids))) & ~empty
    complaints.rows(twice, lambda row: is_there(quoted(ids[row].as_py())))


def _matches(texts: Texts, pattern: str) -> Flags:
    found = pc.match_substring_regex(texts, pattern)
    return found.to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]
