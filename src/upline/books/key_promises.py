"""What must always hold of what is sealed: the master keys of this process open it.

Reading all of it takes a second for some 50,000 people and e-pins."""

from collections.abc import Iterator
from functools import partial

from upline.base import encryption, sql
from upline.language import lazy

PERSON_KEYS = """
SELECT user_id AS id, wrapped AS sealed FROM base_personkey WHERE user_id > %s
ORDER BY user_id LIMIT 10000
"""
EPINS = "SELECT id, sealed FROM epins_epin WHERE id > %s ORDER BY id LIMIT 10000"

SECOND_FACTORS = """
SELECT user_id AS id, sealed FROM members_secondfactor WHERE user_id > %s
ORDER BY user_id LIMIT 10000
"""
PROVIDER_SECRETS = """
SELECT id, sealed FROM payments_providersecret WHERE id > %s ORDER BY id LIMIT 10000
"""


def _unopened(what: str, statement: str) -> Iterator[str]:
    keys, last = encryption.masters(), 0
    while found := sql.rows(encryption.SealedRow, statement, [last]):
        last = found[-1].id
        yield from (f"{what} {row.id}" for row in found if not encryption.opens(keys, row.sealed))


KEYS = [
    (lazy("Each person's key opens with a master key"), partial(_unopened, "person", PERSON_KEYS)),
    (
        lazy("Each second factor opens with a master key"),
        partial(_unopened, "second factor of person", SECOND_FACTORS),
    ),
    (lazy("Each e-pin's code opens with a master key"), partial(_unopened, "e-pin", EPINS)),
    (
        lazy("Each payment provider's secret opens with a master key"),
        partial(_unopened, "provider's secret", PROVIDER_SECRETS),
    ),
]
