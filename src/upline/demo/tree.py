"""The binary tree as the story's author keeps it in mind while planning."""

from collections import deque

LEGS = ("L", "R")


class DemoTree:
    """Usernames in their places; `anna/2` is anna's second position. The first one is the root."""

    def __init__(self, root: str) -> None:
        self._below: dict[str, dict[str, str]] = {root: {}}
        self._above: dict[str, str] = {}

    def put(self, username: str, placement: str, leg: str) -> None:
        assert leg not in self._below[placement], "a position is given once"
        self._below[placement][leg] = username
        self._below[username] = {}
        self._above[username] = placement

    def outer_end(self, top: str, leg: str) -> str:
        """The last member on the outer side of a leg."""
        while leg in self._below[top]:
            top = self._below[top][leg]
        return top

    def first_free(self, top: str, leg: str) -> tuple[str, str]:
        """The highest free position in one leg, left before right."""
        if leg not in self._below[top]:
            return top, leg
        waiting = deque([self._below[top][leg]])
        while True:
            here = waiting.popleft()
            for side in LEGS:
                if side not in self._below[here]:
                    return here, side
                waiting.append(self._below[here][side])

    def is_in_team(self, top: str, bottom: str) -> bool:
        here: str | None = bottom
        while here is not None and here != top:
            here = self._above.get(here)
        return here == top

    def people_below(self, top: str) -> int:
        """How many people stand below a member, at whatever of their positions; 0 for nobody."""
        below = self._below.get(top, {}).values()
        return sum(("/" not in each) + self.people_below(each) for each in below)

    def people_in(self, top: str, leg: str) -> int:
        """How many people stand in one leg of a position."""
        first = self._below[top].get(leg)
        return 0 if first is None else ("/" not in first) + self.people_below(first)

    def team_size(self, top: str) -> int:
        """The member and all below."""
        return 1 + sum(self.team_size(below) for below in self._below[top].values())
