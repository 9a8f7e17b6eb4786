-- The team of a position is the position and all below; a member's team is that of the first
-- position. Climb from `bottom` by the jump pointers until `top`'s depth is reached: O(log depth)
-- look-ups, each by key.
CREATE FUNCTION genealogy_in_team(top bigint, bottom bigint) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
    wanted integer;
    here record;
    there record;
BEGIN
    SELECT depth INTO wanted FROM genealogy_position WHERE id = top;
    SELECT id, depth, parent_id, jump_id INTO here
        FROM genealogy_position WHERE id = bottom;
    IF wanted IS NULL OR here IS NULL THEN
        RETURN false;
    END IF;
    WHILE here.depth > wanted LOOP
        SELECT id, depth, parent_id, jump_id INTO there
            FROM genealogy_position WHERE id = here.jump_id;
        IF there.depth < wanted THEN
            SELECT id, depth, parent_id, jump_id INTO there
                FROM genealogy_position WHERE id = here.parent_id;
        END IF;
        here := there;
    END LOOP;
    RETURN here.id = top;
END $$;

-- Whether a member stands below another one, in the placement tree or in the line of sponsors.
CREATE FUNCTION genealogy_is_below(top bigint, bottom bigint) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
    here bigint := bottom;
BEGIN
    IF top = bottom THEN
        RETURN false;
    END IF;
    IF genealogy_in_team(top, bottom) THEN
        RETURN true;
    END IF;
    LOOP
        SELECT sponsor_id INTO here FROM genealogy_position WHERE id = here;
        EXIT WHEN here IS NULL;
        IF here = top THEN
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END $$;

-- The jump of a new child of `above`: to its parent's jump's jump where the two jumps span
-- equal depths, else to the parent (Myers 1983).
CREATE FUNCTION genealogy_jump_below(above bigint) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
    p record;
    j record;
    k record;
BEGIN
    SELECT depth, jump_id INTO p FROM genealogy_position WHERE id = above;
    IF p.jump_id IS NULL THEN
        RETURN above;
    END IF;
    SELECT depth, jump_id INTO j FROM genealogy_position WHERE id = p.jump_id;
    IF j.jump_id IS NULL THEN
        RETURN above;
    END IF;
    SELECT depth INTO k FROM genealogy_position WHERE id = j.jump_id;
    IF p.depth - j.depth = j.depth - k.depth THEN
        RETURN j.jump_id;
    END IF;
    RETURN above;
END $$;

-- Put a position below `above` on `at_side`, a new one or one that waits for its place. Answers false where the side is taken; the unique
-- constraint decides a race (its violation ends the transaction).
CREATE FUNCTION genealogy_put(
    new_id bigint, owner bigint, new_number smallint, new_sponsor bigint, above bigint,
    at_side smallint, kind text, moment timestamptz
) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    upper record;
    continued bigint;
    opened bigint;
BEGIN
    SELECT depth, left_chain_id, right_chain_id INTO upper
        FROM genealogy_position WHERE id = above;
    IF kind = 'binary' THEN
        continued := CASE at_side WHEN 1 THEN upper.left_chain_id ELSE upper.right_chain_id END;
        PERFORM FROM genealogy_chain WHERE id = continued AND tail_id = above FOR UPDATE;
        IF NOT FOUND THEN
            RETURN false;
        END IF;
        INSERT INTO genealogy_chain (tail_id) VALUES (NULL) RETURNING id INTO opened;
    END IF;
    INSERT INTO genealogy_position (id, member_id, number, opened_at, sponsor_id, parent_id, side,
                                    depth, jump_id, left_chain_id, right_chain_id, open_depth)
    VALUES (new_id, owner, new_number, moment, new_sponsor, above, at_side,
            upper.depth + 1, genealogy_jump_below(above),
            CASE WHEN kind = 'binary' THEN CASE at_side WHEN 1 THEN continued ELSE opened END END,
            CASE WHEN kind = 'binary' THEN CASE at_side WHEN 1 THEN opened ELSE continued END END,
            CASE WHEN kind = 'matrix' THEN upper.depth + 2 END)
    ON CONFLICT (id) DO UPDATE
    SET (parent_id, side, depth, jump_id, left_chain_id, right_chain_id, open_depth, place_by)
        = (excluded.parent_id, excluded.side, excluded.depth, excluded.jump_id,
           excluded.left_chain_id, excluded.right_chain_id, excluded.open_depth, NULL)
    WHERE genealogy_position.place_by IS NOT NULL;
    IF NOT FOUND THEN
        RAISE unique_violation USING MESSAGE = format('Position %s has its place.', new_id);
    END IF;
    IF kind = 'binary' THEN
        UPDATE genealogy_chain SET tail_id = new_id WHERE id IN (continued, opened);
    END IF;
    RETURN true;
END $$;

-- Put a new member below `above` and date it. A member's first position has the member's number.
CREATE FUNCTION genealogy_place(
    new_member bigint, new_sponsor bigint, above bigint, at_side smallint, kind text,
    moment timestamptz, actor base_actor
) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT genealogy_put(new_member, new_member, 1::smallint, new_sponsor, above, at_side, kind,
                         moment) THEN
        RETURN false;
    END IF;
    PERFORM genealogy_date(new_member, new_sponsor, above, at_side, moment, actor);
    RETURN true;
END $$;

