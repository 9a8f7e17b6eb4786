-- Whether somebody asked to drop a run, and `person` agreed; anybody where that is null. Who asked is
-- another (a constraint of asked steps).
CREATE FUNCTION commissions_drop_agreed(run bigint, person bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM members_stepasked
        WHERE event = 'run.dropped' AND subject = 'run:' || run AND status = 'agreed'
          AND closed_by_id = coalesce(person, closed_by_id));
$$;

-- A run is dropped where nobody has reviewed it, by whoever agreed with another person who asked for
-- it, through this function alone. The chain's own constraint keeps a run that another one stands on.
CREATE FUNCTION commissions_drop_run(run bigint, person bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM commissions_run
    WHERE id = run AND status IN ('open', 'computed')
      AND commissions_drop_agreed(run, coalesce(person, 0));
    RETURN FOUND;
END $$;

CREATE FUNCTION commissions_keep_run() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('open', 'computed') AND commissions_drop_agreed(OLD.id, NULL) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Run % stays: it is %, or two people have not agreed to drop it.',
        OLD.id, OLD.status;
END $$;
CREATE TRIGGER commissions_run_kept BEFORE DELETE ON commissions_run
    FOR EACH ROW EXECUTE FUNCTION commissions_keep_run();
