-- Two who each hold what the other one wants: whoever comes first waits for the second, ten seconds
-- at most, and later ones wait for nobody. A sequence counts what is not committed too.
CREATE SEQUENCE meeting;

CREATE FUNCTION meet_another() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM nextval('meeting');
    FOR attempt IN 1..500 LOOP
        EXIT WHEN (SELECT last_value FROM meeting) > 1;
        PERFORM pg_sleep(0.02);
    END LOOP;
END $$;
