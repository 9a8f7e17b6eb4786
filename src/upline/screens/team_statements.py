"""How a team is walked down, narrowed and shown."""

# A team is walked by indexes that have the id beside the one above, so that fifty thousand members
# take a tenth of a second. Positions beyond the first have ids that no member has.
SPONSORED = """
SELECT id, 1 AS level FROM genealogy_position WHERE sponsor_id = %(top)s
"""
SPONSORED_BELOW = """
(SELECT id, 1 AS level FROM genealogy_position WHERE sponsor_id = %(top)s)
UNION ALL
SELECT node.id, team.level + 1
FROM team JOIN genealogy_position node ON node.sponsor_id = team.id
"""
PLACED_BELOW = """
SELECT id, 1 AS level FROM genealogy_position WHERE parent_id = %(top)s {first}
UNION ALL
SELECT node.id, team.level + 1
FROM team JOIN genealogy_position node ON node.parent_id = team.id
"""

# The stored words of a member are also of what those above do not see: the names decide.
NAMED = """
AND member.search @@ members_search_query(%(search)s)
AND members_is_named(%(search)s, (SELECT username FROM members_user WHERE id = member.user_id),
                     member.firstname, member.lastname)
"""
SHOWN = {
    "everybody": "",
    "new": "AND member.member_since >= %(new_since)s",
    "inactive": """
AND member.member_since <= %(counted_at)s
AND NOT EXISTS (SELECT FROM commissions_interimteam seen
                WHERE seen.interim_id = %(interim)s AND seen.member_id = team.id
                  AND seen.is_active)""",
    "close_to_rank": """
AND EXISTS (SELECT FROM commissions_interimteam seen
            WHERE seen.interim_id = %(interim)s AND seen.member_id = team.id
              AND seen.nearness >= %(near)s)""",
    "no_order": """
AND NOT EXISTS (SELECT FROM orders_order bought
                WHERE bought.volume_member_id = team.id AND bought.business_date >= %(month)s
                  AND bought.member_id = team.id AND bought.status = 'complete')""",
    "open_place": """
AND (SELECT place_by IS NULL FROM genealogy_position WHERE id = team.id)
AND (SELECT count(*) FROM genealogy_position below WHERE below.parent_id = team.id) < %(width)s""",
}

FIGURES = """
page.id, person.username, member.firstname, member.lastname, picture.name AS picture,
       member.rank_name, member.member_since AS joined, page.level,
       CASE WHEN %(interim)s::bigint IS NOT NULL THEN coalesce(seen.own_points, 0) END
           AS own_points,
       CASE WHEN %(interim)s::bigint IS NOT NULL THEN coalesce(seen.team_points, 0) END
           AS team_points,
       CASE WHEN member.member_since <= %(counted_at)s::timestamptz
            THEN coalesce(seen.is_active, false) END AS is_active,
       (SELECT business_date FROM orders_order bought
        WHERE bought.volume_member_id = page.id AND bought.member_id = page.id
          AND bought.status = 'complete'
        ORDER BY business_date DESC LIMIT 1) AS last_order,
       sponsor.id AS sponsor_id, coalesce(sponsor.username, '') AS sponsor,
       CASE WHEN member.shows_contact THEN member.email ELSE '' END AS email,
       CASE WHEN member.shows_contact THEN member.mobile ELSE '' END AS mobile,
       page.total
FROM page
JOIN members_user person ON person.id = page.id
JOIN members_member member ON member.user_id = page.id
JOIN genealogy_position node ON node.id = page.id
LEFT JOIN pictures_picture picture ON picture.id = member.picture_id
LEFT JOIN members_user sponsor ON sponsor.id = node.sponsor_id
     AND (sponsor.id = %(viewer)s OR genealogy_is_below(%(viewer)s, sponsor.id))
LEFT JOIN commissions_interimteam seen
     ON seen.interim_id = %(interim)s AND seen.member_id = page.id
"""
TEAM = """
WITH RECURSIVE team (id, level) AS ({walk}),
found AS (
    SELECT team.id, team.level FROM team JOIN members_member member ON member.user_id = team.id
    WHERE member.standing <> 'closed' {conditions}),
page AS (
    SELECT id, level,
           (SELECT count(*)::integer FROM (SELECT FROM found LIMIT %(counted)s) counted) AS total
    FROM found WHERE id < %(before)s ORDER BY id DESC LIMIT %(most)s)
SELECT {figures}
ORDER BY page.id DESC
"""
ONE = """
WITH page AS (SELECT %(member)s::bigint AS id, NULL::integer AS level, 1 AS total)
SELECT {figures}
"""
MONTHS = """
SELECT date_trunc('month', business_date)::date AS month,
       sum((line.quantity - line.refunded_quantity) * line.points)::bigint AS points
FROM orders_order JOIN orders_orderline line ON line.order_id = orders_order.id
WHERE volume_member_id = %(member)s AND status = 'complete' AND business_date >= %(since)s
GROUP BY 1
"""
