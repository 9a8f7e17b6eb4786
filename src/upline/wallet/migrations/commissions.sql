-- Settle some members' share of one commission run, in one currency: from the company's commissions to
-- their wallets and purchase accounts, and what was charged and withheld as tax to the accounts for
-- it. The arrays are of one length, amounts in minor units, 0 for none. Below zero it goes the other
-- way. Where one of the members has no accounts in this currency, all are refused.
--
-- What a member has to give back and does not hold becomes a debt on `owed`; `claims` is the
-- company's side of it. Who owes gives back of what this run pays. A member's share of a run is
-- settled once: kind and reference are unique. Locks the accounts in the order of their ids.
CREATE FUNCTION wallet_settle_commissions(
    run bigint, in_currency text, payees bigint[], wallets bigint[], purchases bigint[],
    charges bigint[], taxes bigint[], day date, moment timestamptz, actor base_actor
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    commissions bigint;
    claims bigint;
    charged bigint;
    withheld bigint;
    made bigint;
    settled bigint;
BEGIN
    SELECT max(id) FILTER (WHERE kind = 'commissions'), max(id) FILTER (WHERE kind = 'claims'),
           max(id) FILTER (WHERE kind = 'charges'), max(id) FILTER (WHERE kind = 'tax_withheld')
        INTO commissions, claims, charged, withheld
        FROM wallet_account WHERE member_id IS NULL AND currency = in_currency;
    PERFORM FROM wallet_account
        WHERE member_id = ANY (payees) AND kind IN ('wallet', 'purchase', 'owed')
          AND currency = in_currency
        ORDER BY id FOR NO KEY UPDATE;

    WITH due AS (
        SELECT one.*, w.id AS wallet_id, p.id AS purchase_id, o.id AS owed_id,
               w.balance AS in_wallet, p.balance AS in_purchase, o.balance AS owes
        FROM unnest(payees, wallets, purchases, charges, taxes)
             AS one (member_id, wallet, purchase, charge, tax)
        JOIN wallet_account w ON w.member_id = one.member_id AND w.kind = 'wallet'
             AND w.currency = in_currency
        JOIN wallet_account p ON p.member_id = one.member_id AND p.kind = 'purchase'
             AND p.currency = in_currency
        JOIN wallet_account o ON o.member_id = one.member_id AND o.kind = 'owed'
             AND o.currency = in_currency),
    -- What comes in, then what goes back of either account: an old debt as far as what comes in
    -- pays it, or what this run takes back, from each account also what the other one lacks.
    moved AS MATERIALIZED (
        SELECT due.*, greatest(wallet, 0) AS wallet_in, greatest(purchase, 0) AS purchase_in,
               CASE WHEN wallet + purchase < 0
                    THEN least(in_wallet, -wallet - purchase - least(in_purchase, -purchase))
                    ELSE least(owes, wallet) END AS wallet_back,
               -wallet - purchase AS asked
        FROM due),
    given AS MATERIALIZED (
        SELECT moved.*,
               CASE WHEN asked > 0 THEN least(in_purchase, asked - wallet_back)
                    ELSE least(owes - wallet_back, purchase) END AS purchase_back
        FROM moved),
    change AS MATERIALIZED (
        SELECT given.*,
               CASE WHEN asked > 0 THEN asked - wallet_back - purchase_back ELSE 0 END AS lent,
               CASE WHEN asked > 0 THEN 0 ELSE wallet_back + purchase_back END AS repaid
        FROM given),
    parts AS (
        SELECT member_id, part.* FROM change CROSS JOIN LATERAL (VALUES
            ('commission', commissions, wallet_id, wallet_in),
            ('commission_purchase', commissions, purchase_id, purchase_in),
            ('commission_back', wallet_id, commissions, wallet_back),
            ('commission_purchase_back', purchase_id, commissions, purchase_back),
            ('commission_owed', claims, owed_id, lent),
            ('commission_repaid', owed_id, claims, repaid),
            ('commission_charge', commissions, charged, charge),
            ('commission_charge_back', charged, commissions, -charge),
            ('commission_tax', commissions, withheld, tax),
            ('commission_tax_back', withheld, commissions, -tax))
            AS part (kind, source, target, amount)
        WHERE part.amount > 0),
    transfers AS (
        INSERT INTO wallet_transfer (debit_id, credit_id, currency, amount, kind, reference,
                                     business_date, created_at, by_kind, by_staff_id, by_member_id,
                                     by_client_id, note, run_id, member_id)
        SELECT source, target, in_currency, amount, kind, 'run:' || run || ':' || member_id, day, moment,
               (actor).*, 'Run ' || run, run, member_id
        FROM parts RETURNING 1),
    balances AS (
        UPDATE wallet_account account SET balance = balance + becomes.more
        FROM (SELECT wallet_id AS id, wallet_in - wallet_back AS more FROM change
              UNION ALL SELECT purchase_id, purchase_in - purchase_back FROM change
              UNION ALL SELECT owed_id, lent - repaid FROM change) becomes
        WHERE account.id = becomes.id AND becomes.more <> 0)
    SELECT (SELECT count(*) FROM transfers), (SELECT count(*) FROM change) INTO made, settled;

    IF settled <> cardinality(payees) THEN
        RAISE EXCEPTION 'Run % would settle % members of % in %.',
            run, settled, cardinality(payees), in_currency;
    END IF;
    RETURN made;
END $$;
