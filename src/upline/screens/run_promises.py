"""What must always hold of commission runs: each promise with a query for what breaks it."""

RUNS = [
    (
        "Each run comes to what its members' earnings and its lines come to",
        """WITH line AS (
               SELECT run_id, count(*) AS number, sum(amount) AS amount FROM commissions_line
               GROUP BY run_id),
           earning AS (
               SELECT run_id, count(*) AS number, sum(total) AS total, sum(gross) AS gross
               FROM commissions_earning GROUP BY run_id)
           SELECT 'run ' || id FROM commissions_run run
           LEFT JOIN line ON line.run_id = id LEFT JOIN earning ON earning.run_id = id
           WHERE lines <> coalesce(line.number, 0) OR paid <> coalesce(line.amount, 0)
              OR paid <> coalesce(earning.total, 0) OR run.gross <> coalesce(earning.gross, 0)
              OR members <> coalesce(earning.number, 0)""",
    ),
    (
        "Each member's lines in a run come to what the member earned by it",
        """WITH line AS (
               SELECT run_id, member_id, sum(amount) AS amount FROM commissions_line
               GROUP BY run_id, member_id)
           SELECT 'member ' || member_id || ' in run ' || run_id
           FROM commissions_earning FULL JOIN line USING (run_id, member_id)
           WHERE coalesce(total, 0) <> coalesce(line.amount, 0)""",
    ),
    (
        "Each member whom a run has paid has its transfers, and each such transfer its run",
        """WITH due AS (
               SELECT part.kind, 'run:' || run_id || ':' || earning.member_id AS reference,
                      part.amount, part.whose, part.account
               FROM commissions_earning earning JOIN commissions_run run ON run.id = run_id
               LEFT JOIN commissions_withheld withheld USING (run_id, member_id)
               CROSS JOIN LATERAL (VALUES
                   ('commission', total - purchase, earning.member_id, 'wallet'),
                   ('commission_purchase', purchase, earning.member_id, 'purchase'),
                   ('commission_charge', charges, NULL::bigint, 'charges'),
                   ('commission_tax', earning.tax, NULL::bigint, 'tax_withheld'))
                   AS part (kind, amount, whose, account)
               WHERE earning.member_id <= cursor AND withheld.id IS NULL AND part.amount > 0),
           made AS (
               SELECT transfer.kind, reference, amount, credit.member_id AS whose,
                      credit.kind AS account
               FROM wallet_transfer transfer
               JOIN wallet_account credit ON credit.id = credit_id
               JOIN wallet_account debit ON debit.id = debit_id
               WHERE transfer.kind IN ('commission', 'commission_purchase', 'commission_charge',
                                     'commission_tax')
                 AND debit.member_id IS NULL AND debit.kind = 'commissions')
           SELECT coalesce(made.reference, due.reference)
           FROM due FULL JOIN made ON made.kind = due.kind AND made.reference = due.reference
           WHERE (due.amount, due.whose, due.account)
                 IS DISTINCT FROM (made.amount, made.whose, made.account)""",
    ),
    (
        "A run is paid when nobody is left, and only an approved one pays",
        """SELECT 'run ' || id || ' is ' || state FROM commissions_run run
           WHERE (state IN ('paid', 'closed') AND (
                      EXISTS (SELECT FROM commissions_withheld WHERE run_id = run.id)
                      OR EXISTS (SELECT FROM commissions_earning earning
                                 WHERE earning.run_id = run.id AND earning.member_id > cursor)))
              OR (state NOT IN ('approved', 'paid', 'closed') AND cursor > 0)""",
    ),
    (
        "All days of runs are frozen",
        """SELECT 'run ' || id || ' ends ' || run.last_day FROM commissions_run run
           WHERE NOT EXISTS (SELECT FROM orders_frozen
                             WHERE orders_frozen.last_day >= run.last_day)""",
    ),
]
