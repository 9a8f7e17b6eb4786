"""A member's profile, read in one statement."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from upline.base import sql
from upline.company.models import PlanKind
from upline.genealogy.queries import SIDE_LETTERS
from upline.members.person import profile
from upline.members.queries import language_of

_PROFILE = """
SELECT person.username, member.rank_name, picture.name AS picture, above.username AS placement,
       sponsor.username AS sponsor, node.side, node.id AS position_id, package.name AS package,
       member.firstname,
       member.lastname, member.gender, member.date_of_birth, member.address_line1,
       member.address_line2, member.country_id, member.state_id, member.city, member.zip_code,
       member.email, member.mobile, member.landline, member.bank_sealed, key.wrapped,
       company.plan_kind, node.status AS position_status
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


class KeptProfile(NamedTuple):
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
    position_status: str | None


@dataclass(frozen=True)
class MemberProfile:
    """What is kept of a member, and the bank data by field, "" where nothing is known."""

    kept: KeptProfile
    bank: dict[str, str]

    @property
    def leg(self) -> str:
        """L or R in a binary company, "" elsewhere and for who is not placed."""
        is_binary = self.kept.plan_kind == PlanKind.BINARY
        return SIDE_LETTERS.get(self.kept.side or 0, "") if is_binary else ""


class MemberLanguages(NamedTuple):
    """The language that a member chose, '' for none, and the one that mails to them are in."""

    chosen: str
    mails: str


class PictureFile(NamedTuple):
    """A picture as it is sent."""

    content: bytes
    content_type: str


def profile_of(member_id: int) -> MemberProfile:
    """What is known of a member or customer, bank data in clear."""
    row = sql.one(KeptProfile, _PROFILE, [member_id])
    assert row is not None, "the caller is a member or a customer"
    return MemberProfile(row, profile.open_bank(member_id, row.bank_sealed, row.wrapped))


def languages_of(member_id: int) -> MemberLanguages:
    """The languages of a member."""
    chosen = sql.value(str, "SELECT language FROM members_user WHERE id = %s", [member_id])
    return MemberLanguages(chosen or "", language_of(member_id))


def picture_of(member_id: int) -> PictureFile | None:
    """The member's picture; None where there is none."""
    return sql.one(
        PictureFile,
        """SELECT picture.content, picture.content_type FROM members_member member
           JOIN pictures_picture picture ON picture.id = member.picture_id
           WHERE member.user_id = %s""",
        [member_id],
    )


def shows_contact(member_id: int) -> bool:
    """Whether those above a member see their e-mail address and mobile phone."""
    statement = "SELECT shows_contact FROM members_member WHERE user_id = %s"
    return bool(sql.value(bool, statement, [member_id]))
