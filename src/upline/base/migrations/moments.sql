-- Some moments are the database's own, whatever the clock of a process says and whoever writes the
-- row: those that say for how long somebody has had a right, or has had no hand in how another signs
-- in. The argument is their column. The demo and tests tell the time (base_toldtime).
CREATE FUNCTION base_own_moment() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM base_toldtime) THEN
        RETURN NEW;
    END IF;
    RETURN jsonb_populate_record(NEW, jsonb_build_object(TG_ARGV[0], clock_timestamp()));
END $$;
