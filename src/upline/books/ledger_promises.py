"""What must always hold of balances and e-pins: each promise with a query for what breaks it."""

from upline.books.invariant import MEMBER, TRANSFER, Invariant
from upline.language import lazy

LEDGER = [
    Invariant(
        lazy("Each cached balance equals the sum of its transfers"),
        lazy("account {account} holds {balance}, but its transfers add up to {transfers}"),
        """WITH moved AS (
               SELECT account, sum(amount) AS amount FROM (
                   SELECT credit_id AS account, amount FROM wallet_transfer
                   UNION ALL SELECT debit_id, -amount FROM wallet_transfer) both_sides
               GROUP BY account)
           SELECT id AS account, jsonb_build_array(balance, currency) AS balance,
                  jsonb_build_array(coalesce(amount, 0), currency) AS transfers
           FROM wallet_account LEFT JOIN moved ON moved.account = id
           WHERE balance IS NOT NULL AND balance <> coalesce(amount, 0)""",
    ),
    Invariant(
        lazy("Members' balances and open e-pins add up to the company's accounts"),
        lazy("members and e-pins hold {held}, but the company owes {owed}"),
        """WITH part AS (
               SELECT transfer.currency,
                      CASE WHEN credit.member_id IS NULL AND credit.kind <> 'epins'
                           THEN amount ELSE 0 END
                    - CASE WHEN debit.member_id IS NULL AND debit.kind <> 'epins'
                           THEN amount ELSE 0 END AS company, 0 AS held
               FROM wallet_transfer transfer
               JOIN wallet_account credit ON credit.id = transfer.credit_id
               JOIN wallet_account debit ON debit.id = transfer.debit_id
               UNION ALL SELECT currency, 0, balance FROM wallet_account WHERE balance <> 0
               UNION ALL SELECT currency, 0, balance FROM epins_epin
                         JOIN epins_epinbatch batch ON batch.id = batch_id)
           SELECT jsonb_build_array(sum(held), currency) AS held,
                  jsonb_build_array(-sum(company), currency) AS owed
           FROM part GROUP BY currency HAVING sum(held) + sum(company) <> 0""",
    ),
    Invariant(
        lazy("The company's e-pin account equals the balance of all e-pins"),
        lazy("all e-pins hold {epins}, but their account holds {account}"),
        """WITH part AS (
               SELECT transfer.currency, 0 AS pins,
                      CASE WHEN credit.kind = 'epins' THEN amount ELSE -amount END AS account
               FROM wallet_transfer transfer
               JOIN wallet_account credit ON credit.id = transfer.credit_id
               JOIN wallet_account debit ON debit.id = transfer.debit_id
               WHERE 'epins' IN (credit.kind, debit.kind)
               UNION ALL SELECT currency, balance, 0 FROM epins_epin
                         JOIN epins_epinbatch batch ON batch.id = batch_id)
           SELECT jsonb_build_array(sum(pins), currency) AS epins,
                  jsonb_build_array(sum(account), currency) AS account
           FROM part GROUP BY currency HAVING sum(pins) <> sum(account)""",
    ),
    Invariant(
        lazy("Each member's deposits account equals the payments that wait"),
        lazy("the account of member {member} holds {balance}, but {waiting} waits"),
        """SELECT account.member_id AS member,
                  jsonb_build_array(account.balance, account.currency) AS balance,
                  jsonb_build_array(coalesce(sum(payment.remaining), 0), account.currency)
                      AS waiting
           FROM wallet_account account
           LEFT JOIN payments_payment payment ON payment.member_id = account.member_id
                AND payment.currency = account.currency
           WHERE account.kind = 'deposits' GROUP BY account.id
           HAVING account.balance <> coalesce(sum(payment.remaining), 0)""",
    ),
    Invariant(
        lazy("Each e-pin has lost what was paid from it and not returned"),
        lazy("{lost} of e-pin {epin} is gone, but {paid} was paid from it"),
        """WITH source AS (
               SELECT epin_id, transfer_id FROM payments_payment
               UNION ALL
               SELECT payment.epin_id, part.transfer_id FROM orders_orderpayment part
               JOIN payments_payment payment ON payment.id = part.payment_id),
           moved AS (
               SELECT epin_id, authorised AS amount FROM payments_payment
               UNION ALL
               SELECT source.epin_id, -undoing.amount FROM source
               JOIN wallet_transfer undoing ON undoing.undoes_id = source.transfer_id
               JOIN wallet_account credit ON credit.id = undoing.credit_id
               WHERE credit.member_id IS NULL AND credit.kind = 'epins')
           SELECT epin.id AS epin,
                  jsonb_build_array(epin.amount - epin.balance, batch.currency) AS lost,
                  jsonb_build_array(coalesce(sum(moved.amount), 0), batch.currency) AS paid
           FROM epins_epin epin JOIN epins_epinbatch batch ON batch.id = epin.batch_id
           LEFT JOIN moved ON moved.epin_id = epin.id
           GROUP BY epin.id, batch.currency
           HAVING epin.amount - epin.balance <> coalesce(sum(moved.amount), 0)""",
    ),
    Invariant(
        lazy("No transfer is undone by more than it moved"),
        TRANSFER,
        """SELECT original.id AS transfer
           FROM wallet_transfer original JOIN wallet_transfer undoing
                ON undoing.undoes_id = original.id
           GROUP BY original.id HAVING sum(undoing.amount) > original.amount""",
    ),
    Invariant(
        lazy("Each member has the four accounts"),
        MEMBER,
        """SELECT user_id AS member FROM members_member
           JOIN markets_market market ON market.id = market_id
           WHERE (SELECT (count(*) FILTER (WHERE account.currency = market.currency),
                          mod(count(*), 4))
                  FROM wallet_account account
                  WHERE member_id = user_id) <> (4::bigint, 0::bigint)""",
    ),
]
