"""Staff users and their roles. Only owners change them: who may give permissions could give
themselves all of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base.unit import UnitOfWork
from upline.flows import rights_told, staff
from upline.flows.permissions import grantable, meaning, name_of
from upline.members.models import User
from upline.members.security import sessions
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock
from upline.office.desk import Desk
from upline.office.fields import EmailField, LineField, NameField
from upline.office.unlocking import unlock_button
from upline.screens import shown

if TYPE_CHECKING:
    _Choices = forms.ModelMultipleChoiceField[Permission]
else:
    _Choices = forms.ModelMultipleChoiceField


class PermissionsField(_Choices):
    """Permissions, each said in what it lets people do."""

    def __init__(self, **more: Any) -> None:
        widget = forms.CheckboxSelectMultiple
        super().__init__(Permission.objects.none(), required=False, widget=widget, **more)

    def label_from_instance(self, obj: Permission) -> str:
        return meaning(name_of(obj))


class RightsForm(ButtonForm):
    is_superuser = forms.BooleanField(
        required=False, label="Owner", help_text="Can do everything, including managing staff."
    )
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"),
        required=False,
        label="Roles",
        widget=forms.CheckboxSelectMultiple,
    )
    permissions = PermissionsField(help_text="In addition to those of the roles.")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["permissions"].queryset = grantable()  # type: ignore[attr-defined]


class GroupForm(ButtonForm):
    name = NameField(max_length=150)
    permissions = PermissionsField()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["permissions"].queryset = grantable()  # type: ignore[attr-defined]


class EmailForm(ButtonForm):
    email = EmailField(label="E-mail", help_text="Links and notices go there.")


class InviteForm(EmailForm):
    username = LineField(max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    field_order = ("once", "username", "email")


def _invite(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> str:
    staff.invite(unit, asked["username"], asked["email"])
    return f"{asked['username']} was invited. Open their page to give them rights."


def _send_link(unit: UnitOfWork, user: User, asked: dict[str, Any]) -> str:
    staff.send_link(unit, user.pk)
    return f"A link to choose a password is on its way to {user.email}."


def _email(unit: UnitOfWork, user: User, asked: dict[str, Any]) -> str:
    staff.change_email(unit, user.pk, asked["email"])
    return (
        f"From now on, mails to {user} go to {asked['email']}. Links sent to the previous address "
        "no longer work."
    )


def _reset_second_factor(unit: UnitOfWork, user: User, asked: dict[str, Any]) -> str:
    staff.reset_second_factor(unit, user.pk)
    return f"{user} can sign in with the password alone."


def _rights(unit: UnitOfWork, user: User, asked: dict[str, Any]) -> str:
    staff.change_rights(
        unit,
        user.pk,
        is_superuser=asked["is_superuser"],
        group_ids=[group.pk for group in asked["groups"]],
        permission_ids=[permission.pk for permission in asked["permissions"]],
        seen=asked["opened"],
    )
    return f"The rights of {user} were changed."


def _deactivate(unit: UnitOfWork, user: User, asked: dict[str, Any]) -> str:
    staff.change_standing(unit, user.pk, is_active=False)
    return f"{user} can no longer sign in."


def _activate(unit: UnitOfWork, user: User, asked: dict[str, Any]) -> str:
    staff.change_standing(unit, user.pk, is_active=True)
    return f"{user} can sign in again."


@admin.register(User)
class StaffDesk(Desk):
    plural = "Staff"
    nothing = "There are no staff users yet."
    list_display = ("username", "email", "status", "owner", "has_second_factor", "seen")
    search_fields = ("username", "email")
    search_help_text = "Username or e-mail address"
    ordering = ("username",)
    list_buttons = (
        Button(
            "invite",
            "Invite staff",
            staff.invite,
            _invite,
            "They get a mail with a link to choose their own password. They have no rights until "
            "you give them some.",
            InviteForm,
            confirms=True,
        ),
    )
    buttons = (
        Button(
            "rights",
            "Change rights",
            staff.change_rights,
            _rights,
            form=RightsForm,
            initial=rights_told.rights_of,
            confirms=True,
            main=True,
        ),
        Button(
            "send-link",
            "Send password link",
            staff.send_link,
            _send_link,
            "They get a mail with a link to choose a new password.",
            fits=lambda user: user.is_active,
            confirms=True,
        ),
        Button(
            "email",
            "Change e-mail",
            staff.change_email,
            _email,
            form=EmailForm,
            initial=lambda user: {"email": user.email},
            confirms=True,
        ),
        Button(
            "reset-second-factor",
            "Reset second factor",
            staff.reset_second_factor,
            _reset_second_factor,
            "For someone who has lost both their app and their recovery codes. Make sure that the "
            "request really comes from them. They are signed out everywhere, and sign in with the "
            "password alone.",
            fits=lambda user: user.has_second_factor,
            confirms=True,
            grave=True,
        ),
        unlock_button(staff.unlock, lambda user: user, fits=lambda user: user.is_active),
        Button(
            "deactivate",
            "Deactivate",
            staff.change_standing,
            _deactivate,
            "They are signed out everywhere and can no longer sign in.",
            fits=lambda user: user.is_active,
            confirms=True,
            grave=True,
        ),
        Button(
            "activate",
            "Activate",
            staff.change_standing,
            _activate,
            fits=lambda user: not user.is_active,
            confirms=True,
        ),
    )

    @admin.display(description="status", ordering="is_active")
    def status(self, user: User) -> SafeString:
        return shown.status(user.staff_status)

    @admin.display(description="owner", ordering="is_superuser")
    def owner(self, user: User) -> str:
        return "yes" if user.is_superuser else shown.NOTHING

    @admin.display(description="second factor")
    def has_second_factor(self, user: User) -> SafeString:
        return shown.status("on" if user.has_second_factor else "off")

    @admin.display(description="last signed in", ordering="last_login")
    def seen(self, user: User) -> str:
        return shown.moment(user.last_login)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return User.objects.filter(is_staff=True).select_related("second_factor")

    def blocks(self, request: HttpRequest, thing: User) -> Sequence[Block]:
        groups = ", ".join(thing.groups.order_by("name").values_list("name", flat=True))
        rows = [
            ("E-mail", thing.email or shown.NOTHING),
            ("Status", self.status(thing)),
            ("Owner", "yes, can do everything" if thing.is_superuser else "no"),
            ("Roles", groups or shown.NOTHING),
            ("Rights beside the roles", _said(thing.user_permissions)),
            ("Second factor", self.has_second_factor(thing)),
            ("Signed in now", len(sessions.of(thing.pk)) or "no"),
            ("Last signed in", shown.moment(thing.last_login)),
            ("Invited", shown.moment(thing.date_joined)),
        ]
        return [FactsBlock("Staff user", rows)]


def _said(permissions: Any) -> str:
    found = permissions.select_related("content_type").order_by("content_type", "codename")
    return ". ".join(meaning(name_of(each)) for each in found) or shown.NOTHING


def _new_group(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> str:
    return _save_group(unit, None, asked)


def _edit_group(unit: UnitOfWork, group: Group, asked: dict[str, Any]) -> str:
    return _save_group(unit, group.pk, asked)


def _save_group(unit: UnitOfWork, group_id: int | None, asked: dict[str, Any]) -> str:
    permission_ids = [each.pk for each in asked["permissions"]]
    staff.save_group(unit, group_id, asked["name"], permission_ids, asked["opened"])
    return f"The role {asked['name']} is saved."


@admin.register(Group)
class GroupDesk(Desk):
    plural = "Roles"
    nothing = "There are no roles yet. Create one to give several people the same rights."
    list_display = ("name",)
    search_fields = ("name",)
    search_help_text = "Name"
    ordering = ("name",)
    list_buttons = (
        Button("new", "New role", staff.save_group, _new_group, form=GroupForm, confirms=True),
    )
    buttons = (
        Button(
            "edit",
            "Change role",
            staff.save_group,
            _edit_group,
            form=GroupForm,
            initial=rights_told.role_of,
            confirms=True,
            main=True,
        ),
    )

    def blocks(self, request: HttpRequest, thing: Group) -> Sequence[Block]:
        people = ", ".join(
            thing.user_set.filter(is_staff=True)
            .order_by("username")
            .values_list("username", flat=True)
        )
        rows = [
            ("Can", _said(thing.permissions)),
            ("Who has it", people or shown.NOTHING),
        ]
        return [FactsBlock("Role", rows)]
