#!/bin/sh
# Gives the two roles of roles.sql their passwords; the PostgreSQL image runs it once.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --dbname upline \
    --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" <<'SQL'
ALTER ROLE upline_owner PASSWORD :'owner';
ALTER ROLE upline_app PASSWORD :'app';
SQL
