"""Owners: the staff users who may do everything, and say what other staff may do."""

from collections.abc import Iterable

from django.db.models import QuerySet

from upline.base.errors import NotPermitted
from upline.base.unit import UnitOfWork
from upline.language import current as language
from upline.mailings import actions as mailings
from upline.mailings.models import MailKind
from upline.members.models import User
from upline.members.queries import language_of


def hold(unit: UnitOfWork) -> list[int]:
    """Changes of who may do what wait for each other, so that two owners cannot remove one
    another. Returns the owners of now. Raises NotPermitted for somebody who is none any more;
    the server's shell acts for nobody, and may. Needs no right: it is part of a change that asked
    for its own."""
    held = [each.pk for each in _owners().order_by("pk").select_for_update(no_key=True)]
    if unit.actor_id is not None and unit.actor_id not in held:
        raise NotPermitted()
    return held


def tell(unit: UnitOfWork, held: Iterable[int], *sentences: str) -> None:
    """Mail a change of staff to every owner, also to one who was an owner until this change; lazy
    sentences are in each one's language. Needs no right: it is part of a change that asked for
    its own."""
    by = User.objects.filter(pk=unit.actor_id or 0).values_list("username", flat=True).first()
    told = set(held) | set(_owners().values_list("pk", flat=True))
    for owner in User.objects.filter(pk__in=told).exclude(email="").order_by("pk"):
        write(owner.pk, owner.email, by or "", *sentences)


def write(user_id: int, address: str, by: str, *sentences: str) -> None:
    """Mail a change of staff to one staff user; lazy sentences are in their language. `by` is who
    made it, '' for the server. Needs no right: it is part of a change that asked for its own."""
    with language.bound(language_of(user_id)):
        what = [str(each) for each in sentences]
    mailings.write(MailKind.STAFF_CHANGED, user_id, address, by=by, what=what)


def _owners() -> QuerySet[User]:
    return User.objects.filter(is_superuser=True, is_active=True)
