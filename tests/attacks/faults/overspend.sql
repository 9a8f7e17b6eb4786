-- Reads the balance, decides, and then takes the money, however little is left by then.
ALTER TABLE wallet_account DROP CONSTRAINT member_balance_not_negative;

CREATE OR REPLACE FUNCTION wallet_transfer(
    debit_account bigint, credit_account bigint, moved bigint, transfer_kind text,
    transfer_reference text, undone bigint, day date, moment timestamptz, actor base_actor,
    remark text, of_member bigint, of_order bigint, of_payout bigint
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    IF (SELECT balance FROM wallet_account WHERE id = debit_account) < moved THEN
        RETURN NULL;
    END IF;
    UPDATE wallet_account SET balance = balance - moved WHERE id = debit_account;
    UPDATE wallet_account SET balance = balance + moved WHERE id = credit_account;
    INSERT INTO wallet_transfer (debit_id, credit_id, currency, amount, kind, reference, undoes_id,
                                 business_date, created_at, by_kind, by_staff_id, by_member_id,
                                 by_client_id, note, member_id, order_id, payout_id)
    VALUES (debit_account, credit_account,
            (SELECT currency FROM wallet_account WHERE id = debit_account), moved, transfer_kind, transfer_reference, undone,
            day, moment, (actor).*, remark, of_member, of_order, of_payout)
    RETURNING id INTO made;
    RETURN made;
END $$;
