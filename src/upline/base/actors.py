"""Who acts: each kind of actor with what it is known by. What it may do, a flow asks of it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar


class ActorKind(StrEnum):
    """What an actor is, as the audit log stores it."""

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
class ApiClient:
    """A program with an api key, and no member signed in."""

    id: int
    kind: ClassVar = ActorKind.API_CLIENT

    def may(self, right: str) -> bool:
        return False


@dataclass(frozen=True)
class Member:
    """A member, by a program of this id; None where they use no program."""

    id: int
    client_id: int | None = None
    kind: ClassVar = ActorKind.MEMBER

    def may(self, right: str) -> bool:
        return False


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


Actor = Staff | ApiClient | Member | Worker | Shell | Visitor


def user_of(actor: Actor) -> int | None:
    """The id of the user who acts; None where nobody signed in."""
    return actor.id if isinstance(actor, Staff | Member) else None


def is_own(actor: Actor, member_id: int) -> bool:
    """Whether a member's account is the actor's own."""
    named = actor.member_id if isinstance(actor, Staff) else None
    return member_id in (user_of(actor), named)


def client_of(actor: Actor) -> int | None:
    """The id of the API client through which somebody acts."""
    if isinstance(actor, ApiClient):
        return actor.id
    return actor.client_id if isinstance(actor, Member) else None


def scope_of(actor: Actor) -> str:
    """Names the actor among all: nobody else's Idempotency-Key is theirs."""
    return f"{actor.kind}:{client_of(actor) or ''}:{user_of(actor) or ''}"
