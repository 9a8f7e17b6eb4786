"""A member's profile, as the published API lists it."""

from datetime import date
from typing import Any, NamedTuple

from upline.base import countries, sql
from upline.company.models import PlanKind
from upline.genealogy.queries import SIDE_LETTERS
from upline.language.loading import installed, own_name
from upline.members.person import profile
from upline.members.queries import language_of
from upline.pictures import queries as pictures

_PROFILE = """
SELECT person.username, member.rank_name, picture.name AS picture, above.username AS placement,
       sponsor.username AS sponsor, node.side, node.id AS position_id, package.name AS package,
       member.firstname,
       member.lastname, member.gender, member.date_of_birth, member.address_line1,
       member.address_line2, member.country_id, member.state_id, member.city, member.zip_code,
       member.email, member.mobile, member.landline, member.bank_sealed, key.wrapped,
       company.plan_kind
FROM members_member member
JOIN members_user person ON person.id = member.user_id
LEFT JOIN genealogy_position node ON node.id = member.user_id
CROSS JOIN company_company company
LEFT JOIN genealogy_position upper ON upper.id = node.parent_id
LEFT JOIN members_user above ON above.id = upper.member_id
LEFT JOIN members_user sponsor ON sponsor.id = CASE WHEN member.kind = 'member'
     THEN node.sponsor_id
     ELSE (SELECT sponsor_id FROM genealogy_sponsorfact WHERE member_id = member.user_id
           ORDER BY since DESC, id DESC LIMIT 1) END
LEFT JOIN catalog_package package ON package.id = member.package_id
LEFT JOIN pictures_picture picture ON picture.id = member.picture_id
LEFT JOIN base_personkey key ON key.user_id = member.user_id
WHERE member.user_id = %s
"""


class _Profile(NamedTuple):
    """What is kept of a member, bank data sealed, and where the first position stands."""

    username: str
    rank_name: str
    picture: str | None
    placement: str | None
    sponsor: str | None
    side: int | None
    position_id: int | None
    package: str | None
    firstname: str
    lastname: str
    gender: str
    date_of_birth: date | None
    address_line1: str
    address_line2: str
    country_id: int | None
    state_id: int | None
    city: str
    zip_code: str
    email: str
    mobile: str
    landline: str
    bank_sealed: bytes | None
    wrapped: bytes | None
    plan_kind: str


class PictureFile(NamedTuple):
    """A picture as it is sent."""

    content: bytes
    content_type: str


def profile_of(member_id: int) -> dict[str, Any]:
    """The 26 fields of the published API in its order, then the ids of country and state, and of
    the first position."""
    row = sql.one(_Profile, _PROFILE, [member_id])
    assert row is not None, "the caller is a member or a customer"
    bank = profile.open_bank(member_id, row.bank_sealed, row.wrapped)
    return {
        "username": row.username,
        "rank_name": row.rank_name,
        "profile_image": pictures.url(row.picture),
        "placement_user": row.placement or "",
        "sponsor_user": row.sponsor or "",
        "position": SIDE_LETTERS.get(row.side or 0, "") if row.plan_kind == PlanKind.BINARY else "",
        "membership_package": row.package or "",
        "firstname": row.firstname,
        "lastname": row.lastname,
        "gender": row.gender,
        "date_of_birth": row.date_of_birth.isoformat() if row.date_of_birth else "",
        "address_line1": row.address_line1,
        "address_line2": row.address_line2,
        "country": countries.country_name(row.country_id),
        "state": countries.state_name(row.state_id),
        "city": row.city,
        "zip_code": row.zip_code,
        "email": row.email,
        "mobile": row.mobile,
        "landline": row.landline,
        **bank,
        "country_id": row.country_id,
        "state_id": row.state_id,
        "position_id": row.position_id,
    }


def languages_of(member_id: int) -> dict[str, Any]:
    """The language that a member chose, the one that mails to them are in, and all there are."""
    chosen = sql.value(str, "SELECT language FROM members_user WHERE id = %s", [member_id])
    return {
        "language": chosen,
        "mails": language_of(member_id),
        "languages": [{"tag": tag, "name": own_name(tag)} for tag in installed()],
    }


def picture_of(member_id: int) -> PictureFile | None:
    """The member's picture; None where there is none."""
    return sql.one(
        PictureFile,
        """SELECT picture.content, picture.content_type FROM members_member member
           JOIN pictures_picture picture ON picture.id = member.picture_id
           WHERE member.user_id = %s""",
        [member_id],
    )
