"""The pictures of the demo company, as files: one for each package, and portraits of members."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("drawings")


def picture_of(ware: str) -> bytes:
    """The picture of a package, a WebP file, by the name that the catalogue gives it."""
    return (_FOLDER / "products" / f"{ware}.webp").read_bytes()


def portrait(name: str) -> bytes:
    """A portrait, a WebP file, by its name."""
    return (_FOLDER / "portraits" / f"{name}.webp").read_bytes()


def portrait_of(gender: str, number: int) -> str:
    """The name of the portrait for the so-many-th person of this gender (F or M), from 0: no two
    have the same until all are used up."""
    names = _portraits(gender)
    return names[number % len(names)]


@cache
def _portraits(gender: str) -> list[str]:
    return sorted(each.stem for each in (_FOLDER / "portraits").glob(f"{gender.lower()}-*.webp"))
