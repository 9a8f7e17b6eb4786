"""Turning the master key over: what older master keys sealed is sealed by the newest."""

from collections.abc import Iterator

from upline.base import audit, databases, encryption, sql
from upline.base.audit import AuditEvent
from upline.base.errors import Conflict
from upline.base.unit import UnitOfWork
from upline.flows.permissions import Right, needs
from upline.language import gettext

PERSON_KEYS = """
SELECT user_id AS id, wrapped AS sealed FROM base_personkey WHERE user_id > %s
ORDER BY user_id LIMIT 1000 FOR NO KEY UPDATE
"""
CHANGE_PERSON_KEY = "UPDATE base_personkey SET wrapped = %s WHERE user_id = %s"
EPINS = """
SELECT id, sealed FROM epins_epin WHERE id > %s ORDER BY id LIMIT 1000 FOR NO KEY UPDATE
"""
CHANGE_EPIN = "UPDATE epins_epin SET sealed = %s WHERE id = %s"
SECOND_FACTORS = """
SELECT user_id AS id, sealed FROM members_secondfactor WHERE user_id > %s
ORDER BY user_id LIMIT 1000 FOR NO KEY UPDATE
"""
CHANGE_SECOND_FACTOR = "UPDATE members_secondfactor SET sealed = %s WHERE user_id = %s"
PROVIDER_SECRETS = """
SELECT id, sealed FROM payments_providersecret WHERE id > %s ORDER BY id LIMIT 1000
FOR NO KEY UPDATE
"""
CHANGE_PROVIDER_SECRET = """
UPDATE payments_providersecret SET sealed = %s WHERE id = %s
"""  # noqa: S105 - a statement
DRAFTS = """
SELECT id, sealed FROM members_joindraft WHERE id > %s AND sealed <> '' ORDER BY id LIMIT 1000
FOR NO KEY UPDATE
"""
CHANGE_DRAFT = "UPDATE members_joindraft SET sealed = %s WHERE id = %s"
CHECK = "SELECT id, sealed FROM base_keycheck WHERE id > %s LIMIT 1000 FOR NO KEY UPDATE"
CHANGE_CHECK = "UPDATE base_keycheck SET sealed = %s WHERE id = %s"
# The check value last: until all is done, the older keys are still asked for at each start.
SEALED = (
    ("the key of person", PERSON_KEYS, CHANGE_PERSON_KEY),
    ("the second factor of person", SECOND_FACTORS, CHANGE_SECOND_FACTOR),
    ("e-pin", EPINS, CHANGE_EPIN),
    ("the provider's secret", PROVIDER_SECRETS, CHANGE_PROVIDER_SECRET),
    ("the draft", DRAFTS, CHANGE_DRAFT),
    ("the check value", CHECK, CHANGE_CHECK),
)


class DoesNotOpen(Conflict):
    """No master key opens something that is sealed."""


@needs(Right.RUN_SERVER)
def rotate_master_keys(unit: UnitOfWork) -> Iterator[int]:
    """Seal person keys, second factors, e-pin codes, providers' secrets and the drafts of people
    who are about to join anew, in batches that each are whole. Yields how many were done so far.
    After it, the older master keys can go; stored answers of all but members, which they sealed
    too, are forgotten after 30 days. Raises DoesNotOpen; what was done stays."""
    done = 0
    for what, select, change in SEALED:
        last = 0
        while ids := _rotate_batch(what, select, change, last):
            last, done = ids[-1], done + len(ids)
            yield done
    unit.commit(lambda: audit.record(unit, AuditEvent.MASTER_KEYS_ROTATE, "company", sealed=done))


def _rotate_batch(what: str, select: str, change: str, after: int) -> list[int]:
    with databases.atomic():
        rows = sql.rows(encryption.SealedRow, select, [after])
        for row in rows:
            sql.run(change, [_rotated(f"{what} {row.id}", row.sealed), row.id])
    return [row.id for row in rows]


def _rotated(what: str, sealed: bytes) -> bytes:
    try:
        return encryption.rotate(sealed)
    except encryption.Unreadable as error:
        raise DoesNotOpen(
            gettext(
                "None of UPLINE_MASTER_KEYS opens {what}. Keep all of them, and add the "
                "one that is missing; `./upline verify` lists everything that does not "
                "open.",
                what=what,
            )
        ) from error
