"""A package that staff changed counts for the runs whose period ends after it."""

from datetime import timedelta
from typing import Any

import pytest

from commissions.conftest import Company
from commissions.founding import FIRST, LAST, PLAN
from commissions.world import acting, computed, lines, noon, opened, people, use_plan
from upline.flows import order_decisions, upgrading
from upline.orders.queries import awaited_package

AMOUNTS = '{Starter = "2.00", Business = "3.00"}'


def upgrade_after(days: int) -> Any:
    """anna becomes a Business so many days after the last one. What the plan says of it, and what
    her pairs were paid."""
    caps = f'caps = [{{per = "month", by = "package", amount = {AMOUNTS}}}]'
    use_plan(FIRST, PLAN.replace('pair_amount = "2.00"', 'pair_amount = "2.00"\n' + caps))
    (anna,) = people("anna")
    awaited = awaited_package(anna)
    assert awaited is not None
    order_decisions.cancel_order(acting("olga"), awaited.number)
    wish = upgrading.UpgradeRequest(anna, "Business")
    with noon(LAST + timedelta(days=days)):
        made = upgrading.upgrade(acting("olga"), wish, "a test")
    run = opened()[0]
    computed(run)
    paid = sum(amount for bonus, who, _, amount in lines(run) if (bonus, who) == (0, "anna"))
    return [made.effects, paid]


@pytest.mark.parametrize(("later", "paid"), [(0, 300), (1, 200)])
def test_a_run_pays_by_the_package_of_its_last_day(company: Company, later: int, paid: int) -> None:
    """anna's pairs come to 4.00: the cap of a Starter leaves 2.00, that of a Business 3.00."""
    told = company.does(upgrade_after, later)
    assert told == [["pairs, cap of the month: 2.00 EUR → 3.00 EUR"], paid]
