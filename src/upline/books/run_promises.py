"""What must always hold of commission runs: each promise with a query for what breaks it."""

from upline.books.currency_promises import IN_PLAN
from upline.books.invariant import LINE_OF_RUN, MEMBER_IN_RUN, RUN, Invariant
from upline.language import lazy
from upline.plans.line_numbers import LineNumber

RUNS = [
    Invariant(
        lazy("Each line of a position is its member's"),
        LINE_OF_RUN,
        """SELECT run_id AS run, line.number AS line FROM commissions_line line
           LEFT JOIN genealogy_position place ON place.id = position_id
           WHERE position_id <> 0 AND place.member_id IS DISTINCT FROM line.member_id""",
    ),
    Invariant(
        lazy("Each run equals the sum of its members' earnings and of its lines"),
        RUN,
        f"""WITH line AS (
               SELECT run_id, count(*) AS number, sum(amount) AS amount FROM commissions_line
               GROUP BY run_id),
           earning AS (
               SELECT run_id, count(*) AS number, sum(total) AS total, sum(gross) AS gross
               FROM commissions_earning GROUP BY run_id),
           together AS ({IN_PLAN})
           SELECT id AS run FROM commissions_run run
           LEFT JOIN line ON line.run_id = id LEFT JOIN earning ON earning.run_id = id
           LEFT JOIN together ON together.run_id = id
           WHERE lines <> coalesce(line.number, 0) OR members <> coalesce(earning.number, 0)
              OR coalesce(earning.total, 0) <> coalesce(line.amount, 0)
              OR run.paid <> coalesce(together.paid, earning.total, 0)
              OR run.gross <> coalesce(together.gross, earning.gross, 0)""",  # noqa: S608 - ours
    ),
    Invariant(
        lazy("Each member's lines in a run add up to the member's earnings"),
        MEMBER_IN_RUN,
        """WITH line AS (
               SELECT run_id, member_id, sum(amount) AS amount FROM commissions_line
               GROUP BY run_id, member_id)
           SELECT member_id AS member, run_id AS run
           FROM commissions_earning FULL JOIN line USING (run_id, member_id)
           WHERE coalesce(total, 0) <> coalesce(line.amount, 0)""",
    ),
    Invariant(
        lazy("Each member paid by a run has its transfers, and each such transfer has its run"),
        MEMBER_IN_RUN,
        """WITH due AS (
               SELECT run_id, earning.member_id, total, earning.currency,
                      greatest(purchase, 0)::numeric AS purchase, charges, earning.tax
               FROM commissions_earning earning JOIN commissions_run run ON run.id = run_id
               LEFT JOIN commissions_withheld withheld USING (run_id, member_id)
               WHERE earning.member_id <= cursor AND withheld.id IS NULL
                 AND (total <> 0 OR charges <> 0 OR earning.tax <> 0)),
           way (kind, source, target, total, purchase, charges, tax) AS (VALUES
               ('commission', 'commissions', 'wallet', 1, 0, 0, 0),
               ('commission_purchase', 'commissions', 'purchase', 1, 1, 0, 0),
               ('commission_back', 'wallet', 'commissions', -1, 0, 0, 0),
               ('commission_purchase_back', 'purchase', 'commissions', -1, 0, 0, 0),
               ('commission_owed', 'claims', 'owed', -1, 0, 0, 0),
               ('commission_repaid', 'owed', 'claims', 1, 0, 0, 0),
               ('commission_charge', 'commissions', 'charges', 0, 0, 1, 0),
               ('commission_charge_back', 'charges', 'commissions', 0, 0, -1, 0),
               ('commission_tax', 'commissions', 'tax_withheld', 0, 0, 0, 1),
               ('commission_tax_back', 'tax_withheld', 'commissions', 0, 0, 0, -1)),
           made AS (
               SELECT transfer.run_id, transfer.member_id, sum(amount * way.total) AS total,
                      sum(amount * way.purchase) AS purchase, sum(amount * way.charges) AS charges,
                      sum(amount * way.tax) AS tax,
                      min(transfer.currency) AS currency,
                      min(transfer.currency) = max(transfer.currency)
                      AND bool_and((debit.kind, credit.kind) = (source, target)
                               AND coalesce(debit.member_id, credit.member_id,
                                            transfer.member_id) = transfer.member_id
                      ) AS on_its_way
               FROM wallet_transfer transfer JOIN way USING (kind)
               JOIN wallet_account credit ON credit.id = credit_id
               JOIN wallet_account debit ON debit.id = debit_id
               GROUP BY transfer.run_id, transfer.member_id)
           SELECT coalesce(made.member_id, due.member_id) AS member,
                  coalesce(made.run_id, due.run_id) AS run
           FROM due FULL JOIN made ON (made.run_id, made.member_id) = (due.run_id, due.member_id)
           WHERE (due.total, due.purchase, due.charges, due.tax, due.currency, true)
                 IS DISTINCT FROM (made.total, made.purchase, made.charges, made.tax, made.currency,
                                   made.on_its_way)""",
    ),
    Invariant(
        lazy("Each clawback names the paid line that it reduces"),
        LINE_OF_RUN,
        f"""SELECT line.run_id AS run, line.number AS line
           FROM commissions_line line
           WHERE line.bonus = {LineNumber.TAKEN_BACK} AND NOT EXISTS (
               SELECT FROM commissions_clawback claw JOIN commissions_line paid
                   ON paid.run_id = claw.of_run_id AND paid.number = claw.of_number
               WHERE claw.run_id = line.run_id AND claw.number = line.number
                 AND paid.member_id = line.member_id AND paid.bonus >= 0)
           UNION ALL
           SELECT claw.run_id, claw.number
           FROM commissions_clawback claw LEFT JOIN commissions_line line
               ON line.run_id = claw.run_id AND line.number = claw.number
                  AND line.bonus = {LineNumber.TAKEN_BACK}
           WHERE line.run_id IS NULL""",  # noqa: S608 - our own number
    ),
    Invariant(
        lazy("No more is taken back from a line than it paid"),
        LINE_OF_RUN,
        """WITH taken AS (
               SELECT of_run_id, of_number, sum(amount) AS amount
               FROM (SELECT DISTINCT run_id, number, of_run_id, of_number, amount
                     FROM commissions_clawback) claw
               GROUP BY of_run_id, of_number)
           SELECT of_run_id AS run, of_number AS line FROM taken
           JOIN commissions_line paid ON paid.run_id = of_run_id AND paid.number = of_number
           WHERE paid.amount + taken.amount < 0 OR taken.amount >= 0""",
    ),
    Invariant(
        lazy(
            "A line takes back what its clawback says, in the currency that its member is paid in "
            "now"
        ),
        LINE_OF_RUN,
        f"""SELECT line.run_id AS run, line.number AS line
           FROM commissions_line line
           JOIN commissions_clawback claw ON claw.run_id = line.run_id AND claw.number = line.number
           JOIN commissions_earning now ON now.run_id = line.run_id
                AND now.member_id = line.member_id
           JOIN commissions_earning paid ON paid.run_id = claw.of_run_id
                AND paid.member_id = line.member_id
           WHERE line.bonus = {LineNumber.TAKEN_BACK} AND now.currency = paid.currency
             AND claw.amount <> line.amount""",  # noqa: S608 - our own number
    ),
    Invariant(
        lazy("A run is paid when every member is paid, and only an approved run pays"),
        RUN,
        """SELECT id AS run FROM commissions_run run
           WHERE (status IN ('paid', 'closed') AND (
                      EXISTS (SELECT FROM commissions_withheld
                              WHERE run_id = run.id AND forfeited_at IS NULL)
                      OR EXISTS (SELECT FROM commissions_earning earning
                                 WHERE earning.run_id = run.id AND earning.member_id > cursor)))
              OR (status NOT IN ('approved', 'paid', 'closed') AND cursor > 0)""",
    ),
    Invariant(
        lazy("All days of runs are frozen"),
        lazy("run {run} ends on {day}"),
        """SELECT id AS run, run.last_day AS day FROM commissions_run run
           WHERE NOT EXISTS (SELECT FROM orders_frozen
                             WHERE orders_frozen.last_day >= run.last_day)""",
    ),
]
