-- A plan in force is never changed: another one is put in force. One that a run uses stays.
CREATE TRIGGER commissions_planversion_never_changed BEFORE UPDATE ON commissions_planversion
    FOR EACH ROW EXECUTE FUNCTION base_refuse_change();

-- Which plan is in force from when changes with an entry of the audit log that says so.
CREATE CONSTRAINT TRIGGER commissions_planversion_logged
    AFTER INSERT OR DELETE ON commissions_planversion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION base_needs_entry('plan.put_in_force');

-- A closed run is closed for good.
CREATE TRIGGER commissions_run_closed BEFORE UPDATE ON commissions_run
    FOR EACH ROW WHEN (OLD.status = 'closed') EXECUTE FUNCTION base_refuse_change();
CREATE TRIGGER commissions_run_never_truncated BEFORE TRUNCATE ON commissions_run
    FOR EACH STATEMENT EXECUTE FUNCTION base_refuse_change();

-- The lines of all runs, by the calendar month in which a run's period ends. `bonus` is the place
-- of the bonus in the run's plan, below zero a deduction; `position_id` the position whose pairs are
-- paid, 0 for none; `source_id` an order or a member by the bonus, 0 for none. No foreign keys: a run writes millions at once.
CREATE TABLE commissions_line (
    day date NOT NULL,
    run_id bigint NOT NULL,
    number integer NOT NULL,
    member_id bigint NOT NULL,
    position_id bigint NOT NULL,
    bonus smallint NOT NULL,
    source_id bigint NOT NULL,
    level smallint NOT NULL,
    rate integer NOT NULL,
    base bigint NOT NULL,
    amount bigint NOT NULL
) PARTITION BY RANGE (day);
CREATE INDEX commissions_line_of_member ON commissions_line (run_id, member_id, number);
CREATE INDEX commissions_line_taken_back ON commissions_line (run_id, number) WHERE bonus = -5;

-- What a run came to is computed anew until somebody has approved it, and stays from then on.
CREATE FUNCTION commissions_keep_approved() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM commissions_run
               WHERE id IN (SELECT run_id FROM gone GROUP BY run_id)
                 AND status IN ('approved', 'paid', 'closed')) THEN
        RAISE EXCEPTION 'Rows of % belong to an approved run and stay.', TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

-- On a table and, for lines, on each of its partitions: such a trigger fires where it stands.
CREATE FUNCTION commissions_guard(guarded text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER %1$s_kept AFTER DELETE ON %1$I REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION commissions_keep_approved()', guarded);
    EXECUTE format('CREATE TRIGGER %1$s_never_truncated BEFORE TRUNCATE ON %1$I
        FOR EACH STATEMENT EXECUTE FUNCTION base_refuse_change()', guarded);
    EXECUTE format('CREATE TRIGGER %1$s_never_updated BEFORE UPDATE ON %1$I
        FOR EACH STATEMENT EXECUTE FUNCTION base_refuse_change()', guarded);
END $$;
SELECT commissions_guard('commissions_line'), commissions_guard('commissions_earning'),
       commissions_guard('commissions_archivepiece'), commissions_guard('commissions_clawback'),
       commissions_guard('commissions_runmarket');

-- Have a partition for the lines of runs that end in the month of this day. It is attached: to create
-- it as a partition would wait for whoever writes lines, and hold up whoever reads them.
CREATE FUNCTION commissions_make_partition(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month date := date_trunc('month', day);
    partition_name text := 'commissions_line_' || to_char(day, 'YYYY_MM');
BEGIN
    IF to_regclass(partition_name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE commissions_line)', partition_name);
        EXECUTE format('ALTER TABLE commissions_line ATTACH PARTITION %I
            FOR VALUES FROM (%L) TO (%L)', partition_name, month, month + interval '1 month');
        PERFORM commissions_guard(partition_name);
    END IF;
END $$;

-- What the company keeps for good is never paid: such a row stays as it is.
CREATE TRIGGER commissions_withheld_forfeited BEFORE UPDATE OR DELETE ON commissions_withheld
    FOR EACH ROW WHEN (OLD.forfeited_at IS NOT NULL) EXECUTE FUNCTION base_refuse_change();
