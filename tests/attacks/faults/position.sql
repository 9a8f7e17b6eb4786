-- Whoever saw the place empty takes it: no constraint, no lock, and a pause in between.
ALTER TABLE genealogy_position DROP CONSTRAINT one_position_per_side;

DO $$
DECLARE
    careful text := pg_get_functiondef('genealogy_put'::regproc);
    careless text;
BEGIN
    careless := replace(careful, 'tail_id = above FOR UPDATE;', 'tail_id = above;');
    careless := replace(careless, 'INSERT INTO genealogy_chain',
                                  'PERFORM pg_sleep(0.3); INSERT INTO genealogy_chain');
    IF careless NOT LIKE '%pg_sleep%' OR careless LIKE '%above FOR UPDATE%' THEN
        RAISE EXCEPTION 'The fault was not planted: genealogy_put is written differently now.';
    END IF;
    EXECUTE careless;
END $$;
