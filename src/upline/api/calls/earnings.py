"""`earnings/…`: what approved runs came to for the caller, and why."""

# What explains lines costs a process time and memory: it is imported by those who ask.
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from django.http import HttpResponse
from pydantic import Field

from upline.api.describe import earning_shapes as shapes
from upline.api.http.contract import ApiRequest, form
from upline.api.http.credentials import IN_NETWORK
from upline.api.http.envelope import Answered, answer, money
from upline.api.http.kinds import Choice
from upline.api.http.pages import Page, next_cursor
from upline.api.http.reading import Form
from upline.api.http.registry import call
from upline.api.views import activity_view
from upline.base.amounts import as_number
from upline.base.errors import NotFound
from upline.explanations.units import DECIMALS, Unit
from upline.flows.permissions import Right
from upline.screens import earnings
from upline.screens.earnings import Earned, EarningNotFound, LineNotFound
from upline.screens.statement import statement_file

if TYPE_CHECKING:
    from upline.commissions.explaining.lines import Explained, SourceOrder
    from upline.commissions.explaining.pair_orders import Fed
    from upline.explanations.numbers import Figure

PDF, CSV = "application/pdf", "text/csv"


class EarningsPage(Page):
    include_empty: Annotated[str, Choice(("true", "false"), may_be_empty=True, any_case=True)] = (
        Field("", description="true: also runs in which you earned nothing")
    )


class Statement(Form):
    format: Annotated[str, Choice(("pdf", "csv"), may_be_empty=True)] = Field(
        "", description="pdf by default"
    )


@call(
    "GET earnings/",
    "earnings",
    "Your earnings from approved commission runs, newest first",
    scope=Right.READ_NETWORK,
    auth=IN_NETWORK,
    takes=EarningsPage,
    gives=shapes.Earnings,
)
def list_earnings(request: ApiRequest) -> Answered[shapes.Earnings]:
    page = form(request, EarningsPage)
    with_empty = page.include_empty == "true"
    found = earnings.earned(
        request.auth.member_id, page.before, page.limit + 1, with_empty=with_empty
    )
    return answer(
        shapes.Earnings(
            earnings=[
                {**earned_view(each), "currency": each.currency} for each in found[: page.limit]
            ],
            next_cursor=next_cursor(found, page.limit),
        )
    )


@call(
    "GET earnings/{earning_id}/",
    "earning",
    "Your earnings from one run: the sums, each line with an explanation, and whether you were "
    "active; all zero and without lines if you earned nothing",
    scope=Right.READ_NETWORK,
    auth=IN_NETWORK,
    takes=Page,
    refuses=(NotFound,),
    gives=shapes.EarningDetails,
)
def get_earning(request: ApiRequest, earning_id: str) -> Answered[shapes.EarningDetails]:
    page = form(request, Page)
    member_id = request.auth.member_id
    earned = _find(request, earning_id)
    found = earnings.lines(earned.id, member_id, member_id, int(page.cursor or 0), page.limit + 1)
    sums = earnings.sums(earned.id, member_id)
    active = earnings.activity_in(earned.id, member_id)
    details: shapes.EarningDetails = {
        **earned_view(earned),
        "bonuses": [
            {"name": name, "lines": lines, "amount": money(amount, earned.currency)}
            for name, lines, amount in sums
        ],
        "lines": [line_view(line, earned.currency) for line in found[: page.limit]],
        "next_cursor": str(found[page.limit - 1].number) if len(found) > page.limit else None,
        "activity": activity_view(active) if active else None,
        "currency": earned.currency,
    }
    return answer(details)


@call(
    "GET earnings/{earning_id}/lines/{number}/",
    "earning_line",
    "One line of your earnings from a run; for pairs, also the orders they came from",
    scope=Right.READ_NETWORK,
    auth=IN_NETWORK,
    refuses=(NotFound,),
    gives=shapes.OwnEarningLine,
)
def get_line(request: ApiRequest, earning_id: str, number: str) -> Answered[shapes.OwnEarningLine]:
    member_id = request.auth.member_id
    earned = _find(request, earning_id)
    if not _is_number(number):
        raise LineNotFound()
    line, fed = earnings.line(earned.id, member_id, member_id, int(number))
    own_line: shapes.OwnEarningLine = {
        **line_view(line, earned.currency, fed),
        "currency": earned.currency,
    }
    return answer(own_line)


