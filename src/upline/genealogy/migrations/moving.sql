-- Where a climb by jump pointers from `bottom` comes by, the nearest first, with the depths.
CREATE FUNCTION genealogy_jumps(bottom bigint, OUT jumps bigint[], OUT depths integer[])
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE climb (id, step) AS (
        SELECT jump_id, 1 FROM genealogy_position WHERE id = bottom
        UNION ALL
        SELECT node.jump_id, step + 1 FROM climb JOIN genealogy_position node USING (id))
    SELECT coalesce(array_agg(id ORDER BY step), '{}'),
           coalesce(array_agg(node.depth ORDER BY step), '{}')
    FROM climb JOIN genealogy_position node USING (id);
$$;

-- All from `top` down one side continue this chain, and it ends with the last of them.
CREATE FUNCTION genealogy_continue_chain(top bigint, at_side integer, chain bigint) RETURNS void
LANGUAGE sql AS $$
    WITH RECURSIVE line (id, step) AS (
        SELECT top, 1
        UNION ALL
        SELECT below.id, step + 1 FROM line
        JOIN genealogy_position below ON below.parent_id = line.id AND below.side = at_side),
    continued AS (
        UPDATE genealogy_position node
        SET left_chain_id = CASE at_side WHEN 1 THEN chain ELSE node.left_chain_id END,
            right_chain_id = CASE at_side WHEN 1 THEN node.right_chain_id ELSE chain END
        FROM line WHERE node.id = line.id)
    UPDATE genealogy_chain SET tail_id = (SELECT id FROM line ORDER BY step DESC LIMIT 1)
    WHERE id = chain;
$$;

-- Binary: before `mover` goes below `above`. The chain of the side that it leaves ends with who
-- was above it; it continues the one of the new side.
CREATE FUNCTION genealogy_rechain(mover bigint, above bigint, at_side smallint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    node record;
    continued bigint;
BEGIN
    SELECT parent_id, side,
           CASE side WHEN 1 THEN left_chain_id ELSE right_chain_id END AS own,
           CASE side WHEN 1 THEN right_chain_id ELSE left_chain_id END AS other
        INTO node FROM genealogy_position WHERE id = mover;
    SELECT CASE at_side WHEN 1 THEN left_chain_id ELSE right_chain_id END
        INTO continued FROM genealogy_position WHERE id = above;
    PERFORM genealogy_continue_chain(mover, at_side, continued);
    IF at_side <> node.side THEN
        PERFORM genealogy_continue_chain(mover, node.side, node.other);
    END IF;
    UPDATE genealogy_chain SET tail_id = node.parent_id WHERE id = node.own;
END $$;

-- Say again how deep `mover`, which stands below `above` by now, and its team stand and where they
-- jump, by the rule of genealogy_jump_below. Answers how many positions that are.
CREATE FUNCTION genealogy_deepen(mover bigint, above bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    touched bigint;
BEGIN
    WITH RECURSIVE team (id, depth, jumps, depths) AS (
        SELECT id, depth, upper.jumps, upper.depths
        FROM genealogy_position CROSS JOIN genealogy_jumps(above) AS upper WHERE id = above
        UNION ALL
        SELECT child.id, team.depth + 1,
               CASE WHEN rule.skips THEN team.jumps[2:] ELSE team.id || team.jumps END,
               CASE WHEN rule.skips THEN team.depths[2:] ELSE team.depth || team.depths END
        FROM team
        JOIN genealogy_position child ON child.parent_id = team.id
             AND (team.id <> above OR child.id = mover)
        CROSS JOIN LATERAL (
            SELECT cardinality(team.jumps) >= 2
                   AND team.depth - team.depths[1] = team.depths[1] - team.depths[2] AS skips) rule)
    UPDATE genealogy_position node
    SET depth = team.depth, jump_id = team.jumps[1],
        open_depth = node.open_depth + team.depth - node.depth
    FROM team WHERE node.id = team.id AND team.id <> above;
    GET DIAGNOSTICS touched = ROW_COUNT;
    RETURN touched;
END $$;

-- Give a position another place, its member another sponsor, or both, with all below, and date it.
-- A further position has no sponsor. Call it under the tree's exclusive lock, with every rule
-- checked. Answers how many positions stand elsewhere by it.
CREATE FUNCTION genealogy_move(
    mover bigint, new_sponsor bigint, above bigint, at_side smallint, kind text, width integer,
    moment timestamptz, actor base_actor
) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    old record;
    touched bigint;
BEGIN
    SELECT member_id, sponsor_id, parent_id, side INTO old
        FROM genealogy_position WHERE id = mover;
    IF new_sponsor <> old.sponsor_id THEN
        UPDATE genealogy_position SET sponsor_id = new_sponsor WHERE id = mover;
        INSERT INTO genealogy_sponsorfact (member_id, sponsor_id, since,
                                           by_kind, by_staff_id, by_member_id, by_client_id)
            VALUES (mover, new_sponsor, moment, (actor).*);
    END IF;
    IF above = old.parent_id AND at_side IS NOT DISTINCT FROM old.side THEN
        RETURN 0;
    END IF;
    IF kind = 'binary' THEN
        PERFORM genealogy_rechain(mover, above, at_side);
    END IF;
    UPDATE genealogy_position SET parent_id = above, side = at_side WHERE id = mover;
    INSERT INTO genealogy_placementfact (position_id, member_id, parent_id, side, since,
                                         by_kind, by_staff_id, by_member_id, by_client_id)
        VALUES (mover, old.member_id, above, at_side, moment, (actor).*);
    touched := genealogy_deepen(mover, above);
    IF kind = 'matrix' THEN
        PERFORM genealogy_reopen(old.parent_id, width);
        PERFORM genealogy_reopen(above, width);
    END IF;
    RETURN touched;
END $$;
