"""The pictures of the demo company's packages."""

from collections.abc import Callable
from math import cos, pi, sin

from upline.demo.canvas import Canvas


def draw(name: str) -> bytes:
    """The picture of one package, a PNG file."""
    background, spot, picture = _PICTURES[name]
    canvas = Canvas(background)
    canvas.disc(50, 48, 38, spot)
    picture(canvas)
    return canvas.png()


def _towels(on: Canvas) -> None:
    on.ground(17, 83, 79)
    for base, colour, dark in ((78, "#3f6f8c", "#2f566e"), (62, "#f4efe4", "#d9cfba"),
                               (46, "#c8553d", "#9f412d")):  # fmt: skip
        on.block((20, base - 16, 80, base), colour, 7)
        on.block((20, base - 8.6, 72, base - 7.4), dark, 0.6)
        on.disc(76, base - 8, 3.4, dark)
        on.disc(76, base - 8, 1.8, colour)
        for x in (28, 31.5, 35):
            on.block((x, base - 15.6, x + 1.6, base - 0.4), dark)
    on.line([(30, 30), (36, 21), (43, 17)], "#5c7a4f", 1.2)
    for x, y in ((32, 24), (37, 18), (36, 25), (41, 20), (44, 15)):
        on.oval((x - 2.6, y - 1.5, x + 2.6, y + 1.5), "#7d9b6c")


def _candles(on: Canvas) -> None:
    on.ground(15, 85, 80)
    glasses = ((17, 38, 52, "#d98d62"), (39, 61, 36, "#e9c46a"), (62, 83, 58, "#b5838d"))
    for left, right, top, colour in glasses:
        middle = (left + right) / 2
        on.disc(middle, top - 7, 11, "#fff3c433")
        on.block((left, top, right, 80), colour, 3)
        on.oval((left, top - 2.4, right, top + 2.4), "#fff6e5")
        on.block((left + 2, top + 6, left + 4, 74), "#ffffff55", 1)
        on.block((middle - 7, 62, middle + 7, 72), "#fffaf0", 1)
        on.block((middle - 4.5, 65, middle + 4.5, 66), colour)
        on.block((middle - 3, 68, middle + 3, 69), colour)
        on.line([(middle, top), (middle, top - 4)], "#4a3a2c", 0.9)
        _flame(on, middle, top - 4)


def _flame(on: Canvas, x: float, y: float) -> None:
    on.shape([(x, y - 11), (x + 3, y - 4), (x, y), (x - 3, y - 4)], "#f4a261")
    on.disc(x, y - 3, 3.1, "#f4a261")
    on.disc(x, y - 2.6, 1.7, "#ffe8a3")


def _mugs(on: Canvas) -> None:
    on.ground(14, 88, 79)
    on.arc((67, 46, 87, 68), 0, 360, "#8f9f8b", 4)
    on.block((40, 38, 76, 79), "#a9b8a4", 5)
    on.oval((40, 34, 76, 42), "#8f9f8b")
    on.arc((9, 54, 27, 73), 0, 360, "#b9613f", 3.6)
    on.block((18, 47, 52, 80), "#d07a55", 5)
    on.block((18, 68, 52, 80), "#b9613f", 5)
    on.block((18, 66, 52, 70), "#d07a55")
    on.oval((18, 43, 52, 51), "#b9613f")
    on.oval((20.5, 44.4, 49.5, 49.8), "#4a2c1d")
    on.block((22, 54, 24.5, 64), "#ffffff44", 1.2)
    for x in (29, 35, 41):
        wave = [(x + 1.8 * sin(step / 2), 40 - step * 1.6) for step in range(12)]
        on.line(wave, "#ffffffb0", 1.1)


def _board(on: Canvas) -> None:
    on.ground(20, 82, 83)
    on.block((43, 10, 57, 36), "#b9814a", 6)
    on.block((22, 28, 78, 83), "#b9814a", 8)
    on.block((24, 28, 76, 81), "#cd975d", 7)
    on.block((45, 11, 55, 34), "#cd975d", 5)
    on.disc(50, 18, 2.8, "#e8eef0")
    for x, bend in ((31, 2), (40, -1.5), (49, 1), (58, -2), (67, 1.5)):
        grain = [(x + bend * sin(step / 3), 32 + step * 2.2) for step in range(22)]
        on.line(grain, "#b9814a88", 0.6)
    on.disc(38, 66, 8.5, "#c1403a")
    on.disc(36, 63.5, 2.2, "#e88a7f")
    for turn in range(5):
        angle = pi * (0.9 + turn * 0.3)
        on.line([(38, 59), (38 + 4 * cos(angle), 59 + 4 * sin(angle))], "#4f7a3f", 1.4)
    on.line([(52, 73), (66, 47)], "#4f7a3f", 1)
    for leaf in range(6):
        left, top = 54 + leaf * 2.3, 69 - leaf * 4.2
        on.oval((left - 6, top - 2.2, left - 0.6, top + 1), "#6a9955")
        on.oval((left + 0.8, top - 0.4, left + 6, top + 2.8), "#7fae68")