@call(
    "GET earnings/{earning_id}/statement/",
    "earning_statement",
    "Your statement for one run, as a file",
    scope=Right.READ_NETWORK,
    auth=IN_NETWORK,
    takes=Statement,
    refuses=(NotFound,),
    files=(PDF, CSV),
)
def get_statement(request: ApiRequest, earning_id: str) -> HttpResponse:
    kind = form(request, Statement).format or "pdf"
    member_id = request.auth.member_id
    earned = _find(request, earning_id)
    content = statement_file(member_id, earned, kind)
    response = HttpResponse(content, content_type=CSV if kind == "csv" else PDF)
    response["Content-Disposition"] = f'attachment; filename="statement-{earned.id}.{kind}"'
    return response


def _find(request: ApiRequest, earning_id: str) -> Earned:
    if not _is_number(earning_id):
        raise EarningNotFound()
    return earnings.earned_in(request.auth.member_id, int(earning_id))


def _is_number(text: str) -> bool:
    """Whether it may be the number of a row: digits that fit its column."""
    return text.isascii() and text.isdigit() and len(text) < 10


def earned_view(earned: Earned) -> shapes.EarningSums:
    currency = earned.currency
    return {
        "id": earned.id,
        "period": earned.every,
        "first_day": str(earned.first_day),
        "last_day": str(earned.last_day),
        "state": earned.status,
        "rank_name": earned.rank,
        "title_name": earned.title,
        "gross": money(earned.gross, currency),
        "ceiling": money(earned.ceiling, currency),
        "charges": money(earned.charges, currency),
        "tax": money(earned.tax, currency),
        "deductions": money(earned.deductions, currency),
        "carried": money(earned.carried, currency),
        "total": money(earned.total, currency),
        "purchase": money(earned.purchase, currency),
    }


def line_view(line: Explained, currency: str, fed: Sequence[Fed] = ()) -> shapes.EarningLine:
    return {
        "number": line.number,
        "bonus": line.bonus,
        "amount": money(line.amount, currency),
        "sentence": line.sentence,
        "figures": [_figure_view(each) for each in line.figures],
        "username": line.username,
        "orders": _orders(line, fed),
        "position_id": line.position_id,
    }


def _figure_view(figure: Figure) -> shapes.FigureShape:
    return {
        "name": figure.name,
        "value": as_number(figure.value, figure.decimals),
        "unit": str(figure.unit),
        "currency": figure.currency,
    }


def shown(value: int, unit: Unit, currency: str) -> int | Decimal:
    """What a unit counts as the number that the API shows; money in this currency."""
    return money(value, currency) if unit is Unit.MONEY else as_number(value, DECIMALS[unit])


def _orders(line: Explained, fed: Sequence[Fed]) -> list[shapes.SourceOrderShape]:
    if line.order:
        counted = next((each for each in line.figures if each.name == "of"), None)
        if counted is None:
            return [_order_view(line.order, "", None, "", "")]
        value = as_number(counted.value, counted.decimals)
        return [_order_view(line.order, "", value, str(counted.unit), counted.currency)]
    return [
        _order_view(
            each.order,
            each.leg,
            shown(each.counted, each.unit, each.currency),
            str(each.unit),
            each.currency,
        )
        for each in fed
    ]


def _order_view(
    order: SourceOrder | None, leg: str, counted: int | Decimal | None, unit: str, currency: str
) -> shapes.SourceOrderShape:
    return {
        "order_id": order.number if order else "",
        "username": order.username if order else "",
        "day": str(order.day) if order else "",
        "leg": leg,
        "counted": counted,
        "unit": unit,
        "currency": currency,
    }
