-- What is added to the number of a transaction. A database that was restored on another server has
-- events of transactions whose numbers are yet to come there; `./upline migrate` then raises this,
-- so that numbers go on rising.
CREATE FUNCTION events_base() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT 0::bigint';

-- The number of the transaction that asks.
CREATE FUNCTION events_transaction() RETURNS bigint
LANGUAGE sql STABLE AS 'SELECT pg_current_xact_id()::text::bigint + events_base()';

-- Each transaction before this number has ended, so no event with a lower one will appear any more.
CREATE FUNCTION events_settled() RETURNS bigint
LANGUAGE sql STABLE AS
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + events_base()';

ALTER TABLE events_event ALTER COLUMN transaction SET DEFAULT events_transaction();

CREATE FUNCTION events_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An event is never changed: it has happened.';
END $$;

CREATE TRIGGER events_event_unchanged BEFORE UPDATE ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_refuse_change();

-- Asked by `./upline migrate`, as the owner: let the numbers of new events follow those there are.
CREATE FUNCTION events_go_on() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    latest bigint := (SELECT max(transaction) FROM events_event);
BEGIN
    IF latest >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint + events_base() THEN
        EXECUTE format('CREATE OR REPLACE FUNCTION events_base() RETURNS bigint '
                       'LANGUAGE sql STABLE PARALLEL SAFE AS ''SELECT %s::bigint''', latest);
    END IF;
END $$;
