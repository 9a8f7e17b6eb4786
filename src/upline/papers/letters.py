"""The letters of PDF files: DejaVu Sans, which matplotlib brings with its licence. It has Latin,
Greek and Cyrillic; what it has not, or what runs from right to left, is written in Latin."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from unicodedata import bidirectional, normalize

from anyascii import anyascii
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
_RIGHT_TO_LEFT = ("R", "AL", "AN")


@cache
def load() -> frozenset[int]:
    """Make both fonts known to reportlab. Returns the code points that they can show."""
    spec = find_spec("matplotlib")
    assert spec is not None, "a dependency"
    assert spec.origin is not None, "a package with files"
    folder = Path(spec.origin).parent / "mpl-data/fonts/ttf"
    fonts = [TTFont(name, folder / f"{name}.ttf") for name in (PLAIN, BOLD)]
    for font in fonts:
        pdfmetrics.registerFont(font)
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))


def readable(text: str) -> str:
    """The text in letters that the fonts have. Line breaks and the like become spaces."""
    if text.isascii() and text.isprintable():
        return text
    known = load()
    return "".join(_letter(each, known) for each in normalize("NFC", text))


def _letter(letter: str, known: frozenset[int]) -> str:
    if not letter.isprintable():
        return " "
    if ord(letter) in known and bidirectional(letter) not in _RIGHT_TO_LEFT:
        return letter
    return anyascii(letter) or "?"


def width(text: str, font: str, size: float) -> float:
    """How wide a text is, in points of 1/72 inch."""
    return float(pdfmetrics.stringWidth(text, font, size))


def broken(text: str, font: str, size: float, most: float) -> str:
    """The text in lines that are no wider than `most`; a word that is wider is broken too."""
    if width(text, font, size) <= most:
        return text
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if width(longer, font, size) <= most:
            lines[-1] = longer
        else:
            lines += _pieces(word, font, size, most)
    return "\n".join(line for line in lines if line)


def _pieces(word: str, font: str, size: float, most: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, font, size) > most:
            pieces.append("")
        pieces[-1] += letter
    return pieces
