"""What must always hold of what is sealed: the master keys of this process open it.

Reading all of it takes a second for some 50,000 people and e-pins."""

from collections.abc import Iterator
from functools import partial

from upline.base import encryption, sql
from upline.books.invariant import EPIN, PERSON, Breach, Invariant
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


def _unopened(what: str, statement: str) -> Iterator[Breach]:
    keys, last = encryption.masters(), 0
    while found := sql.rows(encryption.SealedRow, statement, [last]):
        last = found[-1].id
        yield from ({what: row.id} for row in found if not encryption.opens(keys, row.sealed))


KEYS = [
    Invariant(
        lazy("Each person's key opens with a master key"),
        PERSON,
        partial(_unopened, "person", PERSON_KEYS),
    ),
    Invariant(
        lazy("Each second factor opens with a master key"),
        lazy("second factor of person {person}"),
        partial(_unopened, "person", SECOND_FACTORS),
    ),
    Invariant(
        lazy("Each e-pin's code opens with a master key"), EPIN, partial(_unopened, "epin", EPINS)
    ),
    Invariant(
        lazy("Each payment provider's secret opens with a master key"),
        lazy("secret {secret} of a payment provider"),
        partial(_unopened, "secret", PROVIDER_SECRETS),
    ),
]
