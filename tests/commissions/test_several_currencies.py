"""Until runs convert amounts, none is opened or calculated where currencies meet."""

from typing import Any

from commissions.conftest import Company
from commissions.founding import FIRST
from commissions.world import grow, opened, people, refused, use_plan
from support.markets import move, open_japan
from upline.commissions.models import Interim, Run
from upline.flows import commission_run
from upline.members.models import Member, MemberKind


def run_abroad() -> list[Any]:
    """What is refused, and how many runs and interim runs there are then."""
    people("otto", "pia")
    grow(FIRST, 1)
    use_plan(FIRST)
    member_id = Member.objects.filter(kind=MemberKind.MEMBER).latest("pk").pk
    move(member_id, open_japan())
    sentence = refused(lambda: opened("otto"))
    commission_run.on_schedule()
    commission_run.interim_on_schedule()
    return [sentence, Run.objects.count(), Interim.objects.count()]


def test_no_run_is_opened_where_members_are_of_another_currency(company: Company) -> None:
    said, *made = company.does(run_abroad)
    assert "Members or orders are in JPY, and the plan is in EUR" in said
    assert made == [0, 0]
