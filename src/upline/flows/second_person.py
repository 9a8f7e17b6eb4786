"""Who counts as the second person of a step that takes two (`two_people.py`).

One person could make a second login for themselves and be both. So the second must have had the
right for 24 hours, and for as long neither must have had a hand in how the other signs in."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from upline.base import clock
from upline.base.actors import ActorKind
from upline.base.errors import NotPermitted
from upline.base.unit import UnitOfWork
from upline.company import current
from upline.flows import permissions
from upline.flows.permissions import Right
from upline.language import lazy
from upline.members.models import RightFact, SignInHelp, User

HOURS = 24


APPROVING = frozenset(
    {
        Right.APPROVE_RUN,
        Right.DROP_RUN,
        Right.USE_PLAN,
        Right.APPROVE_PAYOUTS,
        Right.RELEASE_PAYOUTS,
        Right.RULE_STAFF,
    }
)
"""Rights to confirm what others have done."""


class TooNew(NotPermitted):
    sentence = lazy(
        "You have had the permission for this for less than {hours} hours. Ask a colleague.",
        hours=HOURS,
    )


class HelpedByFirst(NotPermitted):
    sentence = lazy(
        "In the last {hours} hours, the person whose work you would confirm invited you, reset "
        "your sign-in or changed your e-mail address. Ask another colleague.",
        hours=HOURS,
    )


class HelpedFirst(NotPermitted):
    sentence = lazy(
        "In the last {hours} hours, you invited the person whose work you would confirm, reset "
        "their sign-in or changed their e-mail address. Ask another colleague.",
        hours=HOURS,
    )


class NotConfirmed(NotPermitted):
    sentence = lazy(
        "You are the second person for this. If you have checked it and agree, "
        "confirm it with your own password."
    )


def as_one(user_id: int | None) -> list[int]:
    """The staff users who count as one person with this one, in order: in the last 24 hours one had
    a hand in how another signs in."""
    since = clock.now() - timedelta(hours=HOURS)
    helped = SignInHelp.objects.filter(at__gt=since, actor__isnull=False)
    pairs = [set(each) for each in helped.values_list("user", "actor")]
    found = {user_id or 0}
    while more := {each for pair in pairs if pair & found for each in pair} - found:
        found |= more
    return sorted(found)


def must_be_another(unit: UnitOfWork, right: Right, firsts: Iterable[int | None]) -> None:
    """Inside the transaction of a second person's step, after who comes first was compared.
    `firsts` are the user ids of who did the steps before; None among them is Upline itself.
    Raises TooNew, HelpedByFirst, HelpedFirst, NotConfirmed. Needs no right: it is part of a step
    that asked for its own."""
    if unit.actor_id is None:
        raise NotPermitted()
    firsts = set(firsts)
    since = clock.now() - timedelta(hours=HOURS)
    if _held_since(unit.actor_id, right) > since:
        raise TooNew()
    helped = SignInHelp.objects.filter(user_id=unit.actor_id, at__gt=since)
    # What was done on the server may have been done by anybody who is there.
    if helped.filter(actor=None).exists() or helped.filter(actor__in=firsts).exists():
        raise HelpedByFirst()
    # Whoever made the first login could be behind it.
    if SignInHelp.objects.filter(user__in=firsts, actor=unit.actor_id, at__gt=since).exists():
        raise HelpedFirst()
    if not unit.is_confirmed:
        raise NotConfirmed()


def _held_since(user_id: int, right: Right) -> datetime:
    """Since when somebody has a right; since they are here, where it was never given or taken."""
    facts = RightFact.objects.filter(user_id=user_id, right=right).order_by("pk")
    given = facts.last()
    return given.at if given else User.objects.values_list("date_joined", flat=True).get(pk=user_id)


def holders(right: Right) -> list[int]:
    """The staff users who have a right now."""
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("pk")
    return [each.pk for each in staff if permissions.staff_of(each).may(right)]


def rights_now(user_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """What these staff users may do, to be compared once it was changed."""
    return {user_id: permissions.staff(user_id).rights for user_id in user_ids}


def takes_two(unit: UnitOfWork) -> bool:
    """Whether the office wants two people where a right is given from which money follows. On the
    server one does it alone. Needs no right: it changes nothing."""
    return unit.actor.kind == ActorKind.STAFF and current.office().rights_by_two


def note_help(unit: UnitOfWork, user_id: int) -> None:
    """Inside the transaction: note that the actor has a hand in how somebody signs in. Needs no
    right: it is part of a change that asked for its own."""
    SignInHelp.objects.create(user_id=user_id, actor_id=unit.actor_id, at=clock.now())


def note_invited_by(user_id: int) -> None:
    """Inside the transaction in which an invitation is used, which it may be days later: whoever
    helped last has helped now. Needs no right: it is part of choosing a password."""
    last = SignInHelp.objects.filter(user_id=user_id).order_by("pk").last()
    if last is not None:
        SignInHelp.objects.create(user_id=user_id, actor_id=last.actor_id, at=clock.now())
