"""Sends requests over a socket and keeps what was answered, masked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import simplejson

from recorded.masks import Masks

# As most answers have them: a recording shows the headers that are otherwise.
USUAL = {
    "cache-control": "no-store",
    "content-type": "application/json",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "same-origin",
    "vary": "origin",
    "x-content-type-options": "nosniff",
    "x-request-id": "<request>",
}
_OF_THE_SERVER = {"connection", "content-length", "date", "server", "transfer-encoding"}
_SHOWN_TEXT = ("text/csv",)
_LONG = 200
_WIDTH = 120
_NONCE = re.compile(r"'nonce-[^']+'")


@dataclass
class Answer:
    """What a scene goes on with: the answer itself, not masked."""

    response: httpx.Response

    @property
    def data(self) -> Any:
        """`data` of a success."""
        return simplejson.loads(self.response.text, use_decimal=True)["data"]


@dataclass(frozen=True)
class Caller:
    """Who calls: the name in the recording, and two headers."""

    name: str
    api_key: str
    access_token: str = ""


class Recorder:
    """One recording of one company. A scene is a file."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._masks: dict[str, Masks] = {}
        self.scenes: dict[str, list[dict[str, Any]]] = {}
        self._scene: list[dict[str, Any]] = []
        self._http = httpx.Client(timeout=60)

    @property
    def masks(self) -> Masks:
        """Those of the server that is asked: each company has ids of its own."""
        return self._masks.setdefault(self.base_url, Masks(self.base_url))

    def begin(self, scene: str) -> None:
        """What follows belongs to this scene."""
        self._scene = self.scenes.setdefault(scene, [])

    def at(self, base_url: str) -> None:
        """What follows is sent to another server."""
        self.base_url = base_url

    def served(self) -> dict[str, Any]:
        """The OpenAPI document of the server."""
        found: dict[str, Any] = self._http.get(f"{self.base_url}/api/openapi.json").json()
        return found

    def call(
        self,
        caller: Caller,
        method: str,
        address: str,
        *,
        form: dict[str, Any] | None = None,
        json: Any = ...,
        parts: dict[str, Any] | None = None,
        raw: str | bytes | None = None,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        note: str = "",
    ) -> Answer:
        """Send one request and keep its answer. One of `form`, `json`, `parts` (multipart) or
        `raw` is its body; a header of value '' is left out."""
        own = {"api_key": caller.api_key, "access_token": caller.access_token}
        merged = {name: each for name, each in (own | (headers or {})).items() if each}
        more: dict[str, Any] = {}
        if form is not None:
            more["data"] = form
        if json is not ...:
            more["content"] = simplejson.dumps(json, use_decimal=True).encode()
            merged = {"Content-Type": "application/json"} | merged
        if parts is not None:
            more["files"] = {
                name: each if isinstance(each, tuple) else (None, str(each))
                for name, each in parts.items()
            }
        if raw is not None:
            more["content"] = raw
        target = address + (f"?{urlencode(query)}" if query else "")
        response = self._http.request(
            method, f"{self.base_url}/api/{target}", headers=merged, **more
        )
        sent = {"form": form, "json": json, "parts": _named(parts), "raw": _short(raw),
                "headers": headers}  # fmt: skip
        entry = {
            "call": f"{method} {self.masks.address(target)}",
            "note": note,
            "as": caller.name,
            "sent": self.masks.sent(
                {key: each for key, each in sent.items() if each not in (None, ...) or each == {}}
            ),
            "status": response.status_code,
            "headers": self._headers(response),
            "answer": self._body(response, address),
        }
        optional = ("note", "sent", "headers", "answer")
        self._scene.append(
            {k: v for k, v in entry.items() if k not in optional or v not in ("", {}, None)}
        )
        return Answer(response)

    def _headers(self, response: httpx.Response) -> dict[str, Any]:
        """Those that are not as in most answers; null for one that most have and this has not."""
        usual = dict(USUAL)
        if not response.content:
            del usual["content-type"]
        given = {
            name.lower(): self.masks.text(value)
            for name, value in response.headers.items()
            if name.lower() not in _OF_THE_SERVER
        }
        if re.fullmatch(r"[0-9a-f]{16}", given.get("x-request-id", "")):
            given["x-request-id"] = "<request>"
        if "retry-after" in given:
            given["retry-after"] = "<seconds>"
        if "content-security-policy" in given:
            policy = given["content-security-policy"]
            directives = _NONCE.sub("'nonce-<nonce>'", policy).split("; ")
            given["content-security-policy"] = "; ".join(sorted(directives))
        if "set-cookie" in given:
            given["set-cookie"] = "<cookie>"
        missing = {name: None for name in usual if name not in given}
        differing = {name: value for name, value in given.items() if usual.get(name) != value}
        return dict(sorted((missing | differing).items()))

    def _body(self, response: httpx.Response, address: str) -> Any:
        kind = response.headers.get("content-type", "").partition(";")[0]
        if not response.content:
            return None
        if kind == "application/json" and not address.startswith("openapi.json"):
            found = simplejson.loads(response.text, use_decimal=True)
            return self.masks.answer(found, address)
        if kind in _SHOWN_TEXT:
            return self.masks.text(response.text).splitlines()
        return f"<a file of {kind}>"

    def write(self, folder: Path) -> None:
        """Each scene into a file of its own; files of other scenes go."""
        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.glob("*.json"):
            stale.unlink()
        for scene, entries in self.scenes.items():
            (folder / f"{scene}.json").write_text(written(entries), encoding="utf-8")


def written(entries: list[dict[str, Any]]) -> str:
    """A scene as JSON, amounts digit by digit: what fits stands on one line."""
    return _laid_out(entries, "") + "\n"


def _laid_out(value: Any, indent: str) -> str:
    flat = simplejson.dumps(value, use_decimal=True, ensure_ascii=False)
    if len(indent + flat) <= _WIDTH or not isinstance(value, (dict, list)):
        return flat
    deeper = f"{indent} "
    if isinstance(value, dict):
        rows = [
            f"{simplejson.dumps(name, ensure_ascii=False)}: {_laid_out(each, deeper)}"
            for name, each in value.items()
        ]
        return "{" + _rows(rows, deeper) + "}"
    return "[" + _rows([_laid_out(each, deeper) for each in value], deeper) + "]"


def _rows(rows: list[str], indent: str) -> str:
    return f"\n{indent}" + f",\n{indent}".join(rows)


def read(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The scenes that a folder holds."""
    return {
        path.stem: simplejson.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        for path in sorted(folder.glob("*.json"))
    }


def _named(parts: dict[str, Any] | None) -> dict[str, Any] | None:
    """Parts of a multipart body, files by their names."""
    if parts is None:
        return None
    return {
        name: f"<file {each[0]}>" if isinstance(each, tuple) else each
        for name, each in parts.items()
    }


def _short(raw: str | bytes | None) -> str | None:
    if raw is None:
        return None
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
    return text if len(text) <= _LONG else f"{text[:40]}… ({len(text)} bytes)"
