"""A sealed file gives back what was put in, and nothing at all where a bit is wrong or missing."""

import base64
import io
from pathlib import Path

import pytest

from upline.launch import sealed_files
from upline.launch.errors import LaunchError

KEY, OLDER, OTHER = (base64.urlsafe_b64encode(each * 32).decode() for each in (b"k", b"o", b"x"))


def silent(count: int) -> None:
    """Somebody who does not look at the progress."""


def sealed(content: bytes) -> bytes:
    target = io.BytesIO()
    sealed_files.seal(io.BytesIO(content), target, KEY, {"made_at": "now"}, silent)
    return target.getvalue()


def opened(file: Path, *keys: str) -> bytes:
    return b"".join(sealed_files.unseal(file, list(keys or (KEY,)), silent))


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_files, "CHUNK", 16)


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 32, 100])
def test_it_gives_back_what_was_put_in(length: int, tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(sealed(bytes(range(length))))
    assert opened(file) == opened(file, OLDER, KEY) == bytes(range(length))


def test_every_flipped_bit_and_every_cut_is_refused(tmp_path: Path) -> None:
    file, whole = tmp_path / "f", sealed(b"forty bytes of a company's whole history")
    damaged = [whole[:length] for length in range(len(whole))]
    damaged += [
        whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :]
        for place in range(len(whole))
        for bit in range(8)
    ]
    damaged.append(whole + b"\0")
    for each in damaged:
        file.write_bytes(each)
        with pytest.raises(LaunchError):
            opened(file)


def test_chunks_cannot_be_left_out_doubled_or_swapped(tmp_path: Path) -> None:
    file, whole = tmp_path / "f", sealed(bytes(48))
    size = 16 + 16
    head = whole[: -3 * size]
    one, two, three = (whole[len(head) + size * n :][:size] for n in range(3))
    for parts in ((one, three), (two, one, three), (one, one, two, three), (one, two), (three,)):
        file.write_bytes(head + b"".join(parts))
        with pytest.raises(LaunchError, match="damaged"):
            opened(file)


def test_the_header_of_another_file_does_not_fit(tmp_path: Path) -> None:
    file, one, two = tmp_path / "f", sealed(bytes(10)), sealed(bytes(10))
    file.write_bytes(one[:-26] + two[-26:])
    with pytest.raises(LaunchError, match="damaged"):
        opened(file)


def test_another_master_key_is_told_which_one_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(sealed(b"x"))
    with pytest.raises(LaunchError, match=sealed_files.name_of(KEY)):
        opened(file, OTHER)