def _kettle(on: Canvas) -> None:
    on.ground(26, 76, 82)
    on.arc((29, 14, 71, 66), 180, 360, "#3b3a3a", 3.4)
    on.block((40, 13, 60, 18.4), "#8a5a3a", 2.6)
    on.line([(74, 62), (83, 52), (87, 42)], "#2f6f73", 6)
    on.shape([(84, 38), (92, 41), (89, 45), (83, 44)], "#2f6f73")
    on.oval((22, 36, 78, 84), "#3c8a8f")
    on.slice((22, 36, 78, 84), 25, 155, "#2f6f73")
    on.oval((34, 35, 66, 43), "#2f6f73")
    on.oval((36, 34, 64, 40), "#4ba3a8")
    on.block((46.5, 30, 53.5, 35), "#8a5a3a", 2)
    on.arc((29, 44, 50, 74), 170, 250, "#ffffff70", 2)
    for x in (90, 94):
        on.line([(x, 34), (x + 1.4, 30), (x - 0.6, 26)], "#ffffffa0", 1)


def _throw(on: Canvas) -> None:
    on.ground(12, 88, 82)
    on.block((28, 22, 72, 80), "#a98467", 6)
    on.block((20, 44, 80, 82), "#8c6a4f", 9)
    on.block((14, 40, 26, 82), "#7a5a42", 6)
    on.block((74, 40, 86, 82), "#7a5a42", 6)
    on.shape([(36, 20), (70, 20), (76, 70), (30, 70)], "#e5d3b3")
    for step in range(4):
        left, top = 38 + step * 9.2, 20
        on.shape([(left, top), (left + 3, top), (left + 3 + (step - 1.2), 70),
                  (left + (step - 1.8) * 2, 70)], "#bc6c4a90")  # fmt: skip
        on.shape([(35 - step * 1.5, 27 + step * 11), (71 + step * 1.4, 27 + step * 11),
                  (71.4 + step * 1.4, 31 + step * 11), (34.6 - step * 1.5, 31 + step * 11)],
                 "#bc6c4a90")  # fmt: skip
    for step in range(16):
        x = 31 + step * 3
        on.line([(x, 70), (x - 0.4, 75)], "#e5d3b3", 1)
    on.block((18, 80, 24, 86), "#5f4633", 1)
    on.block((76, 80, 82, 86), "#5f4633", 1)


def _jars(on: Canvas) -> None:
    on.ground(12, 88, 80)
    _jar(on, (14, 38, 36, 80), "#d9a441", 56)
    _jar(on, (40, 26, 62, 80), "#8c5a3c", 44)
    _jar(on, (66, 46, 86, 80), "#7f9c5f", 62)
    for x, y in ((44, 50), (49, 56), (56, 52), (47, 64), (54, 68), (58, 60), (45, 73)):
        on.oval((x - 1.8, y - 1.2, x + 1.8, y + 1.2), "#5e3a24")
    for x, y in ((18, 62), (24, 60), (31, 65), (20, 71), (27, 74), (32, 72)):
        on.line([(x, y), (x + 3, y - 1)], "#f0cb7c", 1)


def _jar(on: Canvas, box: tuple[float, float, float, float], inside: str, level: float) -> None:
    left, top, right, bottom = box
    on.block(box, "#eaf4f4", 4)
    on.block((left + 1.4, level, right - 1.4, bottom - 1.4), inside, 3)
    on.oval((left + 1.4, level - 1.6, right - 1.4, level + 1.6), inside)
    on.block((left + 1, top - 6, right - 1, top + 1), "#c49a6c", 1.6)
    on.block((left + 1, top - 2, right - 1, top + 1), "#a67c52", 1.2)
    on.block((left + 3, top + 5, left + 5, bottom - 6), "#ffffff90", 1)


def _pan(on: Canvas) -> None:
    on.line([(64, 64), (90, 90)], "#24282b", 7)
    on.line([(66, 66), (89, 89)], "#3b4145", 4)
    on.disc(87.5, 87.5, 1.6, "#d8e2dc")
    on.disc(44.5, 47, 34, "#0000001c")
    on.disc(43, 44, 33, "#24282b")
    on.disc(43, 44, 30.4, "#4a5156")
    on.disc(43, 44, 28, "#30363a")
    on.arc((17, 18, 69, 70), 190, 260, "#ffffff30", 1.4)
    for x, y, wide in ((35, 38, 10), (52, 46, 10.5), (38, 56, 9)):
        on.disc(x, y, wide, "#fdf7ea")
        on.oval((x - wide - 2, y - 2, x + wide - 3, y + wide), "#fdf7ea")
        on.disc(x, y, 4.2, "#f2b134")
        on.disc(x - 1.2, y - 1.2, 1.2, "#ffe09a")
    for x, y in ((48, 31), (27, 48), (50, 60), (58, 35)):
        on.line([(x, y), (x + 2.4, y - 1.4)], "#6a9955", 1.1)


