"""A company's own accent colour, made readable: the lightness moves until the contrast holds."""

from functools import lru_cache
from typing import NamedTuple

from coloraide import Color

from upline.design.bundles import Bundle, packed

CONTRAST_MIN = 4.5
"""WCAG 2.2, 1.4.3 (AA), for text of the usual size."""
# What an accent stands on: page, surface and sunken of css/tokens.css.
_LIGHT, _DARK = ("#f6f5f2", "#ffffff"), ("#111417", "#191d21")
_STEP = 0.005


class Accent(NamedTuple):
    """The three colours of one scheme, as `#rrggbb`."""

    accent: str
    on_accent: str
    soft: str


@lru_cache(16)
def style_sheet(chosen: str) -> Bundle:
    """What a company's pages load after the common style sheet. `chosen` is `#rrggbb`."""
    light, dark = light_accent(chosen), dark_accent(chosen)
    names = ("--accent", "--on-accent", "--accent-soft")
    lines = (
        f"{name}: light-dark({day}, {night});"
        for name, day, night in zip(names, light, dark, strict=True)
    )
    return packed(f":root {{ {' '.join(lines)} }}\n", "text/css; charset=utf-8")


def light_accent(chosen: str) -> Accent:
    """The accent on light pages: as chosen, or darker where it could not be read."""
    colour = Color(chosen).convert("oklch")
    soft = _tinted(colour, 0.95, 0.025)
    accent = _readable(colour, (*_LIGHT, soft), -_STEP)
    return Accent(accent, "#ffffff", soft)


def dark_accent(chosen: str) -> Accent:
    """The accent on dark pages: a light tone of the same hue, with dark text on it."""
    colour = Color(chosen).convert("oklch").set("lightness", lambda was: max(was, 0.72))
    soft = _tinted(colour, 0.29, 0.04)
    accent = _readable(colour, (*_DARK, soft), _STEP)
    on_accent = _readable(Color(_tinted(colour, 0.24, 0.04)), (accent,), -_STEP)
    return Accent(accent, on_accent, soft)


def _tinted(colour: Color, lightness: float, chroma_max: float) -> str:
    faint = colour.clone().set("lightness", lightness)
    return _hex(faint.set("chroma", lambda was: min(was, chroma_max)))


def _readable(colour: Color, behind: tuple[str, ...], step: float) -> str:
    """The first tone from this one on, darker or lighter by the step, that stands out from all."""
    tone = colour.convert("oklch")
    while any(Color(_hex(tone)).contrast(Color(each)) < CONTRAST_MIN for each in behind):
        tone.set("lightness", lambda was: was + step)
    return _hex(tone)


def _hex(colour: Color) -> str:
    return colour.clone().fit("srgb").convert("srgb").to_string(hex=True)
