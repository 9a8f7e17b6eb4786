"""The unit of work: every change is made here, whole or not at all.

In this order: a stored answer to the same Idempotency-Key is given again; secrets are looked
at by the caller (`base/attempts.py`), in no transaction; one transaction holds the change and
its stored answer. A transaction that PostgreSQL aborted for its own reasons is tried again.
"""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar

import psycopg
from django.conf import settings
from django.db import OperationalError

from upline.base import actors, clock, databases, encryption, sql
from upline.base.actors import Actor, ActorKind
from upline.base.errors import IdempotencyKeyReused, InProgress, NotPermitted, OwnAccount
from upline.language import gettext

T = TypeVar("T")

KEPT = timedelta(days=30)
_TRIES = 3
_PAUSE_MILLISECONDS = 50
_RETRIED = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)


@dataclass(frozen=True)
class Answer:
    """What the caller is told: HTTP status, `data` as JSON text or None, Location or None."""

    status: int
    data: str | None = None
    location: str | None = None


class Replayed(Exception):
    """The same request succeeded before: this is its answer, and nothing was done."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("replayed")
        self.answer = answer


@dataclass(frozen=True)
class IdempotencyKey:
    """One caller's name for one request. `scope` names the caller, `body` what was asked."""

    key: str
    scope: str
    body: str

    @property
    def digest(self) -> bytes:
        """What the key is found by: nobody's key is another's."""
        return encryption.digest("idempotency", f"{self.scope}:{self.key}")

    @property
    def fingerprint(self) -> bytes:
        """What the body is compared by, where the key comes again."""
        return hmac.digest(settings.SECRET_KEY.encode(), self.body.encode(), hashlib.sha256)


@dataclass
class UnitOfWork:
    """Who changes something, from where, and what they are told about it.

    `answer` turns the action's result into the Answer, inside the transaction, so that a
    stored answer shows what this change made and no later one. `is_confirmed` says that who acts
    has entered their own password for this very change, and their code where they have one;
    `agrees_to` is the asked step of another that they do with it, by its id."""

    actor: Actor
    address: str = ""
    request_id: str = ""
    key: IdempotencyKey | None = None
    is_confirmed: bool = False
    agrees_to: int | None = None
    answer: Callable[[Any], Answer] = field(default=lambda _: Answer(204))
    answered: Answer = field(default_factory=lambda: Answer(204))

    @property
    def actor_id(self) -> int | None:
        """The user who acts; None where nobody signed in."""
        return actors.user_of(self.actor)

    @property
    def member_id(self) -> int | None:
        """The member who acts, the only kind of actor with a sealing key."""
        return actors.member_of(self.actor)

    @property
    def client_id(self) -> int | None:
        """The API client through which somebody acts."""
        return actors.client_of(self.actor)

    def refuse_own(self, member_id: int | None) -> None:
        """Raises OwnAccount where a member's account is the actor's own."""
        if member_id is not None and actors.is_own(self.actor, member_id):
            raise OwnAccount()

    def require(self, right: str, *, by_person: bool = False) -> None:
        """Raises NotPermitted unless the actor has this right; `by_person`, unless a staff user
        has it, who answers for what they do."""
        if not self.actor.may(right) or (by_person and self.actor.kind != ActorKind.STAFF):
            if self.client_id is not None:
                raise NotPermitted(
                    gettext("This api_key does not have the scope {scope}.", scope=right)
                )
            raise NotPermitted(
                gettext("You are not allowed to do this. Ask an owner for the permission.")
            )

    def replay(self) -> None:
        """Raise Replayed where this request's answer is stored already."""
        if self.key:
            _raise_stored(self.key)

    def commit(
        self, action: Callable[[], T], *, one_statement: bool = False, snapshot: bool = False
    ) -> T:
        """Run `action` in one transaction, with the answer under its key. Returns its result.

        `one_statement` says that the action changes by a single statement. That is whole by
        itself, so without a key it is spared BEGIN and COMMIT. Tests fail where it needs a second.

        `snapshot` lets all of `action` see the books as they are at one moment, however long it
        reads (REPEATABLE READ); it is tried again where what it changes has changed since."""
        assert not (one_statement and snapshot), "one statement sees one moment anyway"
        alone = one_statement and self.key is None
        for tries_remaining in reversed(range(_TRIES)):
            try:
                with nullcontext() if alone else databases.atomic():
                    if snapshot:
                        sql.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                    return self._once(action, one_statement=one_statement)
            except OperationalError as error:
                if not (tries_remaining and isinstance(error.__cause__, _RETRIED)):
                    raise
                # Two that were in each other's way must not meet again at once.
                time.sleep(secrets.randbelow(_PAUSE_MILLISECONDS) / 1000)
        raise AssertionError("unreachable")

    def _once(self, action: Callable[[], T], *, one_statement: bool) -> T:
        if self.key:
            _hold(self.key)
            _raise_stored(self.key)
        with actors.acting_as(self.actor), sql.only_one() if one_statement else nullcontext():
            result = action()
        self.answered = self.answer(result)
        if self.key:
            _store(self.key, self.member_id, self.answered)
        return result


def _hold(key: IdempotencyKey) -> None:
    number = int.from_bytes(key.digest[:8], "big", signed=True)
    if not sql.value(bool, "SELECT pg_try_advisory_xact_lock(%s)", [number]):
        raise InProgress(retry_after=1)


class _Stored(NamedTuple):
    """An answer that was given before, sealed with the key of a member, or with ours."""

    fingerprint: bytes
    status: int
    sealed: bytes
    member_id: int | None


def _raise_stored(key: IdempotencyKey) -> None:
    row = sql.one(
        _Stored,
        """SELECT fingerprint, status, sealed, member_id FROM base_storedanswer
           WHERE digest = %s AND expires_at > %s""",
        [key.digest, clock.now()],
    )
    if row is None:
        return
    if not hmac.compare_digest(row.fingerprint, key.fingerprint):
        raise IdempotencyKeyReused()
    text = _open(row.sealed, key, row.member_id)
    raise Replayed(Answer(row.status, *json.loads(text)))


def _store(key: IdempotencyKey, member_id: int | None, answer: Answer) -> None:
    text = json.dumps([answer.data, answer.location])
    sql.run(
        """INSERT INTO base_storedanswer
               (digest, fingerprint, status, sealed, member_id, expires_at)
           VALUES (%s, %s, %s, %s, %s, %s)
           ON CONFLICT (digest) DO UPDATE SET (fingerprint, status, sealed, member_id, expires_at)
               = (excluded.fingerprint, excluded.status, excluded.sealed, excluded.member_id,
                  excluded.expires_at)""",
        [
            key.digest,
            key.fingerprint,
            answer.status,
            _close(text, key, member_id),
            member_id,
            clock.now() + KEPT,
        ],
    )


def _close(text: str, key: IdempotencyKey, member_id: int | None) -> bytes:
    if member_id is None:
        return encryption.masters().encrypt(text.encode())
    context = f"answer:{key.digest.hex()}"
    return encryption.seal(text, wrapped_key=_key_of(member_id), context=context)


def _open(sealed: bytes, key: IdempotencyKey, member_id: int | None) -> str:
    if member_id is None:
        return encryption.masters().decrypt(sealed).decode()
    context = f"answer:{key.digest.hex()}"
    return encryption.unseal(sealed, wrapped_key=_key_of(member_id), context=context)


def _key_of(member_id: int) -> bytes:
    wrapped = encryption.wrapped_key_of(member_id)
    assert wrapped is not None, "a member has a key until they are erased, with their answers"
    return wrapped
