"""Who a member is to the law: legal name, address, tax number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from upline.base import countries, sql
from upline.members.person.profile import open_bank


class _Told(NamedTuple):
    """What a member has told; bank data sealed, with the key that opens them."""

    id: int
    firstname: str
    lastname: str
    address_line1: str
    address_line2: str
    zip_code: str
    city: str
    state_id: int | None
    country_id: int | None
    bank_sealed: bytes
    wrapped: bytes | None


_PEOPLE = """
SELECT member.user_id AS id, firstname, lastname, address_line1, address_line2, zip_code, city,
       state_id, country_id, bank_sealed, wrapped
FROM members_member member LEFT JOIN base_personkey key ON key.user_id = member.user_id
WHERE member.user_id = ANY (%s)
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """As far as the member has told, and as it stands now; '' where nothing is known.

    `tax_number` is the profile's PAN."""

    name: str = ""
    address: str = ""
    tax_number: str = ""


def identities(member_ids: Collection[int]) -> Mapping[int, Identity]:
    """The identity of each of these members, by id."""
    return {row.id: _identity(row) for row in sql.rows(_Told, _PEOPLE, [list(member_ids)])}


def _identity(row: _Told) -> Identity:
    parts = (
        row.address_line1,
        row.address_line2,
        f"{row.zip_code} {row.city}".strip(),
        countries.state_name(row.state_id),
        countries.spoken_name(row.country_id),
    )
    return Identity(
        name=f"{row.firstname} {row.lastname}".strip(),
        address=", ".join(filter(None, parts)),
        tax_number=open_bank(row.id, row.bank_sealed, row.wrapped)["pan"],
    )
