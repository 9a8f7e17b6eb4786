"""Staff users who are members too name their member account: they decide nothing about it."""

from upline.base import audit
from upline.base.audit import AuditEvent
from upline.base.errors import Conflict, FieldsWrong, NotPermitted
from upline.base.unit import UnitOfWork
from upline.flows import owners
from upline.language import gettext, lazy
from upline.language.loading import installed
from upline.members.models import User
from upline.members.queries import find_member


def name_own_member(unit: UnitOfWork, username: str) -> None:
    """A staff user names their own member account, once: from then on they decide nothing about
    it. Raises UsernameNotFound, Conflict, NotPermitted. Needs no right: it only takes from what
    they may do."""
    member = find_member(username, "username")

    def name() -> None:
        user = User.objects.select_for_update(no_key=True).filter(
            pk=unit.actor_id or 0, is_staff=True
        )
        person = user.first()
        if person is None:
            raise NotPermitted()
        if person.own_member_id is not None:
            raise Conflict(gettext("You have already named your own member account."))
        person.own_member_id = member.id
        person.save(update_fields=["own_member"])
        changes = audit.step("own_member", None, member.username)
        audit.record(unit, AuditEvent.STAFF_OWN_MEMBER, f"user:{person.pk}", changes=changes)
        sentence = lazy(
            "{username} named {member} as their own member account.",
            username=person.username,
            member=member.username,
        )
        owners.tell(unit, [], sentence)

    unit.commit(name)


def choose_language(unit: UnitOfWork, tag: str) -> None:
    """The office and mails speak this installed language to whoever acts from now on; '' leaves it
    to the home market. Needs no right: it is one's own login."""
    if tag and tag not in installed():
        raise FieldsWrong(gettext("This language is not installed."))
    unit.commit(lambda: User.objects.filter(pk=unit.actor_id or 0).update(language=tag))
