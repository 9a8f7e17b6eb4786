"""`earnings/current/`: what the caller earns in the periods that are still running, and whether
the caller is active."""

from upline.api.describe import earning_shapes as shapes
from upline.api.http.contract import ApiRequest
from upline.api.http.credentials import IN_NETWORK
from upline.api.http.envelope import Answered, answer, money, points
from upline.api.http.registry import call
from upline.api.views import activity_view, moment
from upline.commissions.explaining import activity
from upline.commissions.explaining.activity import Now
from upline.flows.permissions import Right
from upline.language import lazy
from upline.plans.periods import date_of
from upline.screens import earnings_so_far
from upline.screens.earnings_so_far import EarningsSoFar, RunningLegs

NO_PLAN = lazy("The company has no compensation plan in force today.")


@call(
    "GET earnings/current/",
    "current_earnings",
    "What you have earned so far in the current periods, as of the last interim run (nothing "
    "is paid before the period's own run), and whether you are active now, and what is missing",
    scope=Right.READ_NETWORK,
    auth=IN_NETWORK,
    gives=shapes.CurrentEarnings,
)
def current(request: ApiRequest) -> Answered[shapes.CurrentEarnings]:
    member_id = request.auth.member_id
    found = earnings_so_far.so_far(member_id)
    return answer(
        shapes.CurrentEarnings(
            periods=[_view(each) for each in found],
            activity=_activity_view(activity.now(member_id)),
        )
    )


def _activity_view(now: Now | None) -> shapes.ActivityNow:
    return {
        "active": now.today.active if now else None,
        "active_until": str(now.until or "") if now else "",
        "sentence": now.today.sentence if now else NO_PLAN,
        "periods": [
            {
                **activity_view(each),
                "period": str(each.period.every),
                "first_day": str(date_of(each.period.first_day)),
                "last_day": str(date_of(each.period.last_day)),
            }
            for each in (now.periods if now else [])
        ],
    }


def _view(period: EarningsSoFar) -> shapes.PeriodSoFar:
    currency = period.currency
    return {
        "period": period.every,
        "first_day": str(period.first_day),
        "last_day": str(period.last_day),
        "computed_at": moment(period.at),
        "basis": period.basis,
        "bonuses": [
            {"name": name, "amount": money(amount, currency)} for name, amount in period.amounts
        ],
        "total": money(period.total, currency),
        "rank_name": period.rank,
        "legs": [_legs_view(legs) for legs in period.legs],
        "currency": currency,
    }


def _legs_view(legs: RunningLegs) -> shapes.LegsSoFar:
    left, right = (
        money(each, legs.currency) if legs.currency else points(each)
        for each in (legs.left, legs.right)
    )
    return {
        "bonus": legs.bonus,
        "unit": "money" if legs.currency else "points",
        "left": left,
        "right": right,
        "position_id": legs.position_id,
        "currency": legs.currency,
    }
