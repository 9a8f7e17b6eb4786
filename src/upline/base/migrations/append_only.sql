-- Rows of these tables only grow, whoever asks.
CREATE FUNCTION base_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or deleted.', TG_TABLE_NAME;
END $$;

CREATE TRIGGER base_auditentry_append_only BEFORE UPDATE OR DELETE ON base_auditentry
    FOR EACH ROW EXECUTE FUNCTION base_refuse_change();
CREATE TRIGGER base_auditentry_never_truncated BEFORE TRUNCATE ON base_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION base_refuse_change();
