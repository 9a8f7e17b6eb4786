"""Drawn heads for the members who show a picture of themselves."""

from random import Random

from upline.demo.canvas import Canvas

_WALLS = ("#dfe8ea", "#f0e6dc", "#e9e3f0", "#dde8dc", "#f3e3df", "#e4e9f2")
_SKINS = (("#f3d3bd", "#e3b89b"), ("#e5b48f", "#cf9870"), ("#c68a5f", "#a96f47"),
          ("#8d5a3b", "#6f4329"))  # fmt: skip
_HAIRS = ("#2b2320", "#4f3626", "#7a4b2a", "#b98a4e", "#8d8d8d", "#a5472d")
_CLOTHES = ("#3f6f8c", "#c8553d", "#7f9c5f", "#54465c", "#d9a441", "#3c8a8f")


def portrait(seed: int, gender: str) -> bytes:
    """A head of its own for each seed, a PNG file."""
    choose = Random(seed)  # noqa: S311 - a drawing, not a secret
    canvas = Canvas(choose.choice(_WALLS))
    skin, shade = choose.choice(_SKINS)
    hair, clothes = choose.choice(_HAIRS), choose.choice(_CLOTHES)
    is_long = gender == "F" and choose.random() < 0.75
    if is_long:
        canvas.block((27, 22, 73, 78), hair, 22)
    canvas.block((18, 76, 82, 130), clothes, 22)
    canvas.slice((40, 68, 60, 86), 0, 180, shade)
    canvas.block((43, 60, 57, 80), shade, 3)
    canvas.disc(31, 48, 4.5, shade)
    canvas.disc(69, 48, 4.5, shade)
    canvas.oval((31, 21, 69, 71), skin)
    _hair(canvas, hair, choose.randrange(3), is_long=is_long)
    _face(canvas, hair, shade, choose)
    return canvas.png()


def _hair(canvas: Canvas, hair: str, cut: int, *, is_long: bool) -> None:
    canvas.slice((29, 15, 71, 67), 190, 350, hair)
    if cut == 0:
        canvas.disc(42, 25, 9, hair)
        canvas.disc(57, 24, 9, hair)
    elif cut == 1:
        canvas.shape([(30, 42), (36, 22), (66, 24), (44, 36)], hair)
    if is_long:
        canvas.block((27, 34, 34, 70), hair, 3)
        canvas.block((66, 34, 73, 70), hair, 3)


def _face(canvas: Canvas, hair: str, shade: str, choose: Random) -> None:
    for x in (42, 58):
        canvas.disc(x, 47, 2.3, "#2b2320")
        canvas.disc(x + 0.7, 46.2, 0.7, "#ffffff")
        canvas.arc((x - 4.5, 39, x + 4.5, 45), 200, 340, hair, 1.1)
    canvas.line([(50, 49), (48.6, 55), (50.6, 55.6)], shade, 1)
    canvas.arc((43, 53, 57, 63), 20, 160, "#a8483f", 1.5)
    if choose.random() < 0.3:
        for x in (42, 58):
            canvas.arc((x - 6, 41.5, x + 6, 52.5), 0, 360, "#33333a", 0.9)
        canvas.line([(48, 46.5), (52, 46.5)], "#33333a", 0.9)
