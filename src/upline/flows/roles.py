"""Roles: what several staff users may do alike. Every change is mailed to all owners."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import Group

from upline.base import audit, edits, sql
from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.events import actions as events
from upline.flows import owners, second_person, two_people
from upline.flows.permissions import Right, needs
from upline.flows.rights_told import RoleShown, from_to, role_of, role_told
from upline.language import gettext, lazy
from upline.members.models import User

_SUBJECT_MOST = 120


@needs(Right.RULE_STAFF)
def save(
    unit: UnitOfWork,
    group_id: int | None,
    name: str,
    permission_ids: Iterable[int],
    seen: Mapping[str, object] | None = None,
) -> int:
    """Make or change a role of staff users; `seen` is what a page showed of it (`role_of`).
    Returns its id. Raises FieldsWrong for a name in use, ChangedMeanwhile."""

    wanted: RoleShown = {"name": name, "permissions": sorted(permission_ids)}

    def change() -> int:
        held = owners.hold(unit)
        group = Group.objects.get(pk=group_id) if group_id else Group()
        before, now = role_told(group), role_of(group)
        taken = FieldsWrong(fields={"name": gettext("Another role has this name.")})
        meant = edits.to_write(now, wanted, seen)
        role = RoleShown(
            name=(wanted if "name" in meant else now)["name"],
            permissions=(wanted if "permissions" in meant else now)["permissions"],
        )
        if Group.objects.filter(name__iexact=role["name"]).exclude(pk=group.pk).exists():
            raise taken
        held_before = second_person.rights_now(_holders(group))
        group.name = role["name"]
        with sql.refused_as(taken):
            group.save()
        group.permissions.set(role["permissions"])
        two_people.note_rights(unit, held_before)
        after = role_told(group)
        changes = audit.changes(before, after)
        audit.record(unit, EventKind.ROLE_SAVED, f"group:{group.name}", changes=changes)
        events.write(EventKind.ROLE_SAVED, f"group:{group.pk}", role_id=group.pk)
        owners.tell(
            unit, held, lazy("The role {role} was saved.", role=group.name), *from_to(before, after)
        )
        return int(group.pk)

    asked = {**wanted, "group_id": group_id, "seen": seen}
    subject = f"group:{name}"[:_SUBJECT_MOST]
    step = two_people.Step(EventKind.ROLE_SAVED, Right.RULE_STAFF, asked, subject=subject)
    return two_people.commit_or_ask(unit, step, change)


def _holders(group: Group) -> list[int]:
    if group.pk is None:
        return []
    return list(User.objects.filter(groups=group, is_staff=True).values_list("pk", flat=True))
