"""Requests as bytes on the wire, for what no HTTP library would send."""

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

ENCODINGS = ("form", "multipart", "json")


def encoded(encoding: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """What `Client.call` needs to send `parameters` in one of the three encodings."""
    if encoding == "json":
        content_type, body = body_of(encoding, parameters)
        return {"content": body, "headers": {"Content-Type": content_type}}
    if encoding == "form":
        return {"data": {name: str(value) for name, value in parameters.items()}}
    return {"files": {name: (None, str(value)) for name, value in parameters.items()}}


def body_of(encoding: str, parameters: dict[str, Any]) -> tuple[str, bytes]:
    """The same as a content type and bytes."""
    if encoding == "json":
        return "application/json", json.dumps(parameters).encode()
    if encoding == "form":
        return "application/x-www-form-urlencoded", urlencode(parameters).encode()
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parameters.items()
    ]
    return "multipart/form-data; boundary=edge", "".join([*parts, "--edge--\r\n"]).encode()


def in_pieces(body: bytes, size: int = 7) -> Iterator[bytes]:
    """A body of unknown length: httpx sends it chunked."""
    for start in range(0, len(body), size):
        yield body[start : start + size]


def send(base_url: str, request: bytes) -> tuple[int, bytes, bytes]:
    """Send bytes and read until the server closes: status, head and body of the answer."""
    address = urlsplit(base_url)
    with socket.create_connection((address.hostname or "", address.port or 80), 10) as wire:
        wire.sendall(request)
        wire.settimeout(10)
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), head, body
