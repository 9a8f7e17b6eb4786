"""Words of the trade that owners write for keys, and what the keys are called here."""

from __future__ import annotations

from collections.abc import Collection

from upline.language import gettext, lazy

MEANT = {
    "pv": "personal_points", "ppv": "personal_points", "personal_volume": "personal_points",
    "gv": "group_points", "pgv": "group_points", "group_volume": "group_points",
    "bv": "pays_on", "cv": "pays_on", "business_volume": "pays_on",
    "commissionable": "pays_on", "commissionable_volume": "pays_on",
    "cap": "caps", "max_payout": "caps", "maxpayout": "caps", "maximum_payout": "caps",
    "max": "caps", "flush": "over_cap", "flushing": "over_cap", "flush_out": "over_cap",
    "compress": "compression", "compressed": "compression", "dynamic_compression": "compression",
    "min_rank": "rank", "minimum_rank": "rank", "required_rank": "rank",
}  # fmt: skip
WRITE = {
    "pays_on": lazy(
        '`pays_on = "value"` (the column amount) or `pays_on = "points"` (the column pv)'
    ),
    "caps": lazy("a table [[bonuses.caps]] with `per` and `amount`"),
}
ELSEWHERE = {
    "personal_points": lazy(
        "`personal_points` belongs in [active], [[ranks.steps]] or the `needs` of a bonus"
    ),
    "group_points": lazy(
        "`group_points` belongs in [[ranks.steps]], whose `name` the `rank` of a "
        "bonus's `needs` asks for"
    ),
    "pays_on": lazy("`pays_on` belongs in [[bonuses]] that pay on orders"),
    "caps": lazy(
        "a binary has [[bonuses.caps]], a pool `cap`, and [settlement] a `ceiling` for all"
    ),
    "over_cap": lazy("`over_cap` belongs in the [[bonuses]] of a binary"),
    "compression": lazy("`compression` belongs in [[bonuses]] that pay level by level"),
    "rank": lazy("write `needs` with `rank`"),
}


def meant_by(key: str, known: Collection[str]) -> str:
    """What to write for a word of the trade where these keys are known; empty for other words."""
    ours = MEANT.get(key.casefold().replace("-", "_").replace(" ", "_"))
    if ours is None:
        return ""
    if ours in known:
        known_as = WRITE.get(ours, f"`{ours}`")
        return gettext("there is no such key here: write {what}.", what=known_as)
    return gettext("there is no such key here: {where}.", where=ELSEWHERE[ours])
