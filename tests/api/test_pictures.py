"""`profile/image/`: taken in by content, made anew, given back as a picture."""

import io
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from PIL import Image

from support import wire
from support.cast import Player
from support.client import data, refused


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(target, kind, **more)
    return target.getvalue()


def upload(member: Player, content: bytes, name: str = "me.png", **more: Any) -> Any:
    files = {"image": (name, content)}
    return member.client.call("POST", "profile/image/", files=files, **more)


def url_of(member: Player) -> str:
    return str(data(member.client.get("profile/"))["profile_image"])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_shown_by_its_address_and_by_the_call(mia: Player, kind: str) -> None:
    answer = upload(mia, picture(kind), name="me.txt")
    assert (answer.status_code, answer.content) == (204, b"")
    url = url_of(mia)
    assert url.startswith(f"{mia.client.base_url}/pictures/")
    seen = httpx.get(url)
    assert (seen.status_code, seen.headers["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(seen.content)).size == (40, 30)
    called = mia.client.get("profile/image/")
    assert called.content == seen.content
    assert called.headers["Content-Type"] == "image/jpeg"


def test_a_picture_may_come_chunked(mia: Player) -> None:
    head = b'--edge\r\nContent-Disposition: form-data; name="IMAGE"; filename="x"\r\n\r\n'
    body = head + picture() + b"\r\n--edge--\r\n"
    answer = mia.client.call(
        "POST", "profile/image/", headers={"Content-Type": "multipart/form-data; boundary=edge"},
        content=wire.in_pieces(body, 100),
    )  # fmt: skip
    assert answer.status_code == 204


def test_with_no_picture_there_is_nothing_to_see(mia: Player) -> None:
    assert url_of(mia) == ""
    refused(mia.client.get("profile/image/"), 404, "1102")


def test_a_new_picture_takes_the_place_of_the_old_one(mia: Player) -> None:
    upload(mia, picture())
    first = url_of(mia)
    upload(mia, picture(size=(10, 10)))
    assert url_of(mia) != first
    assert httpx.get(first).status_code == 404


def test_pictures_are_made_anew_without_metadata_or_what_hangs_on(mia: Player) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home, 50.73 N 7.10 E"
    sent = picture("JPEG", exif=exif) + b"<?php system($_GET['c']); ?>"
    assert upload(mia, sent).status_code == 204
    kept = mia.client.get("profile/image/").content
    assert b"taken at home" not in kept
    assert b"php" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_large_pictures_are_scaled_down(mia: Player) -> None:
    assert upload(mia, picture(size=(3000, 1500))).status_code == 204
    assert Image.open(io.BytesIO(mia.client.get("profile/image/").content)).size == (1024, 512)


NOT_PICTURES = {
    "nothing": b"",
    "text": b"hello",
    "a page": b"<html><script>alert(1)</script></html>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "a GIF": picture("GIF"),
    "a TIFF": picture("TIFF"),
    "a PNG cut off": picture()[:40],
    "a JPEG cut off": picture("JPEG")[:200],
    "a PDF": b"%PDF-1.4",
}


@pytest.mark.parametrize("what", NOT_PICTURES)
def test_what_is_no_picture_is_1017_whatever_its_name(
    mia: Player, what: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        refused(upload(mia, NOT_PICTURES[what], name="me.png"), 422, "1017", "image")


@pytest.mark.parametrize("mib", [10.1, 11.9])
def test_a_picture_over_10_mib_is_1018(
    mia: Player, mib: float, nothing_changes: Callable[[], Any]
) -> None:
    content = picture() + b"\0" * int(mib * 1024 * 1024)
    with nothing_changes():
        refused(upload(mia, content), 422, "1018", "image")


def test_a_body_over_12_mib_is_413(mia: Player, nothing_changes: Callable[[], Any]) -> None:
    # The published API allows the connection to be cut.
    with nothing_changes(), suppress(httpx.WriteError):
        refused(upload(mia, b"\0" * (12 * 1024 * 1024 + 1)), 413, "1111")


def bomb(side: int) -> bytes:
    """A small PNG file that decodes to side x side pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (side * (side // 8 + 1)), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def test_a_small_file_of_900_megapixels_is_1018(
    mia: Player, nothing_changes: Callable[[], Any]
) -> None:
    content = bomb(30_000)
    assert len(content) < 150_000
    with nothing_changes():
        refused(upload(mia, content), 422, "1018", "image")


def test_50_megapixels_are_the_most(mia: Player, nothing_changes: Callable[[], Any]) -> None:
    with nothing_changes():
        refused(upload(mia, bomb(7_072)), 422, "1018", "image")
    assert upload(mia, bomb(7_064)).status_code == 204


@pytest.mark.parametrize("size", [(4032, 3024), (8160, 6120)])
def test_the_photo_of_a_phone_is_taken(mia: Player, size: tuple[int, int]) -> None:
    assert upload(mia, picture("JPEG", size)).status_code == 204
    kept = Image.open(io.BytesIO(mia.client.get("profile/image/").content))
    assert kept.size == (1024, 768)


def test_the_picture_is_required_and_must_be_a_file(
    mia: Player, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        refused(mia.client.call("POST", "profile/image/"), 422, "1004", "image")
        for encoding in wire.ENCODINGS:
            more = wire.encoded(encoding, {"image": "me.png"})
            answer = mia.client.call("POST", "profile/image/", **more)
            refused(answer, 422, "1004", "image")


def test_nobody_else_sees_a_picture_by_the_call(mia: Player, player: Callable[..., Player]) -> None:
    upload(mia, picture())
    refused(player("nora").client.get("profile/image/"), 404, "1102")
