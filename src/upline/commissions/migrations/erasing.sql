-- Who was erased, by number alone: after an older backup was restored they are erased again.
CREATE TABLE members_erasure (
    user_id bigint PRIMARY KEY,
    joined_at timestamptz NOT NULL,
    erased_at timestamptz NOT NULL
);

-- What a person is told by is erased from rows that otherwise never change: the application may not
-- touch them, and calls this function. Nothing else of them changes: whoever moved money, when and
-- how much stays. Words become 'erased'; figures stay.
CREATE FUNCTION base_without_words(facts jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(key, CASE WHEN jsonb_typeof(value) IN ('number', 'boolean')
                                               THEN value ELSE '"erased"' END), '{}')
    FROM jsonb_each(facts)
$$;

-- `names`: a pattern for the words that name the person.
CREATE FUNCTION base_erase_words(person bigint, names text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('upline.erasing', 'on', true);
    UPDATE base_auditentry
    SET facts = base_without_words(facts),
        address = CASE WHEN actor_id = person THEN '' ELSE address END
    WHERE actor_id = person OR facts::text ~* names OR subject = 'user:' || person
       OR subject IN (SELECT 'order:' || number FROM orders_order WHERE member_id = person)
       OR subject IN (SELECT 'payout:' || number FROM payouts_payout WHERE member_id = person);
    UPDATE members_standingfact SET reason = 'erased' WHERE member_id = person AND reason <> '';
    UPDATE wallet_transfer SET note = 'erased'
    WHERE note <> '' AND (
        debit_id IN (SELECT id FROM wallet_account WHERE member_id = person)
        OR credit_id IN (SELECT id FROM wallet_account WHERE member_id = person));
    UPDATE payouts_payout SET last_four = '', kept_out = '',
        reason = CASE WHEN reason = '' THEN '' ELSE 'erased' END
    WHERE member_id = person;
    PERFORM set_config('upline.erasing', '', true);
END $$;

CREATE OR REPLACE FUNCTION base_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('upline.erasing', true) = 'on'
       AND TG_TABLE_NAME IN ('base_auditentry', 'members_standingfact')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Rows of % are never changed or deleted.', TG_TABLE_NAME;
END $$;

CREATE OR REPLACE FUNCTION wallet_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('upline.erasing', true) = 'on' THEN
        IF to_jsonb(NEW) - 'note' = to_jsonb(OLD) - 'note' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'A transfer is never changed or deleted: undo it with another one.';
END $$;

DROP TRIGGER payouts_payout_steps ON payouts_payout;
CREATE TRIGGER payouts_payout_steps BEFORE UPDATE ON payouts_payout
    FOR EACH ROW WHEN (current_setting('upline.erasing', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION payouts_check_step();
