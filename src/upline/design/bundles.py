"""The style sheets of all components as one file, the icons as another, and each script.

Their addresses change with what is in them, so that browsers may keep them for good."""

import gzip
import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent
_ICONS = _HERE / "static/vendor/phosphor-2.1.1"
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_IMPORT = re.compile(r'from "\./([\w-]+\.js)"')
_DRAWING = re.compile(r"<svg [^>]*>(.*)</svg>", re.S)


class Bundle(NamedTuple):
    """A file put together from many. `digest` stands for its text in the address."""

    text: bytes
    gzipped: bytes
    digest: str
    content_type: str


def address(name: str) -> str:
    """Where browsers find the bundle of this name: `/design/<digest>/upline.css`."""
    return address_of(name, bundle(name))


def address_of(name: str, bundle: Bundle) -> str:
    """The same for one that is not put together from files: `/design/<digest>/brand.css`."""
    return f"/design/{bundle.digest}/{name}"


@cache
def bundle(name: str) -> Bundle:
    """`upline.css`, `icons.svg`, or a script such as `copy.js`; KeyError for another name."""
    if name in _scripts():
        return packed(_module(_scripts()[name].read_text()), "text/javascript; charset=utf-8")
    make, content_type = _MADE[name]
    return packed(make(), content_type)


def packed(text: str, content_type: str) -> Bundle:
    """A text as it is sent, plain and compressed, with its digest."""
    return packed_bytes(text.encode(), content_type)


def packed_bytes(body: bytes, content_type: str) -> Bundle:
    """The same for what is no text."""
    digest = hashlib.sha256(body).hexdigest()[:16]
    return Bundle(body, gzip.compress(body, mtime=0), digest, content_type)


def digest_of(texts: list[str]) -> str:
    """What stands for these texts in a name."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


@cache
def worker() -> str:
    """What browsers run between pages and the network (`site/installing.py`)."""
    return (_HERE / "worker.js").read_text()


@cache
def _scripts() -> dict[str, Path]:
    return {each.name: each for each in (_HERE / "scripts").glob("*.js")}


def _module(text: str) -> str:
    """A script with the other scripts that it imports at their addresses, so that these too change
    with what is in them."""
    return _IMPORT.sub(lambda found: f'from "{address(found[1])}"', text)


def _style_sheet() -> str:
    first = [_HERE / "css" / f"{name}.css" for name in ("tokens", "fonts", "base")]
    files = first + sorted((_HERE / "css/components").glob("*.css"))
    return "".join(_COMMENT.sub("", each.read_text()) for each in files)


def _sprite() -> str:
    """Each drawing of the folder as a symbol that its file name names."""
    symbols = [_symbol(each) for each in sorted(_ICONS.glob("*/*.svg"))]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def _symbol(file: Path) -> str:
    found = _DRAWING.fullmatch(file.read_text().strip())
    assert found, f"{file} is one drawing"
    return f'<symbol id="{file.stem}" viewBox="0 0 256 256">{found[1]}</symbol>'


_MADE: dict[str, tuple[Callable[[], str], str]] = {
    "upline.css": (_style_sheet, "text/css; charset=utf-8"),
    "icons.svg": (_sprite, "image/svg+xml"),
}
