-- The one way that money moves. Locks the two accounts in the order of their ids, moves the
-- cached balances, writes the transfer. Answers its id, or NULL where the debit account does
-- not hold the amount. Runs with its owner's rights: the application's role can neither write
-- transfers nor change balances itself. `of_member`, `of_order` and `of_payout` are what the
-- transfer belongs to.
CREATE FUNCTION wallet_transfer(
    debit_account bigint, credit_account bigint, moved bigint, transfer_kind text,
    transfer_reference text, undone bigint, day date, moment timestamptz, actor base_actor,
    remark text, of_member bigint, of_order bigint, of_payout bigint
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
    held bigint;
    its_currency text;
BEGIN
    PERFORM FROM wallet_account
        WHERE id IN (debit_account, credit_account) AND balance IS NOT NULL
        ORDER BY id FOR NO KEY UPDATE;
    UPDATE wallet_account SET balance = balance - moved
        WHERE id = debit_account AND balance >= moved RETURNING currency INTO its_currency;
    IF NOT FOUND THEN
        SELECT balance, currency INTO held, its_currency FROM wallet_account
            WHERE id = debit_account;
        IF held IS NOT NULL THEN
            RETURN NULL;
        END IF;
    END IF;
    UPDATE wallet_account SET balance = balance + moved
        WHERE id = credit_account AND balance IS NOT NULL;
    INSERT INTO wallet_transfer (debit_id, credit_id, currency, amount, kind, reference, undoes_id,
                                 business_date, created_at, by_kind, by_staff_id, by_member_id,
                                 by_client_id, note, member_id, order_id, payout_id)
    VALUES (debit_account, credit_account, its_currency, moved, transfer_kind, transfer_reference,
            undone, day, moment, (actor).*, remark, of_member, of_order, of_payout)
    RETURNING id INTO made;
    RETURN made;
END $$;

-- Lock several accounts in the order of their ids, before several transfers among them.
CREATE FUNCTION wallet_lock(accounts bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM wallet_account WHERE id = ANY (accounts) AND balance IS NOT NULL
        ORDER BY id FOR NO KEY UPDATE;
END $$;

-- No transfer goes from one currency to another: both accounts have the transfer's.
ALTER TABLE wallet_transfer
    ADD CONSTRAINT debit_in_the_currency FOREIGN KEY (debit_id, currency)
        REFERENCES wallet_account (id, currency),
    ADD CONSTRAINT credit_in_the_currency FOREIGN KEY (credit_id, currency)
        REFERENCES wallet_account (id, currency);
ALTER TABLE wallet_account ADD FOREIGN KEY (currency) REFERENCES markets_currency (code);

-- Balances change all the time, and no index has them: with room on its page, a changed account
-- needs no new entry in the three indexes.
ALTER TABLE wallet_account SET (fillfactor = 70);

-- A member's four accounts, empty, in the currency of the member's market. Those that exist stay.
CREATE FUNCTION wallet_open(owner bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO wallet_account (member_id, kind, currency, balance)
    SELECT owner, account.kind, market.currency, 0
    FROM members_member member JOIN markets_market market ON market.id = member.market_id,
         unnest(ARRAY['wallet', 'deposits', 'purchase', 'owed']) AS account (kind)
    WHERE member.user_id = owner
    ON CONFLICT DO NOTHING;
$$;

-- The company's accounts in a currency, opened when it begins to be used.
CREATE FUNCTION wallet_open_company() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO wallet_account (member_id, kind, currency, balance)
    SELECT NULL, kind, NEW.code, NULL FROM
        unnest(ARRAY['outside', 'sales', 'tax', 'epins', 'commissions', 'payouts', 'charges',
                     'tax_withheld', 'claims', 'forfeited', 'exchange']) AS kind;
    RETURN NULL;
END $$;

CREATE TRIGGER markets_currency_accounts AFTER INSERT ON markets_currency
    FOR EACH ROW EXECUTE FUNCTION wallet_open_company();

CREATE FUNCTION wallet_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('upline.erasing', true) = 'on' THEN
        IF to_jsonb(NEW) - 'note' = to_jsonb(OLD) - 'note' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'A transfer is never changed or deleted: undo it with another one.';
END $$;

CREATE TRIGGER wallet_transfer_append_only BEFORE UPDATE OR DELETE ON wallet_transfer
    FOR EACH ROW EXECUTE FUNCTION wallet_refuse_change();
CREATE TRIGGER wallet_transfer_never_truncated BEFORE TRUNCATE ON wallet_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_refuse_change();

CREATE TRIGGER wallet_exchange_append_only BEFORE UPDATE OR DELETE ON wallet_exchange
    FOR EACH ROW EXECUTE FUNCTION base_refuse_change();
CREATE TRIGGER wallet_exchange_never_truncated BEFORE TRUNCATE ON wallet_exchange
    FOR EACH STATEMENT EXECUTE FUNCTION base_refuse_change();

-- What undoes a transfer never takes back more than it moved. The lock makes two that undo
-- the same one wait for each other.
CREATE FUNCTION wallet_check_undoing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    original bigint;
    undone bigint;
BEGIN
    SELECT amount INTO original FROM wallet_transfer WHERE id = NEW.undoes_id FOR UPDATE;
    SELECT coalesce(sum(amount), 0) INTO undone FROM wallet_transfer
        WHERE undoes_id = NEW.undoes_id;
    IF undone > original THEN
        RAISE EXCEPTION 'Transfer % would be undone by more than it moved.', NEW.undoes_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'undone_at_most_once';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER wallet_transfer_undoing AFTER INSERT ON wallet_transfer
    FOR EACH ROW WHEN (NEW.undoes_id IS NOT NULL) EXECUTE FUNCTION wallet_check_undoing();
