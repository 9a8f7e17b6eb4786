"""A second market for the company that runs pay: ben is in Switzerland, and francs have a rate."""

from datetime import date
from typing import Any

from commissions.founding import FIRST, FOUNDED, LAST, PLAN
from commissions.world import opened, paid, sell, use_plan
from support.markets import move
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.commissions import queries
from upline.commissions.explaining import lines
from upline.commissions.models import Earning
from upline.explanations.units import Unit
from upline.flows import selling
from upline.markets import actions
from upline.members.models import User
from upline.members.queries import find_person
from upline.screens.earnings import OFFICE
from upline.wallet.models import AccountKind
from upline.wallet.queries import balances


def market(currency: str, exponent: int, code: str) -> int:
    """The id of a new market without countries."""
    return selling.open_market(
        UnitOfWork(Shell()), currency=currency, exponent=exponent, country_ids=[], code=code,
        name=code.title(), seller="Acme abroad", seller_address="Abroad", seller_tax_number="T1",
        language="en",
    )  # fmt: skip


def rate(market_id: int, day: date, per_unit: int, per_point: int | None = None) -> None:
    """What 1.00 of the plan currency, and a point, are worth there from a day on, in millionths."""
    unit = UnitOfWork(Shell())
    unit.commit(lambda: actions.add_rate(unit, market_id, per_unit, per_point, day))


def person_id(username: str) -> int:
    """A member's id."""
    person = find_person(username)
    assert person is not None
    return person.id


def emigrate(username: str, market_id: int) -> None:
    """A member moves there."""
    move(person_id(username), market_id)


def settle_abroad(*, with_rates: bool = True, plan: str = PLAN) -> tuple[int, str]:
    """Ben moves to Switzerland and buys there; the market's id and the number of his order."""
    swiss = market("CHF", 2, "SWISS")
    if with_rates:
        rate(swiss, FOUNDED, 941_200)
        rate(swiss, LAST, 950_000)
    emigrate("ben", swiss)
    order = sell("ben", FIRST.replace(day=11), 10_000, 1_000)
    use_plan(FIRST, plan)
    return swiss, order


def run_abroad(plan: str = PLAN) -> tuple[int, str, int]:
    """The same, and the run of the month is paid: market, order, run."""
    swiss, order = settle_abroad(plan=plan)
    (run,) = opened()
    paid(run)
    return swiss, order, run


def earned(run_id: int) -> dict[str, list[Any]]:
    """Of each member of a run the currency and the total."""
    names = dict(User.objects.values_list("id", "username"))
    found = Earning.objects.filter(run_id=run_id)
    return {names[each.member_id]: [each.currency, each.total] for each in found}


def held(username: str) -> dict[str, list[int]]:
    """What a member has in wallet and shopping balance, by currency."""
    return {
        currency: [found[AccountKind.WALLET], found[AccountKind.PURCHASE]]
        for currency in ("EUR", "CHF")
        if (found := balances(person_id(username), currency))
    }


def sentences(run_id: int, username: str) -> list[list[Any]]:
    """A member's lines with their sentences, as the office is told them."""
    found = lines.lines_of(queries.run(run_id), person_id(username), OFFICE)
    return [[one.bonus, one.amount, one.sentence] for one in found]


def figures(run_id: int, username: str, bonus: str) -> list[dict[str, tuple[int, int, str]]]:
    """Of each of a member's lines of a bonus the figures of money: value, decimals, currency."""
    found = lines.lines_of(queries.run(run_id), person_id(username), OFFICE)
    return [
        {
            each.name: (each.value, each.decimals, each.currency)
            for each in one.figures
            if each.unit is Unit.MONEY
        }
        for one in found
        if one.bonus == bonus
    ]


def breaches() -> dict[str, list[str]]:
    """What `./upline verify` would report."""
    return invariants.check()
