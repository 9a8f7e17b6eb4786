-- The rights of Upline's two roles in one database. Run it there as a superuser; it may
-- run again at any time. upline_owner owns the database and runs migrations. upline_app
-- is what the application works as: rows, never tables. (Passwords are not set here.)
-- The time-outs are the role's, so that they hold behind a pooler too.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'upline_owner') THEN
        CREATE ROLE upline_owner LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'upline_app') THEN
        CREATE ROLE upline_app LOGIN;
    END IF;
    EXECUTE format('ALTER DATABASE %I OWNER TO upline_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO upline_app', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO upline_owner;
GRANT USAGE ON SCHEMA public TO upline_app;

ALTER DEFAULT PRIVILEGES FOR ROLE upline_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO upline_app;
ALTER DEFAULT PRIVILEGES FOR ROLE upline_owner
    GRANT USAGE, SELECT ON SEQUENCES TO upline_app;
ALTER DEFAULT PRIVILEGES FOR ROLE upline_owner
    REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE upline_owner
    GRANT EXECUTE ON FUNCTIONS TO upline_app;

ALTER ROLE upline_app SET statement_timeout = '30s';
ALTER ROLE upline_app SET lock_timeout = '10s';
ALTER ROLE upline_app SET idle_in_transaction_session_timeout = '60s';
