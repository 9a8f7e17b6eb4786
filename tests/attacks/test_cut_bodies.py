"""A client that leaves while it sends has asked for nothing."""

import socket
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from support.cast import Cast, Player
from support.installation import STAFF, STAFF_PASSWORD, Installation
from support.moves import payment
from support.office import Visitor

CHUNKED = "Transfer-Encoding: chunked"
FORM = "Content-Type: application/x-www-form-urlencoded"


def leave(base_url: str, path: str, head: str, body: bytes) -> None:
    """Send a request's head and the beginning of its body, and hang up."""
    address = urlsplit(base_url)
    request = f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\n{FORM}\r\n{head}\r\n\r\n"
    with socket.create_connection((address.hostname or "", address.port or 80), 10) as wire:
        wire.sendall(request.encode() + body)
        time.sleep(0.3)


@pytest.mark.parametrize("kept", [-1, -3, -4])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_payment_cut_in_its_amount_is_not_carried_out(
    player: Callable[..., Player],
    fill: Callable[..., None],
    nothing_changes: Callable[[], Any],
    is_chunked: bool,
    kept: int,
) -> None:
    mia = player("mia")
    fill(mia, "100.00")
    fields = payment(mia.username, "12.50")
    fields["payment_amount"] = fields.pop("payment_amount")
    body = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in fields.items()).encode()
    assert body.endswith(b"payment_amount=12.50")
    keys = f"api_key: {mia.client.api_key}\r\naccess_token: {mia.client.access_token}\r\n"
    cut, length = body[:kept], f"Content-Length: {len(body)}"
    if is_chunked:
        cut, length = f"{kept + len(body):x}\r\n".encode() + cut + b"\r\n", CHUNKED
    with nothing_changes():
        leave(mia.client.base_url, "/api/ewallet/payment/", keys + length, cut)
        time.sleep(0.5)


def test_a_form_of_the_office_cut_in_its_last_field_is_not_carried_out(
    installation: Installation, cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    olga = Visitor(installation.base_url)
    assert olga.sign_in(STAFF, STAFF_PASSWORD).status_code == 302
    page = f"/members/member/{cast.anna.id}/block/"
    fields = olga.open(page) | {"reason": "a reason"}
    body = urlencode(fields).encode()
    cookies = "; ".join(f"{name}={value}" for name, value in olga.http.cookies.items())
    head = f"Cookie: {cookies}\r\nContent-Length: {len(body)}"
    with nothing_changes():
        leave(installation.base_url, f"/office{page}", head, body[:-3])
        time.sleep(0.5)
    assert olga.post(page, fields).status_code == 302, "whole, it is carried out"
