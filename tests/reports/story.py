"""A company of fixed days with a year of sales, refunds and paid runs, for the reports.

Founded in December 2024. `acme` (the root) has anna below, she ben (left) and cleo (right), ben
dan. In January eight more join below cleo and yan below dan, who is closed in October; zed was
closed before the year, eve joins after it. The plan's tax year begins on the first of February."""

from datetime import date

from commissions.world import (
    acting,
    found,
    id_of,
    noon,
    opened,
    paid,
    people,
    sell,
    use_plan,
)
from support.cast import enrol
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import refunding
from upline.members import actions as members
from upline.members.models import MemberKind, Standing
from upline.orders import actions as orders
from upline.orders.models import OrderKind, OrderLine
from upline.payments.actions import OutsidePayment

PLAN = """
name = "Levels {number}"
currency = "EUR"
packages = ["Starter", "Business"]

[ranks]
[[ranks.steps]]
name = "Bronze"
team_points = 100
[[ranks.steps]]
name = "Silver"
team_points = 300

[[bonuses]]
name = "levels"
kind = "levels"
percents = [10, 5]

[settlement]
service_charge = 10
purchase_share = 20
year_starts = "02-01"

{taxes}
"""
TAXES = """
[[settlement.taxes]]
from = 2020-01-01
percent = 5
threshold = "20.00"

[[settlement.taxes]]
from = 2025-04-01
percent = 2
threshold = "60.00"
"""
LATER_TAXES = """
[[settlement.taxes]]
from = 2025-10-01
percent = 3
threshold = "25.00"
"""
YEAR = 2025
PAID_ON = {month: date(YEAR, month % 12 + 1, 5) for month in range(1, 12)}
MEMBERS = ("anna", "ben", "cleo", "dan", "yan", *(f"mia{number}" for number in range(8)))


def tell() -> None:
    """All of it, until the run of November is paid in December and that of December in January."""
    found(date(2024, 12, 2))
    _enrol(date(2024, 12, 3), "acme", "zed", "acme")
    _close("zed", date(2024, 12, 20))
    people("olga", "otto")
    with noon(date(2024, 12, 30)):
        use_plan(date(2025, 1, 1), PLAN.format(number=1, taxes=TAXES))
    _sell_of_january()
    _end(1)
    _sell_of_spring()
    for month in range(2, 8):
        _end(month)
    _sell_of_autumn()
    for month in range(8, 12):
        _end(month)
    buy("cleo", date(YEAR, 12, 12), (MemberKind.MEMBER, 9_000, 0, 1))
    with noon(date(2026, 1, 7)):
        for run in opened():
            paid(run)
    _enrol(date(2026, 1, 10), "ben", "eve", "ben")


def _sell_of_january() -> None:
    for number in range(8):
        above = f"mia{number - 1}" if number else "cleo"
        _enrol(date(YEAR, 1, 6), above, f"mia{number}", above)
    _enrol(date(YEAR, 1, 6), "dan", "yan", "dan")
    for name, amount, points in (
        ("acme", 10_000, 4_000), ("anna", 20_000, 8_000), ("ben", 5_000, 3_000),
        ("cleo", 4_000, 2_500), ("dan", 3_000, 1_000),
    ):  # fmt: skip
        sell(name, date(YEAR, 1, 10), amount, points)


def _sell_of_spring() -> None:
    buy(
        "anna",
        date(YEAR, 2, 3),
        (MemberKind.RETAIL, 11_900, 1_900, 3),
        (MemberKind.MEMBER, 2_000, 0, 1),
    )
    buy("mia0", date(YEAR, 2, 4), (MemberKind.PREFERRED, 23_800, 3_800, 2))
    number = buy(
        "mia3",
        date(YEAR, 3, 4),
        (MemberKind.RETAIL, 5_950, 950, 4),
        (MemberKind.MEMBER, 1_190, 190, 2),
    )
    refund(number, date(YEAR, 6, 2), 3, 1)


def _sell_of_autumn() -> None:
    buy("dan", date(YEAR, 8, 8), (MemberKind.RETAIL, 59_500, 9_500, 1))
    with noon(date(YEAR, 9, 9)):
        use_plan(date(YEAR, 10, 1), PLAN.format(number=2, taxes=LATER_TAXES))
    buy(
        "mia7",
        date(YEAR, 10, 3),
        (MemberKind.MEMBER, 30_000, 0, 2),
        (MemberKind.RETAIL, 100_000, 0, 1),
    )
    buy("mia6", date(YEAR, 10, 4), (MemberKind.RETAIL, 100, 0, 1))
    buy("yan", date(YEAR, 9, 1), (MemberKind.MEMBER, 1_000, 0, 1))
    _close("yan", date(YEAR, 10, 20))
    sell("dan", date(YEAR, 11, 10), 5_000, 12_000)
    sell("mia0", date(YEAR, 11, 11), 6_000, 35_000)


def _end(month: int) -> None:
    """Pay what is due early in the next month."""
    with noon(PAID_ON[month]):
        for run in opened():
            paid(run)


def _enrol(day: date, sponsor: str, name: str, placement: str) -> None:
    with noon(day):
        enrol(sponsor, name, "" if placement == "acme" else placement, "R")


def _close(name: str, day: date) -> None:
    person = id_of(name)
    with noon(day):
        UnitOfWork(Shell()).commit(
            lambda: members.change_standing(
                UnitOfWork(Shell()), person, Standing.CLOSED, "the story"
            )
        )


def buy(name: str, day: date, *lines: tuple[MemberKind, int, int, int]) -> str:
    """An order of a member, paid outside; its number. Lines: class of buyer, price, tax in it,
    pieces. Of each the value that commissions are calculated from is the price without tax."""
    person = id_of(name)

    def order() -> str:
        made = orders.make(
            person,
            OrderKind.OUTSIDE,
            [
                orders.LineToOrder(
                    "Wares", pieces, price, price - tax, (price - tax) // 2, tax, buyer=who
                )
                for who, price, tax, pieces in lines
            ],
        )
        orders.pay_whole_from_outside(UnitOfWork(Shell()), made, OutsidePayment(""))
        return made.number

    with noon(day):
        return UnitOfWork(Shell()).commit(order)


def refund(number: str, day: date, *quantities: int) -> None:
    """Take so many pieces of the order's lines back."""
    lines = OrderLine.objects.filter(order__number=number).order_by("pk")
    with noon(day):
        wanted = {line.pk: pieces for line, pieces in zip(lines, quantities, strict=True)}
        refunding.refund_order(acting("olga"), number, wanted, "the story")
