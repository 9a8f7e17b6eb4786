"""Every parameter of every call that the API documents is sent every unusual text: it is taken, or
refused with a sentence beside the parameter's name."""
# ruff: noqa: RUF001 (letters that look like others are what this file is about)

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from attacks.unusual_strings import REFUSED, SHOWN
from support import wire
from support.cast import Player
from support.client import document, refused
from support.installation import PASSWORD, Installation
from upline.api.http.bodies import BODY_BYTES_MAX

# Judged by who uses it, since some companies ignore it.
UNJUDGED = {"position", "placement_username", "payment_method"}
HUGE = "A" * 2**20
Operation = tuple[str, str, dict[str, dict[str, Any]]]


def operations(served: dict[str, Any]) -> Iterator[Operation]:
    """Method, path and parameters (schema by name) of each call that takes some, in its address
    or its body."""
    for path, methods in served["paths"].items():
        for method, told in methods.items():
            found = {
                each["name"]: each["schema"]
                for each in told.get("parameters", ())
                if each["in"] == "query"
            }
            for kind in told.get("requestBody", {}).get("content", {}).values():
                schema = kind["schema"]
                if "$ref" in schema:
                    schema = served["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
                found |= schema.get("properties", {})
            if found:
                yield method.upper(), path.removeprefix("/api/"), found


def send(player: Player, method: str, path: str, names: set[str], text: str) -> Any:
    """The call with the same text in all these parameters, and 1 in its path."""
    sent, path = dict.fromkeys(sorted(names), text), path.replace("{", "1").replace("}", "")
    if method == "GET":
        return player.client.get(f"{path}?{urlencode(sent, errors='surrogatepass')}")
    return player.client.call(method, path, **wire.encoded("json", sent))


def groups(names: set[str], text: str) -> list[set[str]]:
    """The names in groups so small that the text under each name of one fits into a body, which
    also holds the names."""
    most = (BODY_BYTES_MAX // 2) // len(text.encode("utf-8", "surrogatepass"))
    ordered = sorted(names)
    return [set(ordered[at : at + most]) for at in range(0, len(ordered), most)]


@pytest.fixture
def mia(player: Callable[..., Player], office_sets: Callable[..., None]) -> Player:
    office_sets(
        login_limit=0, login_limit_by_address=0, secret_limit_by_address=0, signup_limit=0,
        forgot_limit=0, forgot_limit_by_name=0, request_limit=0,
    )  # fmt: skip
    return player("mia")


@pytest.fixture
def calls(installation: Installation) -> list[Operation]:
    found = list(operations(document(installation.base_url)))
    assert len(found) > 20
    return found


def is_secret(name: str, schema: dict[str, Any]) -> bool:
    """A password may hold what nobody sees, as long as somebody can type it."""
    return schema.get("format") == "password" or name == "transaction_password"


def test_text_that_misleads_is_refused_in_every_parameter(
    mia: Player, calls: list[Operation], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for method, path, schemas in calls:
            names = {
                name
                for name, schema in schemas.items()
                if name not in UNJUDGED and not is_secret(name, schema)
            }
            for what, text in REFUSED.items():
                for some in groups(names, text):
                    answer = send(mia, method, path, some, text)
                    where = f"{method} {path}: {what}: {answer.text}"
                    if method == "GET" and what == "half of a letter":
                        refused(answer, 400, "1100")  # an address of bytes that are no text
                        continue
                    assert answer.status_code == 422, where
                    found = answer.json()["error"]["fields"]
                    assert some - {"ccccc"} <= found.keys(), where


def test_no_text_in_any_parameter_breaks_a_call(mia: Player, calls: list[Operation]) -> None:
    """Each answer is one that the call documents: the client looks."""
    texts = [sent for sent, _ in SHOWN.values()]
    for method, path, schemas in calls:
        for text in texts:
            send(mia, method, path, set(schemas), text)


def test_a_password_that_cannot_be_typed_is_refused(
    mia: Player, calls: list[Operation], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for method, path, schemas in calls:
            names = {name for name, schema in schemas.items() if is_secret(name, schema)}
            for text in ("An\x00na horse", "Anna\ud800 horse", "Anna\n horse", HUGE):
                answer = send(mia, method, path, names, text) if names - UNJUDGED else None
                assert answer is None or answer.status_code in {413, 422}, f"{method} {path}"


def test_a_megabyte_in_every_parameter_is_refused_with_a_sentence(
    mia: Player, calls: list[Operation], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for method, path, schemas in calls:
            if method != "GET":
                for name in schemas:
                    answer = send(mia, method, path, {name}, HUGE)
                    assert answer.status_code in {413, 422}, f"{method} {path} {name}"
                    assert answer.json()["error"]["description"]


def test_text_at_its_limit_is_taken_and_one_more_is_refused(
    mia: Player, calls: list[Operation], nothing_changes: Callable[[], Any]
) -> None:
    for method, path, schemas in calls:
        for name, schema in schemas.items():
            if "maxLength" not in schema or "pattern" in schema or "format" in schema:
                continue
            most = schema["maxLength"]
            with nothing_changes():
                answer = send(mia, method, path, {name}, "A" * (most + 1))
            assert answer.status_code == 422, f"{method} {path} {name}"
            assert name in answer.json()["error"]["fields"], f"{method} {path} {name}"


def test_any_text_as_a_part_of_an_address_is_answered(
    mia: Player, installation: Installation
) -> None:
    for path, methods in document(installation.base_url)["paths"].items():
        if "{" not in path or "get" not in methods:
            continue
        before = path.removeprefix("/api/").partition("{")[0]
        for text in [*REFUSED.values(), *(sent for sent, _ in SHOWN.values()), "１", "١", "-1"]:
            part = quote(text, safe="", errors="surrogatepass")
            answer = mia.client.call("GET", f"{before}{part}/")
            assert answer.status_code in {404, 422}, f"{path}: {text!r}: {answer.text}"


def test_headers_of_any_bytes_are_answered(mia: Player, installation: Installation) -> None:
    host = urlsplit(installation.base_url).netloc.encode()
    texts = [*REFUSED.values(), *(sent for sent, _ in SHOWN.values())]
    values = [each.encode("utf-8", "surrogatepass") for each in texts]
    for name in (b"api_key", b"access_token", b"Idempotency-Key", b"Prefer", b"X-Request-Id",
                 b"User-Agent", b"Origin", b"Content-Type"):  # fmt: skip
        for value in [each for each in values if b"\n" not in each and b"\r" not in each]:
            own = {b"api_key": mia.client.api_key, b"access_token": mia.client.access_token}
            heads = {key: word.encode() for key, word in own.items()} | {name: value}
            lines = b"".join(key + b": " + word + b"\r\n" for key, word in heads.items())
            status, _, _ = wire.send(
                installation.base_url,
                b"POST /api/ewallet/balance/ HTTP/1.1\r\nHost: " + host
                + b"\r\nConnection: close\r\nContent-Length: 0\r\n" + lines + b"\r\n",
            )  # fmt: skip
            assert status < 500, (name, value)


@pytest.mark.parametrize("typed", ["{0}", "  {0}\u00a0", "\ufeff{0}\u200e", "{1}"])
def test_a_username_is_read_alike_wherever_one_is_sent(
    mia: Player, player: Callable[..., Player], typed: str
) -> None:
    """Blanks and marks around it do not matter, nor does case."""
    ben = player("ben", mia.username, mia.username)
    name = typed.format(ben.username, ben.username.upper())
    answer = mia.client.post("auth/access/", username=name, password=PASSWORD)
    assert answer.status_code == 200
    assert mia.client.get("network/tree/", username=name).status_code == 200
    payment = {"payment_amount": "1.00", "purpose": "purchase", "transaction_password": "wrong one"}
    answer = mia.client.post("ewallet/payment/", ewallet_username=name, **payment)
    assert answer.json()["error"]["code"] not in {"1004", "1102"}, answer.text


@pytest.mark.parametrize("digits", ["１２", "١٢", "१२", "²", "1e1", "0x1", " 12", "1_2"])
def test_numbers_are_in_the_digits_of_every_keyboard(
    mia: Player, calls: list[Operation], digits: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for method, path, schemas in calls:
            names = {n for n, each in schemas.items() if each.get("type") in {"integer", "number"}}
            if names:
                answer = send(mia, method, path, names, digits)
                assert answer.status_code == 422, f"{method} {path}"
                assert names <= answer.json()["error"]["fields"].keys(), f"{method} {path}"
