"""`earnings/current/`: what the caller earns in the periods that are still running."""

from typing import Any

from django.http import HttpResponse

from upline.api import shapes
from upline.api.contract import ApiRequest
from upline.api.documented import call
from upline.api.envelope import money, points, success
from upline.api.service import api
from upline.api.views import moment
from upline.screens import earnings_so_far
from upline.screens.earnings_so_far import Legs, SoFar


@api.get(
    "earnings/current/",
    **call(
        "current_earnings",
        "What the caller earns so far in the periods that are running, as the last interim run "
        "saw it; nothing of it is paid before the period's own run",
        gives=shapes.CurrentEarnings,
        status=200,
    ),
)
def current(request: ApiRequest) -> HttpResponse:
    found = earnings_so_far.so_far(request.auth.member_id)
    return success({"periods": [_view(each) for each in found]})


def _view(period: SoFar) -> dict[str, Any]:
    return {
        "period": period.every,
        "first_day": str(period.first_day),
        "last_day": str(period.last_day),
        "computed_at": moment(period.at),
        "basis": period.basis,
        "bonuses": [{"name": name, "amount": money(amount)} for name, amount in period.amounts],
        "total": money(period.total),
        "rank_name": period.rank,
        "legs": [_legs_view(legs) for legs in period.legs],
    }


def _legs_view(legs: Legs) -> dict[str, Any]:
    shown = points if legs.counts == "points" else money
    return {
        "bonus": legs.bonus,
        "unit": "points" if legs.counts == "points" else "money",
        "left": shown(legs.left),
        "right": shown(legs.right),
    }
