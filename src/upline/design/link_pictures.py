"""The picture that chats show of a member's link: who invites, and to which company."""

import io
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from upline.design import colours
from upline.design.colours import Accent

WIDTH, HEIGHT = 1200, 630
"""As Open Graph recommends it."""
_GREEN = "#0b6b58"
_SURFACE, _TEXT, _MUTED = "#ffffff", "#1b1e23", "#5a606b"
_PANEL, _FACE, _MARGIN = 440, 312, 72
_VENDOR = Path(__file__).parent / "static/vendor"
_SHEET = (Path(__file__).parent / "css/fonts.css").read_text()
_FACES = re.compile(
    r'font-weight: ([^;]+);.*?url\("/static/vendor/([^"]+)"\).*?unicode-range:([^;]+);', re.S
)
_RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?")
_BOLD = 600


class LinkCard(NamedTuple):
    """What a picture is drawn of. `face`: somebody's picture, None for initials; `accent`: the
    company's colour, '' for Upline's; `is_rtl`: of the language that the sentence is in."""

    name: str
    initials: str
    sentence: str
    company: str
    face: bytes | None
    accent: str
    is_rtl: bool


class _Typeface(NamedTuple):
    """A file of the typefaces of pages, and which characters it has."""

    path: Path
    is_variable: bool
    ranges: tuple[tuple[int, int], ...]

    def has(self, sign: str) -> bool:
        return any(low <= ord(sign) <= high for low, high in self.ranges)


def draw(card: LinkCard) -> bytes:
    """The picture as PNG: the face on a panel of the company's colour, and the words beside it."""
    accent = colours.light_accent(card.accent or _GREEN)
    image = Image.new("RGB", (WIDTH, HEIGHT), _SURFACE)
    pen = ImageDraw.Draw(image)
    panel = WIDTH - _PANEL if card.is_rtl else 0
    pen.rectangle((panel, 0, panel + _PANEL - 1, HEIGHT), accent.accent)
    _put_face(image, card, accent, (panel + (_PANEL - _FACE) // 2, (HEIGHT - _FACE) // 2))
    room = WIDTH - _PANEL - 2 * _MARGIN
    start = _MARGIN if card.is_rtl else _PANEL + _MARGIN
    lines = _lines(card, accent, room)
    y = (HEIGHT - sum(height for *_, height in lines)) // 2
    for text, size, colour, height in lines:
        at = (start + room if card.is_rtl else start, y)
        _write(pen, text, size, colour, at, is_rtl=card.is_rtl)
        y += height
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True)
    return target.getvalue()


def can_write(text: str) -> bool:
    """Whether the typefaces of pages have each character of a text."""
    return all(_typeface(sign) is not None for sign in text)


_Line = tuple[str, int, str, int]


def _lines(card: LinkCard, accent: Accent, room: int) -> list[_Line]:
    """The lines with size, colour and height: who, what, and the company."""
    parts = ((card.name, 88, _TEXT, 2), (card.sentence, 48, _MUTED, 2), ("", 28, _TEXT, 1),
             (card.company, 44, accent.accent, 2))  # fmt: skip
    return [
        (line, size, colour, round(size * 1.25))
        for text, size, colour, most in parts
        for line in (_wrapped(text, size, room, most) or [""])
    ]


def _wrapped(text: str, size: int, room: int, lines_most: int) -> list[str]:
    """The text in lines that fit; what is too long is cut."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer, size) <= room:
            lines[-1] = longer
        elif len(lines) < lines_most:
            lines.append(_cut(word, size, room))
        else:
            lines[-1] = _cut(f"{lines[-1]} {word}…", size, room)
            break
    return lines


def _cut(text: str, size: int, room: int) -> str:
    if _width(text, size) <= room:
        return text
    kept = text.rstrip("…")
    while kept and _width(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept}…"


def _put_face(image: Image.Image, card: LinkCard, accent: Accent, at: tuple[int, int]) -> None:
    """A round picture, or initials on the soft accent. Drawn twice as large for a smooth edge."""
    mask = Image.new("L", (2 * _FACE, 2 * _FACE), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, 2 * _FACE - 1, 2 * _FACE - 1), 255)
    mask = mask.resize((_FACE, _FACE), Image.Resampling.LANCZOS)
    face = Image.new("RGB", (_FACE, _FACE), accent.soft)
    if card.face:
        found = Image.open(io.BytesIO(card.face)).convert("RGBA")
        side = min(found.size)
        box = ((found.width - side) // 2, (found.height - side) // 2)
        square = found.crop((*box, box[0] + side, box[1] + side)).resize((_FACE, _FACE))
        face.paste(square, (0, 0), square)
    elif can_write(card.initials):
        pen, width = ImageDraw.Draw(face), _width(card.initials, 120)
        at_initials = ((_FACE - width) // 2, (_FACE - 150) // 2)
        _write(pen, card.initials, 120, accent.accent, at_initials, is_rtl=False)
    image.paste(face, at, mask)


def _write(
    pen: ImageDraw.ImageDraw,
    text: str,
    size: int,
    colour: str,
    at: tuple[int, int],
    *,
    is_rtl: bool,
) -> None:
    """One line; from right to left it ends at `at`."""
    x, y = at
    for part, font in _runs(text, size):
        width = round(font.getlength(part))
        x -= width if is_rtl else 0
        pen.text((x, y + size), part, colour, font, anchor="ls")
        x += 0 if is_rtl else width


def _width(text: str, size: int) -> int:
    return sum(round(font.getlength(part)) for part, font in _runs(text, size))


def _runs(text: str, size: int) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """The text in parts that each are of one typeface; a blank goes with what is before it."""
    runs: list[tuple[str, _Typeface]] = []
    for sign in text:
        before = runs[-1][1] if runs else None
        typeface = before if before and (sign == " " or before.has(sign)) else _typeface(sign)
        if typeface is None:
            continue
        if typeface is before:
            runs[-1] = (runs[-1][0] + sign, typeface)
        else:
            runs.append((sign, typeface))
    return [(part, _font(typeface, size)) for part, typeface in runs]


def _typeface(sign: str) -> _Typeface | None:
    return next((each for each in _typefaces() if each.has(sign)), None)


@cache
def _typefaces() -> tuple[_Typeface, ...]:
    """The files of css/fonts.css that are bold, or have all weights."""
    found = []
    for weight, path, ranges in _FACES.findall(_SHEET):
        if weight in (str(_BOLD), "100 900"):
            spans = [(low, high or low) for low, high in _RANGE.findall(ranges)]
            numbers = tuple((int(low, 16), int(high, 16)) for low, high in spans)
            found.append(_Typeface(_VENDOR / path, weight == "100 900", numbers))
    return tuple(found)


@cache
def _font(typeface: _Typeface, size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(typeface.path), size)
    if typeface.is_variable:
        font.set_variation_by_axes([_BOLD])
    return font
