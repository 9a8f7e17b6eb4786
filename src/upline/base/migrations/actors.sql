-- Who acts, as rows store it: the kind, and the one key that names it (base/actors.py).
CREATE TYPE base_actor AS (kind text, staff_id bigint, member_id bigint, client_id bigint);
