"""A company's mark: its initials on its accent colour, as browsers and phones show it."""

import io
from functools import lru_cache
from pathlib import Path

from anyascii import anyascii
from PIL import Image, ImageDraw, ImageFont

from upline.design.bundles import Bundle, packed_bytes
from upline.design.colours import light_accent

UPLINE_GREEN = "#0b6b58"
# How wide each is, and whether it fills its square: phones cut those into their own shape.
SIZES = {
    "icon-192.png": (192, False),
    "icon-512.png": (512, False),
    "maskable-512.png": (512, True),
    "touch-180.png": (180, True),
    "favicon-48.png": (48, False),
}
_FONT = (
    Path(__file__).parent
    / "static/vendor/hanken-grotesk-5.3.0/hanken-grotesk-latin-wght-normal.woff2"
)
_WEIGHT = 700
# Drawn so many times as large, and made small again, so that edges are smooth.
_FINER = 4


def initials(company: str) -> str:
    """At most two letters, in Latin script."""
    words = anyascii(company).split()
    letters = [word[0] for word in words if word[0].isalnum()]
    return "".join(letters[:2]).upper() or "U"


@lru_cache(32)
def mark(company: str, colour: str, name: str) -> Bundle:
    """The picture of this name (SIZES), a PNG file. `colour` is `#rrggbb`, "" for Upline's own; it
    is made darker where white letters could not be read. KeyError for another name."""
    side, is_whole = SIZES[name]
    drawn = _draw(initials(company), light_accent(colour or UPLINE_GREEN).accent, side, is_whole)
    target = io.BytesIO()
    drawn.save(target, "PNG", optimize=True)
    return packed_bytes(target.getvalue(), "image/png")


def _draw(letters: str, colour: str, side: int, is_whole: bool) -> Image.Image:
    large = side * _FINER
    image = Image.new("RGBA", (large, large), colour if is_whole else "#00000000")
    draw = ImageDraw.Draw(image)
    if not is_whole:
        draw.rounded_rectangle((0, 0, large - 1, large - 1), large * 0.22, fill=colour)
    size = large * (0.36 if is_whole else 0.46) * (1.25 if len(letters) == 1 else 1)
    font = ImageFont.truetype(_FONT, round(size))
    font.set_variation_by_axes([_WEIGHT])
    left, top, right, bottom = draw.textbbox((0, 0), letters, font=font)
    middle = (large - left - right) / 2, (large - top - bottom) / 2
    draw.text(middle, letters, font=font, fill="#ffffff")
    return image.resize((side, side), Image.Resampling.LANCZOS)
