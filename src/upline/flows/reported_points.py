"""How many points an outside shop may report: points earn commission, so a shop's key must not
mint them without bounds."""

from upline.base.amounts import POINT_DECIMALS, RATE, as_text
from upline.base.errors import FieldsWrong
from upline.company import current as company
from upline.language import gettext
from upline.language.writing import whole
from upline.markets import current as markets
from upline.members.queries import Caller, market_of
from upline.orders import actions as orders


def check(caller: Caller, amount: int, points: int) -> None:
    """Inside the transaction that records the report: `amount` in minor units of the caller's
    currency, `points` in hundredths. Raises FieldsWrong where they are more than the
    office allows for a unit of the plan currency, or for an api key on one day."""
    office, market = company.office(), market_of(caller.member_id)
    for_one, on_a_day = office.report_points_per_unit, office.report_points_per_day
    rate = markets.per_plan_unit(market)
    if for_one and rate is None:
        raise FieldsWrong(gettext("{name} has no exchange rate yet.", name=market.name))
    # Both sides times all that would be divided by: units of points and money, and the rate.
    reported = points * 10**market.exponent * (rate or 0)
    if for_one and reported > for_one * 10**POINT_DECIMALS * amount * RATE:
        _refuse(
            gettext(
                "At most {points} points may be reported for each 1 {currency}.",
                points=for_one,
                currency=markets.home().currency,
            )
        )
    if on_a_day and points:
        reported = orders.lock_reported_points(caller.client_id, orders.open_day())
        if reported + points > on_a_day * 10**POINT_DECIMALS:
            so_far = as_text(reported, POINT_DECIMALS, ",")
            _refuse(
                gettext(
                    "This api key may report {most} points a day, and has reported {so_far}.",
                    most=whole(on_a_day),
                    so_far=so_far,
                )
            )


def _refuse(sentence: str) -> None:
    raise FieldsWrong(fields={"total_pv": sentence})
