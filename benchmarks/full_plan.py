"""A plan with everything, for the benchmarks that read one from a file."""

import json

_HEAD = """
name = "Everything"
currency = "EUR"
"""
_BODY = """
[active]
personal_points = 40

[ranks]
tree = "placement"

[[ranks.steps]]
name = "Silver"
group_points = 500

[[ranks.steps]]
name = "Gold"
group_points = 5_000
legs = [{ count = 2, rank = "Silver" }]

[[bonuses]]
name = "pairs"
kind = "binary"
unit = 200
pair_amount = 20

[[bonuses.caps]]
per = "month"
pairs = 100

[[bonuses]]
name = "levels"
kind = "levels"
percents = [5, 4, 3, 2, 1, 1, 1]
compression = "standard"

[[bonuses]]
name = "matching"
kind = "matching"
of = ["pairs"]
count = "generations"

[bonuses.percents]
Silver = [5, 3]
Gold = [5, 3, 2]

[[bonuses]]
name = "leaders"
kind = "pool"
percent = 2
share = "rank"
shares = { Silver = 1, Gold = 5 }
"""


def full_plan(*packages: str) -> str:
    """A binary with a cap, seven levels with compression, three generations of matching, ranks, a
    pool; with packages of these names."""
    named = f"packages = {json.dumps(packages)}\n" if packages else ""
    return f"{_HEAD}{named}{_BODY}"
