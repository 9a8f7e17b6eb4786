"""Drafts of people who are about to join: kept for seven days under a secret that only their
browser has. A mailed link hands a draft over to another browser, once: whoever had it before has
it no longer, because who began a draft need not be the person whose details are in it.

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
_USED = "join_draft used"


@dataclass(frozen=True)
class Draft:
    """What has been typed so far, by the names of the forms' fields. `secret` is what opens it, ''
    where it was found by a link; `member_id` who it became, None while they have not joined."""

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
WHERE digest = %(digest)s AND expires_at > %(now)s
"""
_FIND_BY_LINK = """
SELECT digest, sealed, version, member_id FROM members_joindraft
WHERE link_digest = %(digest)s AND expires_at > %(now)s
"""


def find(secret: str) -> Draft | None:
    """The draft that a browser's cookie opens; None where there is none any more. A mailed link
    opens none: it is handed over first."""
    return _read(secret, _FIND) if secret else None


def find_by_link(link: str) -> Draft | None:
    """The draft that the secret of a mailed link hands over; None where the link was used, or a
    newer one was mailed, or there is no draft any more."""
    return _found(_digest(link), _FIND_BY_LINK)


def find_by_used_link(link: str) -> Draft | None:
    """The draft that the secret of a mailed link has handed over; None where it has not."""
    return _found(_used(link), _FIND_BY_LINK)


def hand_over(link: str) -> Draft | None:
    """Inside a transaction: give the draft of a mailed link a new secret, for the browser that used
    the link. The older secret and the link open it no longer. None where find_by_link finds none,
    or they have joined. Of two that use a link at once, one gets the draft."""
    draft = _found(_digest(link), f"{_FIND_BY_LINK} FOR UPDATE")
    if draft is None or draft.member_id:
        return None
    secret = new_secret()
    digest = _digest(secret)
    sql.run(
        """UPDATE members_joindraft
           SET digest = %s, link_digest = %s, sealed = %s, version = version + 1
           WHERE digest = %s""",
        [digest, _used(link), _seal(digest, draft.typed), draft.digest],
    )
    return Draft(secret, draft.typed, draft.version + 1, None, digest)


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
    draft = None
    while draft is None:  # it may be handed over or thrown away between the two
        _begin(secret)
        draft = _read(secret, f"{_FIND} FOR UPDATE")
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
    sql.run("DELETE FROM members_joindraft WHERE digest = %s", [_digest(secret)])


def new_link(digest: bytes) -> tuple[Draft, str] | None:
    """A fresh secret to be mailed, in place of the one mailed before, and the draft that it opens;
    None where there is none any more, or they have joined."""
    link = new_secret()
    made = sql.run(
        """UPDATE members_joindraft SET link_digest = %s
           WHERE digest = %s AND member_id IS NULL AND expires_at > %s""",
        [_digest(link), digest, clock.now()],
    )
    draft = find_by_link(link) if made else None
    return (draft, link) if draft else None


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
    return _found(_digest(secret), statement, secret)


def _found(looked_for: bytes, statement: str, secret: str = "") -> Draft | None:
    row = sql.one(_DraftRow, statement, {"digest": looked_for, "now": clock.now()})
    if row is None:
        return None
    digest = bytes(row.digest)
    typed = json.loads(encryption.open_for(_context(digest), row.sealed)) if row.sealed else {}
    return Draft(secret, typed, row.version, row.member_id, digest)


def _seal(digest: bytes, typed: Mapping[str, str]) -> bytes:
    return encryption.seal_for(_context(digest), json.dumps(dict(typed)))


def _digest(secret: str) -> bytes:
    return encryption.digest(_PURPOSE, secret)


def _used(link: str) -> bytes:
    """What stands in place of a link's digest once it was used."""
    return encryption.digest(_USED, link)


def _context(digest: bytes) -> str:
    return f"members_joindraft.sealed:{digest.hex()}"