def _lamp(on: Canvas) -> None:
    on.shape([(20, 38), (50, 20), (78, 84), (8, 84)], "#fff3c4a0")
    on.ground(50, 84, 84)
    on.line([(68, 82), (76, 50), (48, 24)], "#2d3a4a", 2.4)
    on.disc(76, 50, 2.6, "#c9a227")
    on.block((54, 80, 82, 84), "#2d3a4a", 2)
    on.shape([(44, 12), (54, 22), (44, 40), (20, 30)], "#c8553d")
    on.shape([(44, 12), (49, 17), (32, 35), (20, 30)], "#d96f56")
    on.oval((18, 28, 46, 42), "#fff3c4")
    on.block((18, 78, 44, 82), "#3f6f8c", 1)
    on.block((20, 74, 42, 78), "#d9a441", 1)
    on.block((20, 75, 42, 77), "#fffaf0")
    on.block((19, 70, 40, 74), "#7f9c5f", 1)


def _parcel(on: Canvas, left: float, top: float, side: float, ribbon: str) -> None:
    """A box seen from its corner, with a ribbon and a bow."""
    half, quarter, low = side / 2, side / 4, top + side * 0.55
    middle = left + half
    on.shape([(left, top), (middle, top + quarter), (middle, low + quarter * 1.2),
              (left, low + quarter * 0.2)], "#c49a6c")  # fmt: skip
    on.shape([(left + side, top), (middle, top + quarter), (middle, low + quarter * 1.2),
              (left + side, low + quarter * 0.2)], "#a67c52")  # fmt: skip
    on.shape([(left, top), (middle, top - quarter), (left + side, top), (middle, top + quarter)],
             "#ddb98c")  # fmt: skip
    for sign in (-1, 1):
        _ribbon(on, middle, top, low, sign * half, ribbon)
    for sign in (-1, 1):
        x = middle + sign * side * 0.1
        on.oval((x - side * 0.1, top - side * 0.13, x + side * 0.1, top + side * 0.03), ribbon)
        on.oval((x - side * 0.05, top - side * 0.09, x + side * 0.05, top - side * 0.01), "#ddb98c")
    on.disc(middle, top - side * 0.03, side * 0.045, ribbon)


def _ribbon(on: Canvas, middle: float, top: float, low: float, reach: float, colour: str) -> None:
    """Down one side of a parcel and over its top; `reach` to the outer edge, signed."""
    quarter = abs(reach) / 2
    near, far = 0.42, 0.58
    first, last = middle + reach * near, middle + reach * far
    on.shape([(first, top + quarter * (1 - near)), (last, top + quarter * (1 - far)),
              (last, low + quarter * (1.2 - far)), (first, low + quarter * (1.2 - near))],
             colour)  # fmt: skip
    on.shape([(first, top + quarter * (1 - near)), (last, top + quarter * (1 - far)),
              (middle - reach * (1 - far), top - quarter * far),
              (middle - reach * (1 - near), top - quarter * near)], colour)  # fmt: skip


def _one_parcel(on: Canvas) -> None:
    on.ground(24, 76, 76)
    _parcel(on, 26, 42, 48, "#c8553d")


def _two_parcels(on: Canvas) -> None:
    on.ground(16, 86, 78)
    _parcel(on, 16, 46, 46, "#3c8a8f")
    _parcel(on, 54, 56, 31, "#e9c46a")


def _three_parcels(on: Canvas) -> None:
    on.ground(12, 88, 82)
    _parcel(on, 30, 28, 40, "#7f9c5f")
    _parcel(on, 10, 54, 42, "#c8553d")
    _parcel(on, 54, 58, 35, "#3f6f8c")


_PICTURES: dict[str, tuple[str, str, Callable[[Canvas], None]]] = {
    "towels": ("#e7ded0", "#f3ece0", _towels),
    "candles": ("#43384a", "#54465c", _candles),
    "mugs": ("#dfe6e0", "#eef3ee", _mugs),
    "board": ("#cfdde0", "#e0eaec", _board),
    "kettle": ("#eadfce", "#f5eee2", _kettle),
    "throw": ("#d5dcd0", "#e6ebe2", _throw),
    "jars": ("#e3e9ea", "#f2f6f6", _jars),
    "pan": ("#d8e2dc", "#e8efea", _pan),
    "lamp": ("#5a6f86", "#6b8099", _lamp),
    "one parcel": ("#e9e3f0", "#f4f0f8", _one_parcel),
    "two parcels": ("#f0e6dc", "#f8f2ea", _two_parcels),
    "three parcels": ("#dfe8ea", "#eef4f5", _three_parcels),
}
