"""What must always hold of the two trees: the promise, and what breaks it."""

from upline.books.invariant import CHAIN, MEMBER, POSITION, Invariant
from upline.language import lazy

IN_TREES = [
    Invariant(
        lazy("Each member is in the tree"),
        MEMBER,
        """SELECT user_id AS member FROM members_member
           WHERE kind = 'member'
             AND NOT EXISTS (SELECT FROM genealogy_position WHERE id = user_id)""",
    ),
    Invariant(
        lazy("There is one root"),
        lazy("there are {roots} roots"),
        """SELECT count(*) AS roots FROM genealogy_position
           WHERE parent_id IS NULL AND place_by IS NULL
           HAVING count(*) > 1""",
    ),
    Invariant(
        lazy("Each position is one level below the one above, and all are below the root"),
        POSITION,
        """SELECT node.id AS position FROM genealogy_position node
           JOIN genealogy_position parent ON parent.id = node.parent_id
           WHERE node.depth <> parent.depth + 1""",
    ),
    Invariant(
        lazy("Each position's jump follows from the parent's"),
        POSITION,
        """SELECT id AS position FROM genealogy_position
           WHERE jump_id IS DISTINCT FROM genealogy_jump_below(parent_id)""",
    ),
    Invariant(
        lazy("Each member is in the sponsor's team"),
        POSITION,
        """SELECT id AS position FROM genealogy_position
           WHERE sponsor_id IS NOT NULL AND place_by IS NULL
             AND NOT genealogy_in_team(sponsor_id, id)""",
    ),
    Invariant(
        lazy("Each chain ends where its side has no further position"),
        CHAIN,
        """SELECT chain.id AS chain FROM genealogy_chain chain
           LEFT JOIN genealogy_position tail ON tail.id = chain.tail_id
           WHERE tail.id IS NULL
              OR chain.id NOT IN (tail.left_chain_id, tail.right_chain_id)
              OR EXISTS (SELECT FROM genealogy_position child
                         WHERE child.parent_id = tail.id
                           AND child.side =
                               CASE chain.id WHEN tail.left_chain_id THEN 1 ELSE 2 END)""",
    ),
    Invariant(
        lazy("Each free side is the end of its chain"),
        POSITION,
        """SELECT node.id AS position FROM genealogy_position node
           CROSS JOIN company_company CROSS JOIN (VALUES (1), (2)) AS leg (number)
           LEFT JOIN genealogy_chain chain ON chain.id =
                CASE leg.number WHEN 1 THEN node.left_chain_id ELSE node.right_chain_id END
           WHERE plan_kind = 'binary' AND place_by IS NULL
             AND chain.tail_id IS DISTINCT FROM node.id
             AND NOT EXISTS (SELECT FROM genealogy_position child
                             WHERE child.parent_id = node.id
                               AND child.side = leg.number)""",
    ),
    Invariant(
        lazy("Each position continues the chain of its side"),
        POSITION,
        """SELECT child.id AS position FROM genealogy_position child
           JOIN genealogy_position parent ON parent.id = child.parent_id
           CROSS JOIN company_company
           WHERE plan_kind = 'binary' AND CASE child.side
               WHEN 1 THEN child.left_chain_id IS DISTINCT FROM parent.left_chain_id
               ELSE child.right_chain_id IS DISTINCT FROM parent.right_chain_id END""",
    ),
    Invariant(
        lazy("In a matrix each team knows its highest free level"),
        POSITION,
        """SELECT node.id AS position FROM genealogy_position node
           CROSS JOIN company_company company
           LEFT JOIN genealogy_position child ON child.parent_id = node.id
           WHERE plan_kind = 'matrix'
           GROUP BY node.id, company.id
           HAVING node.open_depth IS DISTINCT FROM
               CASE WHEN count(child.id) < matrix_width THEN node.depth + 1
                    ELSE min(child.open_depth) END""",
    ),
    Invariant(
        lazy("Sides fit the company's plan"),
        POSITION,
        """SELECT node.id AS position FROM genealogy_position node, company_company
           WHERE parent_id IS NOT NULL AND NOT CASE plan_kind
               WHEN 'binary' THEN side IN (1, 2)
               WHEN 'matrix' THEN side BETWEEN 1 AND matrix_width
               ELSE side IS NULL END""",
    ),
    Invariant(
        lazy("Each further position is in the team of the member's first one"),
        POSITION,
        """SELECT id AS position FROM genealogy_position
           WHERE number > 1 AND NOT genealogy_in_team(member_id, id)""",
    ),
    Invariant(
        lazy("The positions of a member are numbered without a gap"),
        MEMBER,
        """SELECT member_id AS member FROM genealogy_position
           GROUP BY member_id HAVING max(number) <> count(*)""",
    ),
    Invariant(
        lazy("No position has the number of another member"),
        POSITION,
        """SELECT id AS position FROM genealogy_position JOIN members_member ON user_id = id
           WHERE member_id <> id""",
    ),
    Invariant(
        lazy("Each position's placement and each member's sponsor are dated"),
        POSITION,
        """SELECT node.id AS position FROM genealogy_position node
           WHERE (place_by IS NULL) <> EXISTS (
                     SELECT FROM genealogy_placementfact fact
                     WHERE fact.position_id = node.id AND fact.member_id = node.member_id
                       AND fact.parent_id IS NOT DISTINCT FROM node.parent_id)
              OR node.number = 1
                 AND NOT EXISTS (SELECT FROM genealogy_sponsorfact fact
                                 WHERE fact.member_id = node.member_id
                                   AND fact.sponsor_id IS NOT DISTINCT FROM node.sponsor_id)""",
    ),
    Invariant(
        lazy("Each position has the status of its last dated one"),
        POSITION,
        """SELECT id AS position FROM genealogy_position node
           WHERE status <> coalesce((SELECT status FROM genealogy_positionfact fact
                                     WHERE fact.position_id = node.id
                                     ORDER BY since DESC, fact.id DESC LIMIT 1), 'open')""",
    ),
    Invariant(
        lazy("A position is closed once the order that opened it is refunded, and never otherwise"),
        POSITION,
        """WITH opening AS (
               SELECT asked.position_id, orders_order.number,
                      refunded_quantity = quantity AS is_refunded
               FROM orders_positionorder asked
               JOIN orders_order ON orders_order.id = asked.order_id
               JOIN orders_orderline line ON line.id = asked.line_id
               WHERE asked.position_id IS NOT NULL
               UNION ALL
               SELECT member_id, number, refunded_quantity = quantity
               FROM orders_order JOIN orders_orderline line ON line.order_id = orders_order.id
               WHERE kind = 'membership' AND package_id IS NOT NULL),
           closed AS (
               SELECT id, position_id, order_number, since FROM genealogy_positionfact
               WHERE status = 'closed'),
           package AS (
               SELECT DISTINCT ON (member_id) member_id, package_id, since
               FROM members_packagefact ORDER BY member_id, since DESC, id DESC)
           SELECT position_id AS position FROM closed
           WHERE NOT EXISTS (SELECT FROM opening
                             WHERE opening.position_id = closed.position_id
                               AND number = order_number AND is_refunded)
           UNION ALL
           SELECT opening.position_id AS position FROM opening
           JOIN genealogy_position node ON node.id = opening.position_id
           WHERE node.number > 1 AND is_refunded
             AND NOT EXISTS (SELECT FROM closed
                             WHERE closed.position_id = opening.position_id
                               AND order_number = opening.number)
           UNION ALL
           SELECT member_id AS position FROM package
           WHERE package_id IS NULL
             AND NOT EXISTS (SELECT FROM closed
                             WHERE position_id = member_id AND closed.since >= package.since)""",
    ),
]
