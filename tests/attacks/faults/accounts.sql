-- Several transfers of one unit of work take their accounts one by one, as they come, and there
-- is a pause between them.
CREATE OR REPLACE FUNCTION wallet_lock(accounts bigint[]) RETURNS void
LANGUAGE sql AS $$ SELECT $$;

DO $$
DECLARE
    careful text := pg_get_functiondef('wallet_transfer'::regproc);
    careless text := replace(careful, 'RETURN made;', 'PERFORM pg_sleep(0.1); RETURN made;');
BEGIN
    IF careless NOT LIKE '%pg_sleep%' THEN
        RAISE EXCEPTION 'The fault was not planted: wallet_transfer is written differently now.';
    END IF;
    EXECUTE careless;
END $$;
