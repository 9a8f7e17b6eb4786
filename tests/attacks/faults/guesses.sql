-- Counts the guesses so far, decides, and then adds this one; meanwhile others do the same.
CREATE OR REPLACE FUNCTION base_count_attempt(
    kinds text[], subjects text[], mosts integer[], windows interval[], moment timestamptz,
    longest_flight interval, stays boolean, OUT taken bigint[], OUT wait integer
) LANGUAGE plpgsql AS $$
BEGIN
    SELECT max(extract(epoch FROM asked.seconds)) INTO wait
        FROM unnest(kinds, subjects, mosts, windows) AS asked (kind, subject, most, seconds)
        WHERE most <= (SELECT count(*) FROM base_attempt earlier
                       WHERE earlier.kind = asked.kind AND earlier.subject = asked.subject
                         AND earlier.at > moment - asked.seconds);
    IF wait IS NOT NULL THEN
        RETURN;
    END IF;
    WITH counted AS (
        INSERT INTO base_attempt (kind, subject, at, in_flight)
        SELECT kind, subject, moment, NOT stays FROM unnest(kinds, subjects) AS row (kind, subject)
        RETURNING id)
    SELECT array_agg(id) INTO taken FROM counted;
END $$;
