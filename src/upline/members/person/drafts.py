"""Drafts of people who are about to join: kept for seven days under a secret that only their
browser has, and a link that was mailed to them.

The text is sealed with the master key, for this one draft: rows cannot be swapped."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from upline.base import clock, encryption, sql
from upline.members.errors import AlreadyJoined, DraftChanged, DraftGone

DAYS = 7
_SECRET_BYTES = 32
_PURPOSE = "join_draft"


@dataclass(frozen=True)
class Draft:
    """What has been typed so far, by the names of the forms' fields. `secret` is what opens it;
    `member_id` who it became, None while they have not joined."""

    secret: str
    typed: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    member_id: int | None = None
    digest: bytes = b""


class _DraftRow(NamedTuple):
    """A draft that has not expired."""

    digest: bytes
    sealed: bytes
    version: int
    member_id: int | None


_FIND = """
SELECT digest, sealed, version, member_id FROM members_joindraft
WHERE (digest = %(secret)s OR link_digest = %(secret)s) AND expires_at > %(now)s
"""


def find(secret: str) -> Draft | None:
    """The draft that a cookie or a mailed link opens; None where there is none any more."""
    return _read(secret, _FIND) if secret else None


def lock(secret: str, version: int) -> Draft:
    """Inside a transaction: the same, for whoever joins with it. Raises DraftGone, AlreadyJoined;
    DraftChanged where it is not the one of this version any more."""
    draft = _read(secret, f"{_FIND} FOR UPDATE")
    if draft is None:
        raise DraftGone()
    if draft.member_id:
        raise AlreadyJoined(draft.member_id)
    if draft.version != version:
        raise DraftChanged()
    return draft


def new_secret() -> str:
    """A secret that a browser can keep before anything was typed: whatever is sent twice belongs to
    one draft."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def keep(secret: str, typed: Mapping[str, str]) -> None:
    """Inside a transaction: add what was typed to the draft of this secret, or begin it. Raises
    AlreadyJoined."""
    _begin(secret)
    draft = _read(secret, f"{_FIND} FOR UPDATE")
    assert draft is not None, "it has been there, or has begun"
    if draft.member_id:
        raise AlreadyJoined(draft.member_id)
    sealed = _seal(draft.digest, {**draft.typed, **typed})
    sql.run(
        "UPDATE members_joindraft SET sealed = %s, version = version + 1 WHERE digest = %s",
        [sealed, draft.digest],
    )


def finish(draft: Draft, member_id: int) -> None:
    """Inside a transaction: this is who they became. What they typed is not kept twice."""
    sql.run(
        """UPDATE members_joindraft SET sealed = '', member_id = %s, version = version + 1
           WHERE digest = %s""",
        [member_id, draft.digest],
    )


def discard(secret: str) -> None:
    """Throw a draft away, for whoever has the secret. Who has joined stays joined."""
    sql.run(
        "DELETE FROM members_joindraft WHERE digest = %(secret)s OR link_digest = %(secret)s",
        {"secret": _digest(secret)},
    )


def new_link(digest: bytes) -> tuple[Draft, str] | None:
    """A fresh secret to be mailed, in place of the one mailed before, and the draft that it opens;
    None where there is none any more, or they have joined."""
    secret = new_secret()
    made = sql.run(
        """UPDATE members_joindraft SET link_digest = %s
           WHERE digest = %s AND member_id IS NULL AND expires_at > %s""",
        [_digest(secret), digest, clock.now()],
    )
    draft = find(secret) if made else None
    return (draft, secret) if draft else None


def _begin(secret: str) -> None:
    """Where there is no draft of this secret. Of two that begin one, the second waits."""
    digest, now = _digest(secret), clock.now()
    if find(secret):
        return
    sql.run(
        """INSERT INTO members_joindraft (digest, sealed, version, expires_at)
           VALUES (%(digest)s, '', 0, %(expires)s)
           ON CONFLICT (digest) DO UPDATE
           SET sealed = '', version = 0, member_id = NULL, link_digest = NULL,
               expires_at = excluded.expires_at
           WHERE members_joindraft.expires_at <= %(now)s""",
        {"digest": digest, "now": now, "expires": now + timedelta(days=DAYS)},
    )


def _read(secret: str, statement: str) -> Draft | None:
    row = sql.one(_DraftRow, statement, {"secret": _digest(secret), "now": clock.now()})
    if row is None:
        return None
    digest = bytes(row.digest)
    typed = json.loads(encryption.open_for(_context(digest), row.sealed)) if row.sealed else {}
    return Draft(secret, typed, row.version, row.member_id, digest)


def _seal(digest: bytes, typed: Mapping[str, str]) -> bytes:
    return encryption.seal_for(_context(digest), json.dumps(dict(typed)))


def _digest(secret: str) -> bytes:
    return encryption.digest(_PURPOSE, secret)


def _context(digest: bytes) -> str:
    return f"members_joindraft.sealed:{digest.hex()}"
