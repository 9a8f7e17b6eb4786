-- Pay some members of one commission run: from the company's commissions to their wallets and
-- purchase accounts, and what was charged and withheld as tax to the accounts for it. The arrays
-- are of one length, amounts in minor units, 0 for none. A member is paid by a run once: kind and
-- reference are unique. Locks the accounts in the order of their ids.
CREATE FUNCTION wallet_pay_commissions(
    run bigint, payees bigint[], wallets bigint[], purchases bigint[], charges bigint[],
    taxes bigint[], day date, moment timestamptz, by_user bigint
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    source bigint := (SELECT id FROM wallet_account
                      WHERE member_id IS NULL AND kind = 'commissions');
    expected bigint;
    made bigint;
BEGIN
    PERFORM FROM wallet_account
        WHERE member_id = ANY (payees) AND kind IN ('wallet', 'purchase')
        ORDER BY id FOR NO KEY UPDATE;

    WITH due AS (
        SELECT * FROM unnest(payees, wallets, purchases, charges, taxes)
               AS one (member_id, wallet, purchase, charge, tax)),
    parts AS (
        SELECT account.id AS target, due.member_id, 'commission' AS kind, due.wallet AS amount
        FROM due JOIN wallet_account account
             ON account.member_id = due.member_id AND account.kind = 'wallet'
        UNION ALL
        SELECT account.id, due.member_id, 'commission_purchase', due.purchase
        FROM due JOIN wallet_account account
             ON account.member_id = due.member_id AND account.kind = 'purchase'
        UNION ALL
        SELECT account.id, due.member_id, 'commission_charge', due.charge
        FROM due JOIN wallet_account account
             ON account.member_id IS NULL AND account.kind = 'charges'
        UNION ALL
        SELECT account.id, due.member_id, 'commission_tax', due.tax
        FROM due JOIN wallet_account account
             ON account.member_id IS NULL AND account.kind = 'tax_withheld')
    INSERT INTO wallet_transfer (debit_id, credit_id, amount, kind, reference, business_date,
                                 created_at, actor_id, note)
    SELECT source, target, amount, kind, 'run:' || run || ':' || member_id, day, moment, by_user, ''
    FROM parts WHERE amount > 0;
    GET DIAGNOSTICS made = ROW_COUNT;

    SELECT count(*) INTO expected
    FROM unnest(wallets || purchases || charges || taxes) AS part (amount) WHERE amount <> 0;
    IF made <> expected THEN
        RAISE EXCEPTION 'Run % would make % transfers for % amounts.', run, made, expected;
    END IF;

    UPDATE wallet_account account SET balance = balance + due.wallet
        FROM unnest(payees, wallets) AS due (member_id, wallet)
        WHERE account.member_id = due.member_id AND account.kind = 'wallet' AND due.wallet > 0;
    UPDATE wallet_account account SET balance = balance + due.purchase
        FROM unnest(payees, purchases) AS due (member_id, purchase)
        WHERE account.member_id = due.member_id AND account.kind = 'purchase' AND due.purchase > 0;
    RETURN made;
END $$;

INSERT INTO wallet_account (member_id, kind, balance)
SELECT NULL, kind, NULL FROM unnest(ARRAY['charges', 'tax_withheld']) AS kind;
