-- Who was erased, by number alone: after an older backup was restored they are erased again.
CREATE TABLE members_erasure (
    user_id bigint PRIMARY KEY,
    joined_at timestamptz NOT NULL,
    erased_at timestamptz NOT NULL
);

-- What a person is told by is erased from rows that otherwise never change: the application may not
-- touch them, and calls this function. Nothing else of them changes: whoever moved money, when and
-- how much stays. Words become 'erased'; figures and their currency stay.
CREATE FUNCTION base_without_words(facts jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(key, CASE WHEN jsonb_typeof(value) IN ('number', 'boolean')
                                                    OR key = 'currency'
                                               THEN value ELSE '"erased"' END), '{}')
    FROM jsonb_each(facts)
$$;

-- `names`: a pattern for the words that name the person. What changed was written with its values
-- before and after: they go with the other words.
CREATE FUNCTION base_erase_words(person bigint, names text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('upline.erasing', 'on', true);
    UPDATE base_auditentry
    SET facts = base_without_words(facts),
        address = CASE WHEN person IN (by_member_id, by_staff_id) THEN '' ELSE address END
    WHERE by_member_id = person OR by_staff_id = person OR member_id = person OR facts::text ~* names;
    UPDATE members_standingfact SET reason = 'erased' WHERE member_id = person AND reason <> '';
    UPDATE wallet_transfer SET note = 'erased'
    WHERE note <> '' AND (
        debit_id IN (SELECT id FROM wallet_account WHERE member_id = person)
        OR credit_id IN (SELECT id FROM wallet_account WHERE member_id = person)
        OR order_id IN (SELECT id FROM orders_order WHERE member_id = person));
    UPDATE members_stepasked SET arguments = base_without_words(arguments),
        reason = CASE WHEN reason = '' THEN '' ELSE 'erased' END,
        answer = CASE WHEN answer = '' THEN '' ELSE 'erased' END
    WHERE person_id = person OR arguments::text ~* names OR reason ~* names OR answer ~* names;
    UPDATE payouts_payout SET last_four = '', kept_out = '',
        reason = CASE WHEN reason = '' THEN '' ELSE 'erased' END
    WHERE member_id = person;
    PERFORM set_config('upline.erasing', '', true);
END $$;
