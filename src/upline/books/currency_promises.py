"""What must always hold of runs that met several currencies: their rates, totals and lines.

What a line paid is worked out again here in PostgreSQL's own numbers, which have any size."""

from collections.abc import Iterator

from upline.base import sql
from upline.books.invariant import (
    LINE_OF_RUN,
    MARKET_IN_RUN,
    MEMBER_IN_RUN,
    Breach,
    Invariant,
    LineInRun,
)
from upline.commissions.models import Run
from upline.commissions.queries import plan_of
from upline.language import lazy
from upline.plans.bonus import Bonus, Items, Levels, Pairs, Stairstep
from upline.plans.counting import Basis
from upline.plans.plan import HUNDRED_PERCENT, HUNDREDTHS, Plan
from upline.plans.sources import comes_from_orders

# The smallest units of each market's currency in one whole unit, by run.
RATES = """
SELECT run_id, market_id, market.currency, per_unit::numeric, per_point::numeric,
       power(10::numeric, exponent) AS small
FROM commissions_runmarket market JOIN markets_currency ON code = market.currency
"""

# What sums of each market come to in plan currency, by run: each is rounded up.
IN_PLAN = """
SELECT run_id,
       sum(div(paid * above + CASE WHEN paid > 0 THEN below - 1 ELSE 0 END, below)) AS paid,
       sum(div(gross * above + CASE WHEN gross > 0 THEN below - 1 ELSE 0 END, below)) AS gross
FROM (SELECT run_id, paid, gross, 1000000 * power(10::numeric, home.exponent) AS above,
             per_unit * power(10::numeric, abroad.exponent) AS below
      FROM commissions_runmarket market
      JOIN markets_currency abroad ON abroad.code = market.currency
      CROSS JOIN company_company company JOIN markets_currency home
           ON home.code = company.plan_currency) each
GROUP BY run_id
"""

_LINES = """
WITH rate AS ({rates}),
plan AS (SELECT power(10::numeric, home.exponent) AS small FROM company_company company
         JOIN markets_currency home ON home.code = company.plan_currency)
SELECT line.run_id AS run, line.number AS line
FROM commissions_line line CROSS JOIN plan
JOIN commissions_earning earning USING (run_id, member_id)
JOIN rate paid ON paid.run_id = line.run_id AND paid.market_id = earning.market_id
{sold}
WHERE line.run_id = %(run)s AND line.bonus = %(bonus)s
  AND line.amount {differs} div(line.base::numeric * line.rate * {above}, {whole} * {below})
"""
_SOLD_BY_ORDERS = """
JOIN orders_order sold_by ON sold_by.id = line.source_id
JOIN rate sold ON sold.run_id = line.run_id AND sold.market_id = sold_by.market_id
"""
_EARNED_BY = """
JOIN commissions_earning earned_by ON earned_by.run_id = line.run_id
     AND earned_by.member_id = line.source_id
JOIN rate sold ON sold.run_id = line.run_id AND sold.market_id = earned_by.market_id
"""


def _lines_at_other_rates() -> Iterator[Breach]:
    """Lines whose base times their rate, at the rates of their run, is not what they paid."""
    met = Run.objects.filter(markets__isnull=False).select_related("plan").distinct()
    for run in met.order_by("pk"):
        plan = plan_of(run.plan)
        for number, bonus in enumerate(plan.bonuses):
            statement = _statement(plan, bonus)
            if statement:
                asked = {"run": run.pk, "bonus": number}
                yield from (each._asdict() for each in sql.rows(LineInRun, statement, asked))


def _statement(plan: Plan, bonus: Bonus) -> str:
    """The query for what breaks it; '' for a bonus that takes no rate of anything."""
    if not isinstance(bonus, Levels | Stairstep | Pairs):
        return ""
    if not isinstance(bonus, Stairstep) and bonus.rates.flat:
        return ""
    sold, above, below = _worth(plan, bonus)
    is_capped = isinstance(bonus, Pairs) and any(not cap.in_pairs for cap in bonus.caps)
    return _LINES.format(
        rates=RATES, sold=sold, above=above, below=below, whole=HUNDRED_PERCENT,
        differs=">" if is_capped else "<>",
    )  # fmt: skip


def _worth(plan: Plan, bonus: Levels | Stairstep | Pairs) -> tuple[str, str, str]:
    """Where the base of a line is from, and what a unit of it is worth to the member, as the two
    parts of a fraction."""
    is_earned = isinstance(bonus, Levels) and bonus.items is Items.EARNINGS
    if bonus.volume.basis is not Basis.VALUE and not is_earned:
        of_plan = f"{plan.point_value} * paid.per_unit"
        above = f"coalesce(paid.per_point * plan.small, {of_plan}) * paid.small"
        return "", above, f"({HUNDREDTHS} * 1000000 * plan.small)"
    above = "paid.per_unit * paid.small"
    if isinstance(bonus, Pairs):
        # Legs are in plan currency.
        return "", above, "(1000000 * plan.small)"
    sold = _SOLD_BY_ORDERS if comes_from_orders(bonus) else _EARNED_BY
    return sold, above, "(sold.per_unit * sold.small)"


CURRENCIES = [
    Invariant(
        lazy("Each member's earnings are in the currency of a market that their run met"),
        MEMBER_IN_RUN,
        """SELECT member_id AS member, earning.run_id AS run
           FROM commissions_earning earning
           LEFT JOIN commissions_runmarket market USING (run_id, market_id)
           JOIN markets_market abroad ON abroad.id = earning.market_id
           CROSS JOIN company_company company
           WHERE earning.currency <> abroad.currency
              OR (market.id IS NULL AND (
                  earning.currency <> company.plan_currency
                  OR EXISTS (SELECT FROM commissions_runmarket other
                             WHERE other.run_id = earning.run_id)))""",
    ),
    Invariant(
        lazy("Each market's totals in a run are those of its members' earnings"),
        MARKET_IN_RUN,
        """WITH earned AS (
               SELECT run_id, market_id, count(*) AS members, sum(gross) AS gross,
                      sum(total) AS paid
               FROM commissions_earning WHERE run_id IN (SELECT run_id FROM commissions_runmarket)
               GROUP BY run_id, market_id)
           SELECT market_id AS market, run_id AS run
           FROM commissions_runmarket market FULL JOIN earned USING (run_id, market_id)
           WHERE (market.members, market.gross, market.paid) IS DISTINCT FROM
                 (coalesce(earned.members, 0), coalesce(earned.gross, 0),
                  coalesce(earned.paid, 0))""",
    ),
    Invariant(
        lazy("Each line pays its base at its rate and its run's exchange rates"),
        LINE_OF_RUN,
        _lines_at_other_rates,
    ),
]
