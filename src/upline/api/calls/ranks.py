"""`ranks/me/`: the caller's rank, and what is missing for each one above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upline.api.calls.earnings import shown
from upline.api.describe import earning_shapes as shapes
from upline.api.http.contract import ApiRequest
from upline.api.http.credentials import IN_NETWORK
from upline.api.http.envelope import Answered, answer
from upline.api.http.registry import call
from upline.company import current as company
from upline.flows.permissions import Right
from upline.screens import earnings

if TYPE_CHECKING:
    from upline.explanations.ladder import Rung


@call(
    "GET ranks/me/",
    "my_ranks",
    "Your rank and title, and your progress towards each higher rank",
    scope=Right.READ_NETWORK,
    auth=IN_NETWORK,
    gives=shapes.MyRanks,
)
def my_ranks(request: ApiRequest) -> Answered[shapes.MyRanks]:
    mine = earnings.ranks_of(request.auth.member_id)
    ranked, currency = mine.ranked, company.current().plan_currency
    return answer(
        shapes.MyRanks(
            rank_name=mine.rank,
            title_name=ranked.title if ranked else "",
            first_day=str(ranked.run.first_day) if ranked else "",
            last_day=str(ranked.run.last_day) if ranked else "",
            next=[_step_view(step, currency) for step in ranked.above] if ranked else [],
            currency=currency,
        )
    )


def _step_view(step: Rung, currency: str) -> shapes.RankStep:
    return {
        "rank_name": step.rank,
        "conditions": [
            {
                "name": each.what,
                "wanted": shown(each.wanted, each.unit, currency),
                "reached": shown(each.reached, each.unit, currency),
                "missing": shown(each.missing, each.unit, currency),
                "unit": str(each.unit),
                "sentence": each.sentence,
            }
            for each in step.conditions
        ],
    }
