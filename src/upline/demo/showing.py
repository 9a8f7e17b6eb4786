"""Who is prepared for show: three people whom visitors become with one click, and who stands around
them. Everybody else of the story is made up by chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from upline.demo.people import DemoPerson

ANNA = DemoPerson(
    "anna", "Anna", "Lindner", "F", date(1993, 4, 18), "anna@example.com", "+49 171 3920011",
    276, "DE-SN", "Leipzig", "04107", "Fliederstieg 7",
)  # fmt: skip
MARC = DemoPerson(
    "marc", "Marc", "Keller", "M", date(1984, 9, 2), "marc@example.com", "+49 171 3920012",
    276, "DE-BW", "Freiburg", "79098", "Alter Mühlweg 31",
)  # fmt: skip
LEA = DemoPerson(
    "lea", "Lea", "Sommer", "F", date(1990, 12, 5), "lea@example.com", "+49 171 3920013",
    276, "DE-HH", "Hamburg", "20357", "Zur Kleinen Brücke 12",
)  # fmt: skip
SHOWN = (ANNA, MARC, LEA)
USERNAMES = tuple(each.username for each in SHOWN)

TEAM_SHARE = 0.6
"""How much of the company stands below Marc: 180 of 300."""
WAITING = 3
"""How many of the last who join wait for a place (the holding tank)."""
_ANNA_JOINED = timedelta(days=21)
# Whom Anna enrols begin in her second week: one on each side makes her first pair.
_ANNA_ENROLS = (timedelta(days=4), timedelta(days=10))


@dataclass(frozen=True)
class Part:
    """What is settled of a recruit beforehand; what is empty is left to chance. `sponsor` also
    enrols them, at the first free place of `leg`. `waits`: they stand nowhere yet."""

    person: DemoPerson | None = None
    temperament: str = ""
    sponsor: str = ""
    leg: str = ""
    package: str = ""
    waits: bool = False


ANYBODY = Part()


def parts(moments: Sequence[datetime], end: datetime) -> dict[int, Part]:
    """Who of those that join at these moments is settled, by their index; `end` is the year's."""
    last = len(moments) - WAITING
    anna = next(index for index, at in enumerate(moments) if at >= end - _ANNA_JOINED)
    anna = min(anna, last - 3)
    enrolled = [
        next((index for index in range(anna + 1, last) if moments[index] > moments[anna] + days),
             last - 1)
        for days in _ANNA_ENROLS
    ]  # fmt: skip
    found = {
        0: Part(MARC, "leader", leg="R", package="S-300"),
        anna: Part(ANNA, "steady", sponsor="marc", leg="L", package="S-200"),
    }
    for index, leg in zip(enrolled, "LR", strict=True):
        while index in found:
            index -= 1
        found[index] = Part(None, "quiet", sponsor="anna", leg=leg, package="S-200")
    for index, sponsor in enumerate(("marc", "anna", "marc"), last):
        found[index] = Part(None, "dormant", sponsor=sponsor, package="S-100", waits=True)
    return found
