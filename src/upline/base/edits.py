"""What somebody changes of what they had looked at, where others may have changed it meanwhile."""

from collections.abc import Mapping
from typing import Any

from upline.base.errors import Conflict
from upline.language import lazy


class ChangedMeanwhile(Conflict):
    """Others have changed the same fields since the page was opened. `now` is what they hold."""

    sentence = lazy("Someone has changed this since you opened the page.")

    def __init__(self, now: Mapping[str, Any]) -> None:
        super().__init__(fields=dict.fromkeys(now, self.sentence))
        self.now = dict(now)


def to_write(
    now: Mapping[str, Any], wanted: Mapping[str, Any], seen: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The fields of `wanted` that differ from `now`, to be called under the lock that writes them.

    `seen` is what the page showed when it was opened: what its reader left as it was is not
    theirs to write, and ChangedMeanwhile names what somebody else has set to another value. None
    for somebody who has seen nothing, and sets what they name."""
    if seen is None:
        return {name: value for name, value in wanted.items() if value != now[name]}
    meant = {name: value for name, value in wanted.items() if value != seen.get(name)}
    others = {name: now[name] for name in meant if now[name] not in (seen.get(name), wanted[name])}
    if others:
        raise ChangedMeanwhile(others)
    return {name: value for name, value in meant.items() if value != now[name]}
