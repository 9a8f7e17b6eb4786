"""Pictures that are none, that are bombs, or that carry something: refused, or made anew."""

import io
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from attacks import hostile_files
from attacks.hostile_files import PHP, SCRIPT
from support.cast import Cast, Player
from support.client import data, refused
from support.installation import Installation
from upline.base import sql

MIB = 1024 * 1024
GOOD = hostile_files.good_but_odd()
NO_PICTURES = hostile_files.not_pictures()
TOO_LARGE = hostile_files.too_large()
CARGO = (PHP[:10], SCRIPT[:10], b"PK\x03\x04", b"CanaryCamera", b"canary", b"GPS", b"Exif")


def upload(player: Player, content: bytes, name: str = "me.png") -> httpx.Response:
    return player.client.call("POST", "profile/image/", files={"image": (name, content)})


def shown(player: Player) -> tuple[bytes, Image.Image]:
    """The picture as the API gives it: its bytes, and its pixels."""
    answer = player.client.get("profile/image/")
    assert answer.status_code == 200, answer.text
    return answer.content, Image.open(io.BytesIO(answer.content))


@pytest.fixture
def ida(player: Callable[..., Player]) -> Player:
    return player("ida")


@pytest.fixture
def worker(installation: Installation) -> Path:
    """The /proc folder of the web server's worker."""
    parent = installation.processes[0].pid
    [child] = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return Path("/proc") / child


