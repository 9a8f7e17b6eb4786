"""Turning the master key over: what older master keys sealed is sealed by the newest."""

from collections.abc import Iterator

from django.db import transaction

from upline.base import audit, encryption, sql
from upline.base.unit import Unit

PERSON_KEYS = """
SELECT user_id AS id, wrapped AS sealed FROM base_personkey WHERE user_id > %s
ORDER BY user_id LIMIT 1000 FOR NO KEY UPDATE
"""
CHANGE_PERSON_KEY = "UPDATE base_personkey SET wrapped = %s WHERE user_id = %s"
EPINS = """
SELECT id, sealed FROM epins_epin WHERE id > %s ORDER BY id LIMIT 1000 FOR NO KEY UPDATE
"""
CHANGE_EPIN = "UPDATE epins_epin SET sealed = %s WHERE id = %s"


def rotate_master_keys(unit: Unit) -> Iterator[int]:
    """Seal person keys and e-pin codes anew, in batches that each are whole. Yields how many
    were done so far. After it, the older master keys can go; stored answers of strangers, which
    they sealed too, are forgotten after 30 days."""
    done = 0
    for select, change in ((PERSON_KEYS, CHANGE_PERSON_KEY), (EPINS, CHANGE_EPIN)):
        last = 0
        while ids := _rotate_batch(select, change, last):
            last, done = ids[-1], done + len(ids)
            yield done
    unit.commit(lambda: audit.record(unit, "master_keys.rotate", "company", sealed=done))


def _rotate_batch(select: str, change: str, after: int) -> list[int]:
    with transaction.atomic():
        rows = sql.rows(select, [after])
        for row in rows:
            sql.run(change, [encryption.rotate(row.sealed), row.id])
    return [row.id for row in rows]
