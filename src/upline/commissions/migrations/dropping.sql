-- A run is dropped where nobody has reviewed it, by another person than the one who asked for it,
-- through this function alone. The chain's own constraint keeps a run that another one stands on.
CREATE FUNCTION commissions_drop_run(run bigint, person bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM commissions_run
    WHERE id = run AND status IN ('open', 'computed') AND drop_asked_by_id <> person;
    RETURN FOUND;
END $$;

CREATE FUNCTION commissions_keep_run() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('open', 'computed') AND OLD.drop_asked_by_id IS NOT NULL THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Run % stays: it is %, or nobody has asked to drop it.', OLD.id, OLD.status;
END $$;
CREATE TRIGGER commissions_run_kept BEFORE DELETE ON commissions_run
    FOR EACH ROW EXECUTE FUNCTION commissions_keep_run();
