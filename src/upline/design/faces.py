"""Somebody's picture, or their initials on a soft tint."""

from typing import NamedTuple

TINTS = 6


class Face(NamedTuple):
    """What `<c-avatar>` shows. `picture` is an address, "" for none; `tint` 0 to 5."""

    name: str
    initials: str
    tint: int
    picture: str


def face(of: int, firstname: str, lastname: str, picture: str | None) -> Face:
    """A person's face; `of` is their id, by which their tint stays the same."""
    initials = (firstname[:1] + lastname[:1]).upper()
    address = f"/pictures/{picture}" if picture else ""
    return Face(f"{firstname} {lastname}".strip(), initials, of % TINTS, address)
