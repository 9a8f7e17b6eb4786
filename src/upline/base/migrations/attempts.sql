-- Count one attempt against each of some limits where all of them have room; answer the
-- attempts' ids. Else count none, and answer the seconds until all have room again: 0 where only
-- attempts in flight fill them. The subjects' locks are held until the commit, so that of many at
-- once no more than the limit are let in.
--
-- An attempt that has been in flight for longer than `longest_flight` was left behind by a process
-- that died: nobody has judged it, and it does not count.
--
-- One kind and subject may have several limits, with windows of their own; the attempt is one row.
--
-- The commit does not wait for the disk: all see it at once, and a power cut may at most forget
-- the attempts of its last second.
CREATE FUNCTION base_count_attempt(
    kinds text[], subjects text[], mosts integer[], windows interval[], moment timestamptz,
    longest_flight interval, stays boolean, OUT taken bigint[], OUT wait integer
) LANGUAGE plpgsql AS $$
DECLARE
    asked record;
    found record;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    FOR asked IN
        SELECT * FROM unnest(kinds, subjects, mosts, windows) AS row (kind, subject, most, seconds)
        ORDER BY kind, subject
    LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended(asked.kind || ':' || asked.subject, 0));
        SELECT count(*) AS all_of_them,
               count(*) FILTER (WHERE NOT in_flight) AS wrong,
               min(at) FILTER (WHERE NOT in_flight) AS oldest
            INTO found FROM base_attempt
            WHERE kind = asked.kind AND subject = asked.subject AND at > moment - asked.seconds
              AND (NOT in_flight OR at > moment - longest_flight);
        IF found.all_of_them >= asked.most THEN
            wait := greatest(wait, CASE WHEN found.wrong < asked.most THEN 0 ELSE
                floor(extract(epoch FROM found.oldest + asked.seconds - moment)) + 1 END);
        END IF;
    END LOOP;
    IF wait IS NOT NULL THEN
        RETURN;
    END IF;
    WITH counted AS (
        INSERT INTO base_attempt (kind, subject, at, in_flight)
        SELECT DISTINCT kind, subject, moment, NOT stays
            FROM unnest(kinds, subjects) AS row (kind, subject)
        RETURNING id)
    SELECT array_agg(id) INTO taken FROM counted;
END $$;

-- The secret was right: the attempts do not count. One forgotten by a power cut counts as wrong.
CREATE FUNCTION base_give_back_attempts(given bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    DELETE FROM base_attempt WHERE id = ANY (given);
END $$;
