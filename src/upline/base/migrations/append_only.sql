-- Rows of these tables only grow, whoever asks. Words about
-- a person whom somebody erases are the one exception: `base_erase_words` alone sets the switch.
CREATE FUNCTION base_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('upline.erasing', true) = 'on'
       AND TG_TABLE_NAME IN ('base_auditentry', 'members_standingfact')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Rows of % are never changed or deleted.', TG_TABLE_NAME;
END $$;

CREATE TRIGGER base_auditentry_append_only BEFORE UPDATE OR DELETE ON base_auditentry
    FOR EACH ROW EXECUTE FUNCTION base_refuse_change();
CREATE TRIGGER base_auditentry_never_truncated BEFORE TRUNCATE ON base_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION base_refuse_change();

-- Some changes take an entry of the audit log that says so, in the same transaction: without one
-- the transaction fails at its end. The arguments are the events that may stand there.
ALTER TABLE base_auditentry
    ALTER COLUMN transaction SET DEFAULT pg_current_xact_id()::text::bigint;

CREATE FUNCTION base_needs_entry() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM base_auditentry
                   WHERE event = ANY (TG_ARGV)
                     AND transaction = pg_current_xact_id()::text::bigint)
    THEN
        RAISE EXCEPTION 'A change of % takes an entry of the audit log.', TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
