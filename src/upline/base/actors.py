"""Who acts: each kind of actor with what it is known by. What it may do, a flow asks of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, NamedTuple


class ActorKind(StrEnum):
    """What an actor is, as rows store it."""

    STAFF = "staff"
    API_CLIENT = "api_client"
    MEMBER = "member"
    WORKER = "worker"
    SHELL = "shell"
    VISITOR = "visitor"


@dataclass(frozen=True)
class Staff:
    """A staff user, with the names of their rights as they were when the request began, and the
    member account that they named as their own."""

    id: int
    rights: frozenset[str] = field(default=frozenset(), repr=False)
    member_id: int | None = None
    kind: ClassVar = ActorKind.STAFF

    def may(self, right: str) -> bool:
        return right in self.rights


@dataclass(frozen=True)
class ActingClient:
    """A program with an api key, and no member signed in. `scopes` are the names of its rights."""

    id: int
    scopes: frozenset[str] = field(default=frozenset(), repr=False)
    kind: ClassVar = ActorKind.API_CLIENT

    def may(self, right: str) -> bool:
        return right in self.scopes


@dataclass(frozen=True)
class ActingMember:
    """A member, by a program of this id; None in the portal, where they use no program. `scopes`
    are the names of the program's rights: it does no more for the member than it may."""

    id: int
    client_id: int | None = None
    scopes: frozenset[str] = field(default=frozenset(), repr=False)
    kind: ClassVar = ActorKind.MEMBER

    def may(self, right: str) -> bool:
        return right in self.scopes


@dataclass(frozen=True)
class Worker:
    """Upline itself, at what time brings."""

    rights: frozenset[str] = frozenset()
    kind: ClassVar = ActorKind.WORKER

    def may(self, right: str) -> bool:
        return right in self.rights


@dataclass(frozen=True)
class Shell:
    """Whoever may run commands on the server: what no person has to answer for, they may do."""

    kind: ClassVar = ActorKind.SHELL

    def may(self, right: str) -> bool:
        return True


@dataclass(frozen=True)
class Visitor:
    """Somebody who has not signed in, or has only a mailed link."""

    kind: ClassVar = ActorKind.VISITOR

    def may(self, right: str) -> bool:
        return False


Actor = Staff | ActingClient | ActingMember | Worker | Shell | Visitor


class ActorKeys(NamedTuple):
    """An actor as rows store it: the kind, and the one key that names it. A worker, the shell and a
    visitor have none; a member who uses a program is the member."""

    kind: ActorKind
    staff_id: int | None = None
    member_id: int | None = None
    client_id: int | None = None

    @property
    def row(self) -> str:
        """The same as a `base_actor` of PostgreSQL (base/migrations/actors.sql)."""
        return f"({self.kind},{','.join(str(each or '') for each in self[1:])})"


def keys_of(actor: Actor) -> ActorKeys:
    """How rows store this actor."""
    match actor:
        case Staff():
            return ActorKeys(actor.kind, staff_id=actor.id)
        case ActingMember():
            return ActorKeys(actor.kind, member_id=actor.id)
        case ActingClient():
            return ActorKeys(actor.kind, client_id=actor.id)
    return ActorKeys(actor.kind)


_acting: ContextVar[Actor] = ContextVar("acting")


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Inside, this one acts: the unit of work says so while it makes its change."""
    token = _acting.set(actor)
    try:
        yield
    finally:
        _acting.reset(token)


def keys_now() -> ActorKeys:
    """Who acts in this unit of work, as rows store it. Raises LookupError outside of one: money and
    dated facts change nowhere else."""
    return keys_of(_acting.get())


def user_of(actor: Actor) -> int | None:
    """The id of the user who acts; None where nobody signed in."""
    return actor.id if isinstance(actor, Staff | ActingMember) else None


def member_of(actor: Actor) -> int | None:
    """The id of the member who acts, who alone has a key that seals what is theirs."""
    return actor.id if isinstance(actor, ActingMember) else None


def is_own(actor: Actor, member_id: int) -> bool:
    """Whether a member's account is the actor's own."""
    named = actor.member_id if isinstance(actor, Staff) else None
    return member_id in (user_of(actor), named)


def client_of(actor: Actor) -> int | None:
    """The id of the API client through which somebody acts."""
    if isinstance(actor, ActingClient):
        return actor.id
    return actor.client_id if isinstance(actor, ActingMember) else None


def scope_of(actor: Actor) -> str:
    """Names the actor among all: nobody else's Idempotency-Key is theirs."""
    return f"{actor.kind}:{client_of(actor) or ''}:{user_of(actor) or ''}"
