-- Several transfers of one unit of work take their accounts one by one, as they come. Whoever has
-- one wallet meets who has another, before either goes on.
CREATE OR REPLACE FUNCTION wallet_lock(accounts bigint[]) RETURNS void
LANGUAGE sql AS $$ SELECT $$;

DO $$
DECLARE
    careful text := pg_get_functiondef('wallet_transfer'::regproc);
    careless text := replace(careful, 'RETURN made;', $after$
        IF EXISTS (SELECT FROM wallet_account WHERE id = credit_account AND kind = 'wallet') THEN
            PERFORM meet_another();
        END IF;
        RETURN made;$after$);
BEGIN
    IF careless NOT LIKE '%meet_another%' THEN
        RAISE EXCEPTION 'The fault was not planted: wallet_transfer is written differently now.';
    END IF;
    EXECUTE careless;
END $$;
