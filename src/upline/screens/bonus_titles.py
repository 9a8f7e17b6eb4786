"""What members call a bonus: a plan's file gives it a short name such as `pairs`."""

from upline.language import lazy
from upline.screens import earnings

_TITLES = {
    "pairs": lazy("Pair bonus"),
    "binary": lazy("Pair bonus"),
    "levels": lazy("Level bonus"),
    "unilevel": lazy("Level bonus"),
    "line": lazy("Line bonus"),
    "matrix": lazy("Matrix bonus"),
    "board": lazy("Board bonus"),
    "matching": lazy("Matching bonus"),
    "generations": lazy("Generation bonus"),
    "overrides": lazy("Override bonus"),
    "steps": lazy("Step bonus"),
    "stairs": lazy("Step bonus"),
    "leadership": lazy("Leadership bonus"),
    "pool": lazy("Bonus pool"),
    "leaders' pool": lazy("Leaders' pool"),
    "award": lazy("Award"),
    "rank award": lazy("Rank award"),
    "title award": lazy("Title award"),
    "welcome": lazy("Welcome bonus"),
    "fast start": lazy("Fast-start bonus"),
    "own recruits": lazy("Bonus for new members"),
    "margin": lazy("Retail margin"),
    "retail margin": lazy("Retail margin"),
}
"""Those of the plans that come with Upline, and names that nearly every plan uses."""


def title(bonus: str) -> str:
    """A bonus, or what is taken off, as the headline of a line: `Pair bonus`, `Service charge`. A
    name that is the company's own begins with a capital letter and is shown as it is."""
    plain = bonus.replace("_", " ").strip()
    found = str(_TITLES.get(plain.lower()) or earnings.called(plain))
    return found[:1].upper() + found[1:]
