"""Which of the installed languages somebody gets."""

import re
from functools import lru_cache

from upline.language.loading import named

_LONGEST = 300
_WISH = re.compile(
    r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d*)?)\s*)?"
)


@lru_cache(maxsize=1024)
def accepted(header: str) -> str | None:
    """What an Accept-Language header asks for (RFC 9110), as the tag of an installed language; None
    where it names none."""
    wishes = []
    for number, part in enumerate(header[:_LONGEST].split(",")):
        found = _WISH.fullmatch(part)
        quality = float(found[2] or 1) if found else 0.0
        if found and quality:
            wishes.append((-quality, number, found[1]))
    return first_of(*(wish for *_, wish in sorted(wishes)))


def first_of(*wishes: str) -> str | None:
    """The first of these tags that an installed language answers to."""
    return next((tag for wish in wishes if (tag := named(wish))), None)
