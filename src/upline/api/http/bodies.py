"""Parameters out of a request, in any of the three encodings, on any method.

Names are matched without regard to case. A parameter given twice with different values, or a
JSON value that is no text, number or truth value, is a wrong field. JSON null means not sent.
"""

import io
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from upline.base.errors import Malformed, Refusal
from upline.base.whole_bodies import BodyCut, read_whole
from upline.language import gettext, lazy

FORM = "application/x-www-form-urlencoded"
BODY_BYTES_MAX = 64 * 1024
UPLOAD_BYTES_MAX = 12 * 1024 * 1024
PARAMETERS_MAX = 50


class ContentTypeUnsupported(Refusal):
    code, status = "1106", 415
    meaning = "Unsupported content type"
    sentence = lazy(
        "Send application/x-www-form-urlencoded, multipart/form-data or application/json, in UTF-8."
    )


class JsonNumber(str):
    """A JSON number with a fraction or an exponent, as it was written."""

    __slots__ = ()


class GivenTwice:
    """Stands for a parameter that came with different values."""

    def __repr__(self) -> str:
        return "given twice"


class Upload(bytes):
    """The content of an uploaded file."""

    __slots__ = ()


def parameters(request: HttpRequest, bytes_max: int = BODY_BYTES_MAX) -> dict[str, Any]:
    """All parameters by lower-case name. Values: str, int, bool, JsonNumber, Upload,
    GivenTwice, or whatever else JSON held.

    Raises Malformed, ContentTypeUnsupported, BodyTooLarge."""
    pairs: list[tuple[str, Any]] = []
    if request.method in {"GET", "DELETE"}:
        pairs += _urlencoded(request.META.get("QUERY_STRING", ""))
    if request.method != "GET":
        pairs += _body_pairs(request, _read(request, bytes_max))
    if len(pairs) > PARAMETERS_MAX:
        raise Malformed(gettext("There are too many parameters."))
    return _merged(pairs)


def names_in_query(request: HttpRequest) -> set[str]:
    """Lower-case names in the query of a request whose parameters belong into the body."""
    text = request.META.get("QUERY_STRING", "")
    if not text or request.method in {"GET", "DELETE"}:
        return set()
    pairs = parse_qsl(text, keep_blank_values=True, errors="replace")
    return {name.lower() for name, _ in pairs}


def _read(request: HttpRequest, bytes_max: int) -> bytes:
    """The whole body, of known length or chunked."""
    try:
        body = read_whole(request.META, bytes_max)
    except BodyCut as error:
        raise Malformed(gettext("The body is shorter than its Content-Length.")) from error
    length = request.META.get("CONTENT_LENGTH", "")
    if body and not length.isdigit() and request.content_type == FORM:
        # JSON and multipart end with a mark of their own; a form that was cut looks whole.
        raise Malformed(
            gettext("A form needs a Content-Length header. JSON and multipart bodies do not.")
        )
    return body


def _body_pairs(request: HttpRequest, body: bytes) -> list[tuple[str, Any]]:
    if not body:
        return []
    if (request.content_params or {}).get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
        raise ContentTypeUnsupported()
    if request.content_type == "application/json":
        return _json(body)
    if request.content_type == FORM:
        return _urlencoded(_decoded(body))
    if request.content_type == "multipart/form-data":
        return _multipart(request, body)
    raise ContentTypeUnsupported()


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Malformed(gettext("The body is not UTF-8.")) from error


def _urlencoded(text: str) -> list[tuple[str, Any]]:
    try:
        return list(
            parse_qsl(
                text,
                keep_blank_values=True,
                errors="strict",
                max_num_fields=PARAMETERS_MAX,
            )
        )
    except ValueError as error:
        raise Malformed() from error


def _json(body: bytes) -> list[tuple[str, Any]]:
    try:
        read = json.loads(
            _decoded(body),
            parse_float=JsonNumber,
            parse_constant=JsonNumber,
            object_pairs_hook=_Pairs,
        )
    except (ValueError, RecursionError) as error:
        raise Malformed(gettext("The body is not valid JSON.")) from error
    if read is None or read == []:
        return []  # what some languages write for an object without members
    if not isinstance(read, _Pairs):
        raise Malformed(gettext("The body must be a JSON object."))
    return [(name, value) for name, value in read if value is not None]


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with its repeated names."""


class _InMemory(MemoryFileUploadHandler):
    """Keeps every file in memory: the body, which lies there already, has a limit of its own."""

    def handle_raw_input(self, *_: Any, **__: Any) -> None:
        self.activated = True


def _multipart(request: HttpRequest, body: bytes) -> list[tuple[str, Any]]:
    # Django's parser takes a body that was cut off for a whole one, and replaces bytes that
    # are not UTF-8; read as Latin-1, they can be decoded strictly here.
    boundary = (request.content_params or {}).get("boundary", "")
    if not boundary or f"--{boundary}--".encode() not in body:
        raise Malformed(gettext("The body is not multipart/form-data."))
    meta = {"CONTENT_TYPE": request.META["CONTENT_TYPE"], "CONTENT_LENGTH": str(len(body))}
    try:
        texts, files = MultiPartParser(meta, io.BytesIO(body), [_InMemory()], "latin-1").parse()
    except (MultiPartParserError, SuspiciousOperation, UnicodeError, ValueError) as error:
        raise Malformed(gettext("The body is not multipart/form-data.")) from error
    pairs: list[tuple[str, Any]] = [
        (name, _decoded(value.encode("latin-1")))
        for name, values in texts.lists()
        for value in values
    ]
    for name, uploads in files.lists():
        pairs += [(name, Upload(_content(upload))) for upload in uploads]
    if not pairs and body.strip() != f"--{boundary}--".encode():
        raise Malformed(gettext("The body is not multipart/form-data: its lines end in CRLF."))
    return pairs


def _content(upload: Any) -> bytes:
    assert isinstance(upload, UploadedFile)
    return bytes(upload.read())


def _merged(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name, value in pairs:
        key = name.lower()
        if key in merged and (type(merged[key]), merged[key]) != (type(value), value):
            value = GivenTwice()
        merged[key] = value
    return merged
