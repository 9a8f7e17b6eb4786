"""Staff users: signing in to the office, making them, what they may do."""

from collections.abc import Iterable

from django.contrib.auth.models import Group

from upline.base import audit, passwords, sql
from upline.base.errors import FieldsWrong, NotPermitted
from upline.base.unit import Unit
from upline.members import actions as members
from upline.members import checks
from upline.members.errors import UsernameTaken
from upline.members.models import User
from upline.members.queries import find_person
from upline.members.rules import wrong_username


class NotYourself(NotPermitted):
    sentence = "Nobody can take their own rights away: ask another superuser."


def sign_in(unit: Unit, username: str, password: str) -> User:
    """The staff user of this name and password. Raises CredentialsWrong, for members and
    former staff too; LoginLocked after too many, without a look at the password."""
    person = find_person(username)
    is_staff = person is not None and person.is_staff and person.is_active
    stored = person.password if person and is_staff else None
    checks.check_login(person.username if person else username, password, stored, unit.address)
    assert person is not None, "nobody has no password"
    unit.actor_id = person.id
    unit.commit(lambda: audit.record(unit, "staff.sign_in", f"user:{person.id}"))
    return User.objects.get(pk=person.id)


def create(unit: Unit, username: str, email: str, password: str) -> int:
    """Make a staff user who may do nothing yet. Returns the id. Raises FieldsWrong for a name
    that cannot be one, UsernameTaken."""
    if wrong := wrong_username(username):
        raise FieldsWrong(fields=wrong)
    hashed = passwords.hashed(password)

    def make() -> int:
        with sql.refused_as(UsernameTaken()):
            user = User.objects.create(
                username=username, email=email, password=hashed, is_staff=True
            )
        audit.record(unit, "staff.create", f"user:{user.pk}", username=username)
        return int(user.pk)

    return unit.commit(make)


def change_standing(unit: Unit, user_id: int, *, is_active: bool) -> None:
    """Let a staff user in, or not any more: their open pages end too. Raises NotYourself."""
    _refuse_own(unit, user_id)

    def change() -> None:
        _hold_superusers(unit)
        User.objects.filter(pk=user_id, is_staff=True).update(is_active=is_active)
        event = "staff.activate" if is_active else "staff.deactivate"
        audit.record(unit, event, f"user:{user_id}")

    unit.commit(change)


def change_rights(
    unit: Unit,
    user_id: int,
    *,
    is_superuser: bool,
    group_ids: Iterable[int],
    permission_ids: Iterable[int],
) -> None:
    """What a staff user may do from now on. Raises NotYourself."""
    _refuse_own(unit, user_id)

    def change() -> None:
        _hold_superusers(unit)
        user = User.objects.get(pk=user_id, is_staff=True)
        user.is_superuser = is_superuser
        user.save(update_fields=["is_superuser"])
        user.groups.set(group_ids)
        user.user_permissions.set(permission_ids)
        audit.record(
            unit,
            "staff.rights",
            f"user:{user_id}",
            superuser=is_superuser,
            groups=sorted(user.groups.values_list("name", flat=True)),
            permissions=sorted(user.user_permissions.values_list("codename", flat=True)),
        )

    unit.commit(change)


def set_password(unit: Unit, user_id: int, new: str) -> None:
    """Give a staff user another password; their open pages end."""
    hashed = passwords.hashed(new)
    unit.commit(lambda: members.set_password(unit, user_id, hashed))


def change_own_password(unit: Unit, username: str, current: str, new: str) -> None:
    """Raises CurrentPasswordWrong, LoginLocked."""
    person = find_person(username)
    assert person is not None, "somebody who is signed in exists"
    checks.check_current_password(username, current, person.password, unit.address)
    set_password(unit, person.id, new)


def save_group(unit: Unit, group_id: int | None, name: str, permission_ids: Iterable[int]) -> int:
    """Make or change a group of staff users. Returns its id. Raises FieldsWrong for a name in
    use."""

    def save() -> int:
        group = Group.objects.get(pk=group_id) if group_id else Group()
        taken = FieldsWrong(fields={"name": "Another group has this name."})
        if Group.objects.filter(name__iexact=name).exclude(name=group.name).exists():
            raise taken
        group.name = name
        with sql.refused_as(taken):
            group.save()
        group.permissions.set(permission_ids)
        codes = sorted(group.permissions.values_list("codename", flat=True))
        audit.record(unit, "group.save", f"group:{name}", permissions=codes)
        return int(group.pk)

    return unit.commit(save)


def _hold_superusers(unit: Unit) -> None:
    """Changes of who may do what wait for each other, so that two superusers cannot remove one
    another. Raises NotPermitted for one who is none any more."""
    superusers = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    held = [each.pk for each in superusers.select_for_update(no_key=True)]
    if unit.actor_id not in held:
        raise NotPermitted()


def _refuse_own(unit: Unit, user_id: int) -> None:
    if user_id == unit.actor_id:
        raise NotYourself()
