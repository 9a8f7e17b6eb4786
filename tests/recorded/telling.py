"""The outcome of a comparison, for people."""

from typing import Any

from recorded.comparing import BREACH, Difference, differences

Scenes = dict[str, list[dict[str, Any]]]


def compare(before: Scenes, after: Scenes) -> int:
    """Print each difference; 1 where one of them is a breach, else 0."""
    found: list[Difference] = []
    for scene in sorted(before.keys() | after.keys()):
        found += differences(scene, before.get(scene, []), after.get(scene, []))
    for each in found:
        print(each)
    counts: dict[str, int] = {}
    for each in found:
        counts[each.kind] = counts.get(each.kind, 0) + 1
    told = ", ".join(f"{kind}: {count}" for kind, count in sorted(counts.items()))
    print(f"{sum(map(len, before.values()))} recorded answers; {told or 'no difference'}.")
    return 1 if BREACH in counts or not before else 0
