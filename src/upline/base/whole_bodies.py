"""Bodies of requests that arrive whole, or not at all.

Where a client leaves while it sends, the web server hands on the part that came, as if it were all:
`payment_amount=12.50`, cut short, is a payment of 1. So reading a
body of known length raises BodyCut when it ends too early."""

from collections.abc import Mapping
from typing import Any

from upline.base.errors import BodyTooLarge


class BodyCut(OSError):
    """The client has left before its request was whole."""


class WholeBody:
    """A `wsgi.input` of `length` bytes, of which reading raises BodyCut where fewer come."""

    def __init__(self, stream: Any, length: int) -> None:
        self._stream = stream
        self._missing = length

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; all that are missing where it is negative."""
        wanted = self._missing if size < 0 else min(size, self._missing)
        return self._counted(self._stream.read(wanted), wanted) if wanted else b""

    def readline(self, size: int = -1) -> bytes:
        """The next line, of up to `size` bytes."""
        wanted = self._missing if size < 0 else min(size, self._missing)
        return self._counted(self._stream.readline(wanted), 1) if wanted else b""

    def _counted(self, got: bytes, least: int) -> bytes:
        if len(got) < least:
            raise BodyCut("the client left while it was sending")
        self._missing -= len(got)
        return got


def require_whole(environ: dict[str, Any]) -> None:
    """From now on this request's body is read as a WholeBody, where its length is known."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isascii() and length.isdigit():
        environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))


def read_whole(environ: Mapping[str, Any], most: int) -> bytes:
    """The body of a request, of known length or chunked, of which Django would read nothing.
    Raises BodyTooLarge beyond `most` bytes, BodyCut."""
    length = environ.get("CONTENT_LENGTH") or ""
    if not length.isdigit():
        is_chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        length = str(most + 1) if is_chunked else "0"
    elif int(length) > most:
        raise BodyTooLarge()
    body: bytes = environ["wsgi.input"].read(int(length)) if length != "0" else b""
    if len(body) > most:
        raise BodyTooLarge()
    return body
