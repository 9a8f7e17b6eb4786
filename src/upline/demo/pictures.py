"""The pictures of the demo company, as files: one for each package, and heads for members."""

from pathlib import Path

_FOLDER = Path(__file__).with_name("drawings")


def picture_of(ware: str) -> bytes:
    """The picture of a package, a PNG file, by the name that the catalogue gives it."""
    return (_FOLDER / f"{ware}.png").read_bytes()


def portrait(seed: int, gender: str) -> bytes:
    """A head of this gender (F, or M for all others), a PNG file; the same one for each seed."""
    heads = sorted(_FOLDER.glob(f"portrait-{'f' if gender == 'F' else 'm'}-*.png"))
    return heads[seed % len(heads)].read_bytes()
