"""Where output goes: it is whole there, or not there at all."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from upline.explanations.texts import Texts
from upline.language import gettext
from upline.plans.arrays import Indexes
from upline.trials.files.complaints import FileErrors

AT_ONCE = 1 << 20
PIECE = 1_000_000
"""Rows that are one text: in 2 GB, which is the most, each may have 2,000 letters."""


@contextmanager
def whole_file(path: Path | None) -> Iterator[BinaryIO]:
    """A file to write. What is in it goes to stdout, or gets its name, once all is written."""
    try:
        if path is None or (path.exists() and not path.is_file()):
            with tempfile.TemporaryFile() as file:
                yield file
                _pass_on(file, path)
        else:
            with _named_at_the_end(path.resolve()) as file:
                yield file
    except OSError as error:
        sentence = gettext(
            "{path}: cannot be written: {reason}",
            path=path or gettext("output"),
            reason=error.strerror,
        )
        raise FileErrors([sentence]) from None


@contextmanager
def _named_at_the_end(path: Path) -> Iterator[BinaryIO]:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            yield file
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _pass_on(file: BinaryIO, path: Path | None) -> None:
    """To stdout, or into something like a pipe or a device, which cannot be replaced."""
    file.seek(0)
    if path is not None:
        with path.open("wb") as other:
            shutil.copyfileobj(file, other, AT_ONCE)
        return
    try:
        shutil.copyfileobj(file, sys.stdout.buffer, AT_ONCE)
        sys.stdout.flush()
    except BrokenPipeError:
        # Who reads has seen enough, as with `| head`; Python would complain once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def bytes_of(texts: Texts) -> pa.Buffer:
    """The texts one after the other, without a copy."""
    _, ends, letters = texts.buffers()
    if not len(texts) or letters is None:
        return pa.py_buffer(b"")
    offsets: Indexes = pa.Array.from_buffers(
        pa.int32(), len(texts) + 1, [None, ends], offset=texts.offset
    ).to_numpy()
    return letters.slice(int(offsets[0]), int(offsets[-1] - offsets[0]))


def in_pieces(rows: int, text_of: Callable[[slice], Texts]) -> Iterator[pa.Buffer]:
    """The text of so many rows, PIECE by PIECE; `text_of` gives that of some."""
    for start in range(0, rows, PIECE):
        yield bytes_of(text_of(slice(start, start + PIECE)))
