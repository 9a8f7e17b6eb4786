-- Days are frozen by the runs that have them, and by nothing else: no further than the last day of a
-- run, and never again open while a run has them.
CREATE FUNCTION commissions_check_frozen() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    latest date := (SELECT max(last_day) FROM commissions_run);
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.last_day < OLD.last_day THEN
        IF NEW.last_day < latest THEN
            RAISE EXCEPTION 'The days to % belong to commission runs.', latest;
        END IF;
    ELSIF latest IS NULL OR NEW.last_day > latest THEN
        RAISE EXCEPTION 'No commission run has the days to %.', NEW.last_day;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_frozen_by_runs BEFORE INSERT OR UPDATE ON orders_frozen
    FOR EACH ROW EXECUTE FUNCTION commissions_check_frozen();
