"""A package that staff changed counts for the runs whose period ends after it."""

import json

import pytest

from commissions.conftest import Company

UPGRADED = """
from upline.flows import order_decisions, upgrading
from upline.members.queries import find_person
from upline.orders.queries import awaited_package

caps = 'caps = [{{per = "month", by = "package", amount = {amounts}}}]'
use_plan(FIRST, PLAN.replace('pair_amount = "2.00"', 'pair_amount = "2.00"\\n' + caps))
anna = find_person("anna").id
order_decisions.cancel_order(acting("olga"), awaited_package(anna).number)
wish = upgrading.UpgradeRequest(anna, "Business")
with noon(LAST + timedelta(days={later})):
    made = upgrading.upgrade(acting("olga"), wish, "a test")
run = opened()[0]
computed(run)
paid = sum(amount for bonus, who, _, amount in lines(run) if (bonus, who) == (0, "anna"))
print(json.dumps([made.effects, paid]))
"""


@pytest.mark.parametrize(("later", "paid"), [(0, 300), (1, 200)])
def test_a_run_pays_by_the_package_of_its_last_day(company: Company, later: int, paid: int) -> None:
    """anna's pairs come to 4.00: the cap of a Starter leaves 2.00, that of a Business 3.00."""
    amounts = '{Starter = "2.00", Business = "3.00"}'
    told = json.loads(company.program(UPGRADED.format(later=later, amounts=amounts)))
    assert told == [["pairs, cap of the month: 2.00 EUR → 3.00 EUR"], paid]
