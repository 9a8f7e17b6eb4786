"""Drawing in units of a hundredth of the picture's side, four times as fine as it is shown."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

Colour = str
Point = tuple[float, float]
Box = tuple[float, float, float, float]

_SIDE_SHOWN = 480
_FINENESS = 3


class Canvas:
    """A square picture; every coordinate and width runs from 0 to 100."""

    def __init__(self, background: Colour) -> None:
        side = _SIDE_SHOWN * _FINENESS
        self._unit = side / 100
        self._image = Image.new("RGB", (side, side), background)
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def _px(self, points: Sequence[float]) -> list[float]:
        return [each * self._unit for each in points]

    def oval(self, box: Box, fill: Colour) -> None:
        self._draw.ellipse(self._px(box), fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        self.oval((x - radius, y - radius, x + radius, y + radius), fill)

    def block(self, box: Box, fill: Colour, round_by: float = 0) -> None:
        self._draw.rounded_rectangle(self._px(box), radius=round_by * self._unit, fill=fill)

    def shape(self, points: Sequence[Point], fill: Colour) -> None:
        self._draw.polygon([self._unit * each for point in points for each in point], fill=fill)

    def line(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        """A line with round ends and bends."""
        flat = [self._unit * each for point in points for each in point]
        self._draw.line(flat, fill=fill, width=round(width * self._unit), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, fill)

    def arc(self, box: Box, start: float, end: float, fill: Colour, width: float) -> None:
        """Part of an oval's outline, in degrees clockwise from three o'clock."""
        self._draw.arc(self._px(box), start, end, fill=fill, width=round(width * self._unit))

    def slice(self, box: Box, start: float, end: float, fill: Colour) -> None:
        """The part of an oval that a chord cuts off."""
        self._draw.chord(self._px(box), start, end, fill=fill)

    def ground(self, left: float, right: float, y: float) -> None:
        """The soft shadow that a thing throws on what it stands on."""
        for step in range(4):
            self.oval((left + step, y - 3 + step / 2, right - step, y + 3 - step / 2), "#00000012")

    def png(self) -> bytes:
        shown = self._image.resize((_SIDE_SHOWN, _SIDE_SHOWN), Image.Resampling.BOX)
        target = io.BytesIO()
        shown.save(target, "PNG", compress_level=1)
        return target.getvalue()