def memory(worker: Path, name: str) -> int:
    """VmRSS, or VmHWM (the most since `forget_peak`), in bytes."""
    lines = (worker / "status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith(f"{name}:")]
    return int(line.split()[1]) * 1024


def forget_peak(worker: Path) -> None:
    (worker / "clear_refs").write_text("5")


# --- What is taken -------------------------------------------------------------------------


@pytest.mark.parametrize("name", GOOD)
def test_a_real_picture_is_taken_however_odd_and_only_its_pixels_stay(
    ida: Player, name: str
) -> None:
    answer = upload(ida, GOOD[name], name)
    assert answer.status_code == 204, answer.text
    content, image = shown(ida)
    assert content != GOOD[name]
    assert not [cargo for cargo in CARGO if cargo in content]
    assert image.getexif() == {}
    assert not {"icc_profile", "comment", "exif", "xmp"} & set(image.info)
    assert max(image.size) <= 1024
    assert getattr(image, "n_frames", 1) == 1


def pixel(image: Image.Image, mode: str, at: tuple[int, int]) -> tuple[int, ...]:
    """What a picture has there, a number for each band of the mode."""
    found = image.convert(mode).getpixel(at)
    assert found is not None
    return tuple(map(int, found)) if isinstance(found, tuple) else (int(found),)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright(ida: Player, kind: str, orientation: int) -> None:
    upload(ida, hostile_files.with_exif(kind, orientation))
    _, image = shown(ida)
    is_on_its_side = orientation > 4
    assert image.size == ((48, 64) if is_on_its_side else (64, 48))
    right, bottom = image.width - 4, image.height - 4
    corners = {1: (4, 4), 2: (right, 4), 3: (right, bottom), 4: (4, bottom),
               5: (4, 4), 6: (right, 4), 7: (right, bottom), 8: (4, bottom)}  # fmt: skip
    red, green, blue = pixel(image, "RGB", corners[orientation])
    assert green > red, "the green corner is where the camera's note says"
    assert green > blue


def test_a_picture_with_broken_camera_data_is_taken(ida: Player) -> None:
    good = hostile_files.with_exif("JPEG")
    spoiled = good.replace(b"CanaryCamera", b"\xff" * 12).replace(b"\x0f\x01\x02\x00", b"\x0f\x01")
    assert spoiled != good
    answer = upload(ida, spoiled)
    assert answer.status_code == 204, answer.text


def test_a_grey_picture_of_16_bits_keeps_its_greys(ida: Player) -> None:
    upload(ida, GOOD["16-bit.png"])
    _, image = shown(ida)
    assert abs(pixel(image, "L", (5, 5))[0] - 156) <= 2


def test_a_large_picture_is_made_small(ida: Player) -> None:
    upload(ida, hostile_files.picture("JPEG", (4000, 2999)))
    _, image = shown(ida)
    assert image.size == (1024, 768)


def test_a_see_through_picture_stays_see_through(ida: Player) -> None:
    image = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    upload(ida, hostile_files.saved(image, "PNG"))
    _, kept = shown(ida)
    assert pixel(kept, "RGBA", (5, 5))[3] == 0


# --- What is refused -----------------------------------------------------------------------


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_picture_is_1017(
    ida: Player, name: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        refused(upload(ida, NO_PICTURES[name], name), 422, "1017", "image")


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_is_too_large_is_1018(
    ida: Player, name: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        refused(upload(ida, TOO_LARGE[name], name), 422, "1018", "image")


def test_a_broken_picture_is_taken_or_refused_and_never_a_crash(ida: Player) -> None:
    codes = set()
    for what, content in hostile_files.broken():
        answer = upload(ida, content)
        if answer.status_code != 204:
            code = answer.json()["error"]["code"]
            assert code in {"1017", "1018"}, f"{what}: {answer.text}"
            codes.add(code)
    assert codes, "some of them were broken"


def test_a_name_and_a_content_type_prove_nothing(ida: Player) -> None:
    def send(name: str, content: bytes, kind: str) -> httpx.Response:
        files = {"image": (name, content, kind)}
        return ida.client.call("POST", "profile/image/", files=files)

    refused(send("me.png", PHP, "image/png"), 422, "1017", "image")
    for name in ("../../etc/passwd", "shell.php", "me.svg", "\x00.png", "a" * 300):
        assert send(name, GOOD["plain.jpg"], "text/html").status_code == 204
    stored = ida.client.get("profile/image/")
    assert stored.headers["Content-Type"] == "image/jpeg"


def test_50_megapixels_and_10_mib_are_the_limits(ida: Player) -> None:
    assert upload(ida, hostile_files.png_bomb(5000, 10_000)).status_code == 204
    small = GOOD["plain.jpg"]
    assert upload(ida, small + bytes(10 * MIB - len(small))).status_code == 204
    refused(upload(ida, small + bytes(10 * MIB - len(small) + 1)), 422, "1018", "image")


def test_large_pictures_are_decoded_one_at_a_time(
    ida: Player, player: Callable[..., Player], worker: Path
) -> None:
    """Each of the six takes 320 MB while it is decoded and made small."""
    members = [ida, *(player("ida") for _ in range(5))]
    pixels = Image.new("RGBA", (5000, 8000), (200, 30, 30, 128))
    large = hostile_files.saved(pixels, "PNG", compress_level=1)
    assert upload(ida, large).status_code == 204
    forget_peak(worker)
    before = memory(worker, "VmRSS")
    with ThreadPoolExecutor(len(members)) as pool:
        answers = pool.map(lambda member: upload(member, large).status_code, members)
    assert set(answers) == {204}
    assert memory(worker, "VmHWM") - before < 640 * MIB


def test_a_large_grey_picture_of_16_bits_keeps_its_greys(ida: Player) -> None:
    grey = Image.new("I;16", (3000, 2000), 40_000)
    upload(ida, hostile_files.saved(grey, "PNG"))
    _, image = shown(ida)
    assert image.size == (1024, 683)
    assert abs(pixel(image, "L", (5, 5))[0] - 156) <= 2


@pytest.mark.parametrize("name", ["900-megapixels.png", "900-megapixels.jpg"])
def test_900_megapixels_are_refused_in_a_second_without_memory(
    ida: Player, worker: Path, name: str
) -> None:
    """The PNG is whole and valid; 109 KB is the least that deflate can make of it."""
    refused(upload(ida, TOO_LARGE["heavy-tail.jpg"]), 422, "1018")
    forget_peak(worker)
    before, started = memory(worker, "VmRSS"), time.monotonic()
    answers = [upload(ida, TOO_LARGE[name]) for _ in range(3)]
    seconds = (time.monotonic() - started) / len(answers)
    for answer in answers:
        refused(answer, 422, "1018", "image")
    assert len(TOO_LARGE[name]) < 110_000
    assert seconds < 1
    assert memory(worker, "VmHWM") - before < 8 * MIB


def test_a_jpeg_of_thousands_of_scans_is_refused_at_once(ida: Player) -> None:
    """Each scan passes over all of its 12 megapixels: decoding it would take an hour."""
    good = hostile_files.picture("JPEG", (4000, 2999), progressive=True)
    last_scan = good[good.rindex(b"\xff\xda") : -2]
    bomb = good[:-2] + last_scan * ((10 * MIB - len(good)) // len(last_scan)) + b"\xff\xd9"
    started = time.monotonic()
    refused(upload(ida, bomb), 422, "1017", "image")
    assert time.monotonic() - started < 2


def test_a_body_over_12_mib_is_1111(ida: Player, nothing_changes: Callable[[], Any]) -> None:
    with nothing_changes():
        try:
            answer = upload(ida, bytes(12 * MIB))
        except (httpx.WriteError, httpx.RemoteProtocolError):
            return  # the connection may be cut
    refused(answer, 413, "1111")


def test_a_picture_that_is_no_file_is_a_wrong_field(ida: Player) -> None:
    refused(ida.client.post("profile/image/", image="text"), 422, "1004", "image")
    as_json = ida.client.call("POST", "profile/image/", json={"image": "aGVsbG8="})
    refused(as_json, 422, "1004", "image")
    refused(ida.client.post("profile/image/"), 422, "1004", "image")


# --- Where it is seen ----------------------------------------------------------------------


def test_the_profile_names_an_address_that_a_browser_can_load(
    ida: Player, installation: Installation
) -> None:
    upload(ida, GOOD["plain.png"])
    content, _ = shown(ida)
    address = data(ida.client.get("profile/"))["profile_image"]
    assert address.startswith(f"{installation.base_url}/")
    loaded = httpx.get(address)
    assert loaded.content == content
    assert loaded.headers["Content-Type"] in {"image/png", "image/jpeg"}
    assert loaded.headers["X-Content-Type-Options"] == "nosniff"
    policy = loaded.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "Set-Cookie" not in loaded.headers


def test_the_answer_with_the_picture_is_no_page_either(ida: Player) -> None:
    upload(ida, GOOD["plain.png"])
    answer = ida.client.get("profile/image/")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_new_picture_replaces_the_old_one_for_good(ida: Player) -> None:
    upload(ida, GOOD["plain.png"])
    first = data(ida.client.get("profile/"))["profile_image"]
    upload(ida, GOOD["clear.png"])
    second = data(ida.client.get("profile/"))["profile_image"]
    assert first != second
    assert httpx.get(first).status_code == 404
    assert httpx.get(second).status_code == 200
    assert not sql.number(
        "SELECT count(*) FROM pictures_picture WHERE name = %s", [first.rpartition("/")[2]]
    )


def test_without_a_picture_there_is_none(ida: Player, installation: Installation) -> None:
    assert data(ida.client.get("profile/"))["profile_image"] == ""
    refused(ida.client.get("profile/image/"), 404, "1102")
    assert httpx.get(f"{installation.base_url}/pictures/nobody").status_code == 404


def test_after_10_pictures_in_an_hour_the_next_waits(
    cast: Cast, office_sets: Callable[..., None]
) -> None:
    office_sets(picture_limit=3)
    for _ in range(3):
        assert upload(cast.ben, GOOD["one-pixel.png"]).status_code == 204
    answer = upload(cast.ben, GOOD["one-pixel.png"])
    refused(answer, 429, "1104")
    assert int(answer.headers["Retry-After"]) > 3000
    assert upload(cast.cleo, GOOD["one-pixel.png"]).status_code == 204, "each has a limit"


@pytest.fixture(autouse=True)
def no_crash(installation: Installation, worker: Path) -> Iterator[None]:
    """The worker that took the files is the one that is still there."""
    yield
    assert worker.exists()