-- A new member waits for a place until a moment; who sponsors them is dated.
CREATE FUNCTION genealogy_wait(
    new_member bigint, new_sponsor bigint, until timestamptz, moment timestamptz, actor base_actor
) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO genealogy_position (id, member_id, number, opened_at, sponsor_id, depth, place_by)
        VALUES (new_member, new_member, 1, moment, new_sponsor, 0, until);
    INSERT INTO genealogy_sponsorfact (member_id, sponsor_id, since,
                                       by_kind, by_staff_id, by_member_id, by_client_id)
        VALUES (new_member, new_sponsor, moment, (actor).*);
$$;

-- Give a member who waits a place below `above` and date it. Answers false where the side is taken.
CREATE FUNCTION genealogy_seat(
    waiting bigint, above bigint, at_side smallint, kind text, moment timestamptz, actor base_actor
) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT genealogy_put(waiting, waiting, 1::smallint,
                         (SELECT sponsor_id FROM genealogy_position WHERE id = waiting),
                         above, at_side, kind, moment) THEN
        RETURN false;
    END IF;
    INSERT INTO genealogy_placementfact (position_id, member_id, parent_id, side, since,
                                         by_kind, by_staff_id, by_member_id, by_client_id)
        VALUES (waiting, waiting, above, at_side, moment, (actor).*);
    RETURN true;
END $$;

-- Open a further position of a member below `above` and date it. Its id is of the sequence that
-- numbers members, so no position has the number of another member. Answers the id, or nothing
-- where the side is taken.
CREATE FUNCTION genealogy_open(
    owner bigint, above bigint, at_side smallint, kind text, moment timestamptz, actor base_actor
) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    new_id bigint := nextval(pg_get_serial_sequence('members_user', 'id'));
    next_number smallint;
BEGIN
    SELECT max(number) + 1 INTO next_number FROM genealogy_position WHERE member_id = owner;
    IF NOT genealogy_put(new_id, owner, next_number, NULL, above, at_side, kind, moment) THEN
        RETURN NULL;
    END IF;
    INSERT INTO genealogy_placementfact (position_id, member_id, parent_id, side, since,
                                         by_kind, by_staff_id, by_member_id, by_client_id)
        VALUES (new_id, owner, above, at_side, moment, (actor).*);
    RETURN new_id;
END $$;

CREATE FUNCTION genealogy_date(
    new_member bigint, new_sponsor bigint, above bigint, at_side smallint, moment timestamptz,
    actor base_actor
) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO genealogy_placementfact (position_id, member_id, parent_id, side, since,
                                         by_kind, by_staff_id, by_member_id, by_client_id)
        VALUES (new_member, new_member, above, at_side, moment, (actor).*);
    INSERT INTO genealogy_sponsorfact (member_id, sponsor_id, since,
                                       by_kind, by_staff_id, by_member_id, by_client_id)
        VALUES (new_member, new_sponsor, moment, (actor).*);
$$;

-- The first member of all, in a tree that has none.
CREATE FUNCTION genealogy_plant(
    first_member bigint, kind text, moment timestamptz, actor base_actor
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first_left bigint;
    first_right bigint;
BEGIN
    IF EXISTS (SELECT FROM genealogy_position) THEN
        RAISE EXCEPTION 'The tree has a root already.';
    END IF;
    IF kind = 'binary' THEN
        INSERT INTO genealogy_chain (tail_id) VALUES (NULL) RETURNING id INTO first_left;
        INSERT INTO genealogy_chain (tail_id) VALUES (NULL) RETURNING id INTO first_right;
    END IF;
    INSERT INTO genealogy_position (id, member_id, number, opened_at, depth, left_chain_id,
                                    right_chain_id, open_depth)
        VALUES (first_member, first_member, 1, moment, 0, first_left, first_right,
                CASE WHEN kind = 'matrix' THEN 1 END);
    UPDATE genealogy_chain SET tail_id = first_member WHERE id IN (first_left, first_right);
    PERFORM genealogy_date(first_member, NULL, NULL, NULL, moment, actor);
END $$;

-- Matrix: the first free side below `top`, level by level, left to right. Call it, and the
-- placement after it, under the tree's exclusive lock.
CREATE FUNCTION genealogy_first_free(top bigint, width integer, OUT above bigint, OUT free_side smallint)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    here bigint := top;
    target integer;
    next_one bigint;
BEGIN
    SELECT open_depth INTO target FROM genealogy_position WHERE id = top;
    LOOP
        IF (SELECT depth FROM genealogy_position WHERE id = here) = target - 1 THEN
            above := here;
            SELECT min(free)::smallint INTO free_side FROM generate_series(1, width) AS free
                WHERE NOT EXISTS (SELECT FROM genealogy_position
                                  WHERE parent_id = here AND side = free);
            RETURN;
        END IF;
        SELECT id INTO next_one FROM genealogy_position
            WHERE parent_id = here AND open_depth = target ORDER BY side LIMIT 1;
        here := next_one;
    END LOOP;
END $$;

-- Matrix: after a placement below `above`, say again how high each team above has room.
CREATE FUNCTION genealogy_reopen(above bigint, width integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    here bigint := above;
    found_depth integer;
    node record;
BEGIN
    WHILE here IS NOT NULL LOOP
        SELECT depth, parent_id, open_depth INTO node FROM genealogy_position WHERE id = here;
        SELECT CASE WHEN count(*) < width THEN node.depth + 1 ELSE min(open_depth) END
            INTO found_depth FROM genealogy_position WHERE parent_id = here;
        EXIT WHEN found_depth = node.open_depth;
        UPDATE genealogy_position SET open_depth = found_depth WHERE id = here;
        here := node.parent_id;
    END LOOP;
END $$;
