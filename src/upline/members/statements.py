"""The members' hand-written SQL: what runs in every request or in every signup."""

from datetime import datetime
from typing import NamedTuple

# One look-up tells all about a request's caller, and which settings hold. In the portal nobody
# uses a program: there is no api_key, and the token is no program's.


class CallerRow(NamedTuple):
    """The company's version of its settings, and of the caller what is known: NULL where the key
    or the token is wrong. `scopes` is JSON."""

    version: int
    client_id: int | None
    scopes: str | None
    user_id: int | None
    username: str | None
    member_id: int | None
    market_id: int | None
    kind: str | None
    last_used_at: datetime | None


CALLER = """
SELECT company.version,
       client.id AS client_id, client.scopes,
       person.id AS user_id, person.username, member.user_id AS member_id,
       member.market_id, member.kind, token.last_used_at
FROM company_company company
LEFT JOIN company_apiclient client
       ON client.digest = %(api_key)s AND client.revoked_at IS NULL
LEFT JOIN members_accesstoken token
       ON token.digest = %(access_token)s AND token.client_id IS NOT DISTINCT FROM client.id
      AND token.expires_at > %(now)s
      AND (coalesce((company.settings ->> 'token_idle_minutes')::integer, 0) = 0
           OR token.last_used_at > %(now)s - make_interval(
                mins => (company.settings ->> 'token_idle_minutes')::integer))
LEFT JOIN members_member member
       ON member.user_id = token.user_id AND member.standing = 'active'
LEFT JOIN members_user person
       ON person.id = member.user_id AND person.is_active
"""

_PERSON = """
SELECT person.id, person.username, person.email, person.password, person.is_active,
       person.is_staff, member.user_id AS member_id, member.kind, member.standing,
       member.transaction_password, member.preferred_side, member.market_id
FROM members_user person LEFT JOIN members_member member ON member.user_id = person.id
"""
BY_USERNAME = f"{_PERSON} WHERE lower(person.username) = lower(%s)"
BY_ADDRESS = f"{_PERSON} WHERE lower(person.email) = lower(%s) ORDER BY lower(person.username)"

# The token is made only while the password that was checked is still the person's, and the
# office has not blocked them meanwhile.
LET_IN = """
INSERT INTO members_accesstoken
    (digest, user_id, client_id, created_at, last_used_at, expires_at)
SELECT %(digest)s, person.id, %(client_id)s, %(now)s, %(now)s, %(expires_at)s
FROM members_user person JOIN members_member member ON member.user_id = person.id
WHERE person.id = %(user_id)s AND person.password = %(password)s AND member.standing = 'active'
FOR SHARE
"""

ADD_USER = """
INSERT INTO members_user (username, email, password, is_staff, is_active, is_superuser,
                          date_joined)
VALUES (%(username)s, %(email)s, %(password)s, false, true, false, %(now)s)
ON CONFLICT (lower(username)) DO NOTHING
RETURNING id
"""

ADD_MEMBER = """
INSERT INTO members_member (user_id, market_id, kind, member_since, package_id, rank_name, standing,
    firstname, lastname, gender, date_of_birth, address_line1, address_line2, city, zip_code,
    country_id, email, mobile, landline, transaction_password, preferred_side, joined_at,
    terms_version, terms_agreed_at, terms_address)
VALUES (%(user_id)s, %(market_id)s, %(kind)s, %(member_since)s, %(package_id)s, '', 'active',
    %(firstname)s, %(lastname)s, '', %(date_of_birth)s, '', '', '', '', %(country_id)s, %(email)s,
    %(mobile)s, '', '', 1, %(now)s, %(terms_version)s, %(now)s, %(address)s)
"""

# Who moves a member to another market holds the row alone.
HOLD_MARKET = "SELECT market_id FROM members_member WHERE user_id = %s FOR KEY SHARE"
HOLD_ALONE = "SELECT market_id FROM members_member WHERE user_id = %s FOR UPDATE"

ADD_MARKET = """
INSERT INTO members_marketfact (member_id, market_id, since, by_kind, by_staff_id, by_member_id,
                                by_client_id)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""

ADD_STANDING = """
INSERT INTO members_standingfact (member_id, standing, since, reason, by_kind, by_staff_id,
                                  by_member_id, by_client_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""

# What holds from the day that a member joins.
ADD_FIRST_FACTS = """
WITH belongs AS (
INSERT INTO members_marketfact (member_id, market_id, since, by_kind, by_staff_id, by_member_id,
                                by_client_id)
VALUES (%(member)s, %(market)s, %(now)s, (%(actor)s::base_actor).*))
INSERT INTO members_standingfact (member_id, standing, since, reason, by_kind, by_staff_id,
                                  by_member_id, by_client_id)
VALUES (%(member)s, %(standing)s, %(now)s, 'joined', (%(actor)s::base_actor).*)
"""

ADD_PACKAGE = """
WITH held AS (
UPDATE members_member SET package_id = %(package)s WHERE user_id = %(member)s)
INSERT INTO members_packagefact (member_id, package_id, since, order_number, by_kind, by_staff_id,
                                 by_member_id, by_client_id)
VALUES (%(member)s, %(package)s, %(since)s, %(order)s, (%(actor)s::base_actor).*)
"""
# The package that counts, leaving out those that some orders gave.


class HeldPackage(NamedTuple):
    """A package that counted, none where it was taken back, and the order that gave it."""

    package_id: int | None
    order_number: str


LATEST_PACKAGE = """
SELECT package_id, order_number FROM members_packagefact
WHERE member_id = %s AND order_number <> ALL (%s)
ORDER BY since DESC, id DESC LIMIT 1
"""

SET_RANKS = """
UPDATE members_member SET rank_name = changed.rank_name
FROM unnest(%s::bigint[], %s::text[]) AS changed (member_id, rank_name)
WHERE user_id = changed.member_id
"""

ADD_RANKS = """
INSERT INTO members_rankfact (member_id, rank_name, since, by_kind, by_staff_id, by_member_id,
                              by_client_id)
SELECT changed.member_id, changed.rank_name, %s, %s, %s, %s, %s
FROM unnest(%s::bigint[], %s::text[]) AS changed (member_id, rank_name)
"""
