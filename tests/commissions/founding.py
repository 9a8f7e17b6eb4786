"""What the tests' company is founded with: its days, its people, its plan.

anna stands at acme's left, ben and cleo below her, dan below ben. Everybody has the same package.
"""

import os
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
TREE = (
    ("anna", "acme", "acme", "L"),
    ("ben", "anna", "anna", "L"),
    ("cleo", "anna", "anna", "R"),
    ("dan", "ben", "ben", "L"),
)
PLAN = """
name = "Pairs and levels"
currency = "EUR"
packages = ["Starter", "Business"]

[active]
personal_points = 10

[ranks]
[[ranks.steps]]
name = "Bronze"
team_points = 100

[[bonuses]]
name = "pairs"
kind = "binary"
pays_on = "points"
unit = 10
pair_amount = "2.00"

[[bonuses]]
name = "levels"
kind = "levels"
percents = [10, 5]

[settlement]
service_charge = 10
purchase_share = 20

[[settlement.taxes]]
from = 2020-01-01
percent = 5
"""


def today() -> date:
    """Where the company is: before UTC's day is over, another one has begun there."""
    return datetime.now(ZONE).date()


def month_before(day: date) -> tuple[date, date]:
    """The first and the last day of the month before the one of this day."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


# The day the tests began on; what they start in other processes later sees the same months.
BEGAN = date.fromisoformat(os.environ.setdefault("TESTS_BEGAN", str(today())))
FIRST, LAST = month_before(BEGAN)
FOUNDED = month_before(FIRST)[0]
