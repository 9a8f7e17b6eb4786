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
from upline.flows import rights_told, roles, staff
from upline.flows.permissions import grantable, meaning, name_of
from upline.language import gettext, lazy
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
        more.setdefault("label", lazy("Permissions"))
        super().__init__(Permission.objects.none(), required=False, widget=widget, **more)

    def label_from_instance(self, obj: Permission) -> str:
        return meaning(name_of(obj))


class RightsForm(ButtonForm):
    is_superuser = forms.BooleanField(
        required=False,
        label=lazy("Owner"),
        help_text=lazy("Can do everything, including managing staff."),
    )
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"),
        required=False,
        label=lazy("Roles"),
        widget=forms.CheckboxSelectMultiple,
    )
    permissions = PermissionsField(help_text=lazy("In addition to those of the roles."))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["permissions"].queryset = grantable()  # type: ignore[attr-defined]


class GroupForm(ButtonForm):
    name = NameField(max_length=150, label=lazy("Name"))
    permissions = PermissionsField()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["permissions"].queryset = grantable()  # type: ignore[attr-defined]


class EmailForm(ButtonForm):
    email = EmailField(label=lazy("E-mail"), help_text=lazy("Links and notices go there."))


class InviteForm(EmailForm):
    username = LineField(
        max_length=30,
        label=lazy("Username"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("once", "username", "email")


def _invite(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> str:
    staff.invite(unit, asked["username"], asked["email"])
    return gettext(
        "{username} was invited. Open their page to give them rights.", username=asked["username"]
    )


def _send_link(unit: UnitOfWork, user: User, asked: dict[str, Any]) -> str:
    staff.send_link(unit, user.pk)
    return gettext("A link to choose a password is on its way to {email}.", email=user.email)


def _email(unit: UnitOfWork, user: User, asked: dict[str, Any]) -> str:
    staff.change_email(unit, user.pk, asked["email"])
    return gettext(
        "From now on, mails to {user} go to {email}. Links sent to the previous "
        "address no longer work.",
        user=user,
        email=asked["email"],
    )


def _reset_second_factor(unit: UnitOfWork, user: User, asked: dict[str, Any]) -> str:
    staff.reset_second_factor(unit, user.pk)
    return gettext("{user} can sign in with the password alone.", user=user)


def _rights(unit: UnitOfWork, user: User, asked: dict[str, Any]) -> str:
    staff.change_rights(
        unit,
        user.pk,
        is_superuser=asked["is_superuser"],
        group_ids=[group.pk for group in asked["groups"]],
        permission_ids=[permission.pk for permission in asked["permissions"]],
        seen=asked["opened"],
    )
    return gettext("The rights of {user} were changed.", user=user)


def _deactivate(unit: UnitOfWork, user: User, asked: dict[str, Any]) -> str:
    staff.change_standing(unit, user.pk, is_active=False)
    return gettext("{user} can no longer sign in.", user=user)


def _activate(unit: UnitOfWork, user: User, asked: dict[str, Any]) -> str:
    staff.change_standing(unit, user.pk, is_active=True)
    return gettext("{user} can sign in again.", user=user)


@admin.register(User)
class StaffDesk(Desk):
    plural = lazy("Staff")
    nothing = lazy("There are no staff users yet.")
    list_display = ("username", "email", "status", "owner", "has_second_factor", "seen")
    search_fields = ("username", "email")
    search_help_text = lazy("Username or e-mail address")
    ordering = ("username",)
    list_buttons = (
        Button(
            "invite",
            lazy("Invite staff"),
            staff.invite,
            _invite,
            lazy(
                "They get a mail with a link to choose their own password. They have no "
                "rights until you give them some."
            ),
            InviteForm,
            confirms=True,
        ),
    )
    buttons = (
        Button(
            "rights",
            lazy("Change rights"),
            staff.change_rights,
            _rights,
            form=RightsForm,
            initial=rights_told.rights_of,
            confirms=True,
            main=True,
        ),
        Button(
            "send-link",
            lazy("Send password link"),
            staff.send_link,
            _send_link,
            lazy("They get a mail with a link to choose a new password."),
            fits=lambda user: user.is_active,
            confirms=True,
        ),
        Button(
            "email",
            lazy("Change e-mail"),
            staff.change_email,
            _email,
            form=EmailForm,
            initial=lambda user: {"email": user.email},
            confirms=True,
        ),
        Button(
            "reset-second-factor",
            lazy("Reset second factor"),
            staff.reset_second_factor,
            _reset_second_factor,
            lazy(
                "For someone who has lost both their app and their recovery codes. Make "
                "sure that the request really comes from them. They are signed out "
                "everywhere, and sign in with the password alone."
            ),
            fits=lambda user: user.has_second_factor,
            confirms=True,
            grave=True,
        ),
        unlock_button(staff.unlock, lambda user: user, fits=lambda user: user.is_active),
        Button(
            "deactivate",
            lazy("Deactivate"),
            staff.change_standing,
            _deactivate,
            lazy("They are signed out everywhere and can no longer sign in."),
            fits=lambda user: user.is_active,
            confirms=True,
            grave=True,
        ),
        Button(
            "activate",
            lazy("Activate"),
            staff.change_standing,
            _activate,
            fits=lambda user: not user.is_active,
            confirms=True,
        ),
    )

    @admin.display(description=lazy("status"), ordering="is_active")
    def status(self, user: User) -> SafeString:
        return shown.status(user.staff_status)

    @admin.display(description=lazy("owner"), ordering="is_superuser")
    def owner(self, user: User) -> str:
        return gettext("yes") if user.is_superuser else shown.NOTHING

    @admin.display(description=lazy("second factor"))
    def has_second_factor(self, user: User) -> SafeString:
        return shown.status("on" if user.has_second_factor else "off")

    @admin.display(description=lazy("last signed in"), ordering="last_login")
    def seen(self, user: User) -> str:
        return shown.moment(user.last_login)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return User.objects.filter(is_staff=True).select_related("second_factor")

    def blocks(self, request: HttpRequest, thing: User) -> Sequence[Block]:
        groups = ", ".join(thing.groups.order_by("name").values_list("name", flat=True))
        rows = [
            (gettext("E-mail"), thing.email or shown.NOTHING),
            (gettext("Status"), self.status(thing)),
            (
                gettext("Owner"),
                gettext("yes, can do everything") if thing.is_superuser else gettext("no"),
            ),
            (gettext("Roles"), groups or shown.NOTHING),
            (gettext("Rights beside the roles"), _said(thing.user_permissions)),
            (gettext("Second factor"), self.has_second_factor(thing)),
            (gettext("Signed in now"), len(sessions.of(thing.pk)) or gettext("no")),
            (gettext("Last signed in"), shown.moment(thing.last_login)),
            (gettext("Invited"), shown.moment(thing.date_joined)),
        ]
        return [FactsBlock(gettext("Staff user"), rows)]


def _said(permissions: Any) -> str:
    found = permissions.select_related("content_type").order_by("content_type", "codename")
    return ". ".join(meaning(name_of(each)) for each in found) or shown.NOTHING


def _new_group(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> str:
    return _save_group(unit, None, asked)


def _edit_group(unit: UnitOfWork, group: Group, asked: dict[str, Any]) -> str:
    return _save_group(unit, group.pk, asked)


def _save_group(unit: UnitOfWork, group_id: int | None, asked: dict[str, Any]) -> str:
    permission_ids = [each.pk for each in asked["permissions"]]
    roles.save(unit, group_id, asked["name"], permission_ids, asked["opened"])
    return gettext("The role {name} is saved.", name=asked["name"])


@admin.register(Group)
class GroupDesk(Desk):
    plural = lazy("Roles")
    nothing = lazy("There are no roles yet. Create one to give several people the same rights.")
    list_display = ("name",)
    search_fields = ("name",)
    search_help_text = lazy("Name")
    ordering = ("name",)
    list_buttons = (
        Button("new", lazy("New role"), roles.save, _new_group, form=GroupForm, confirms=True),
    )
    buttons = (
        Button(
            "edit",
            lazy("Change role"),
            roles.save,
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
            (gettext("Can"), _said(thing.permissions)),
            (gettext("Who has it"), people or shown.NOTHING),
        ]
        return [FactsBlock(gettext("Role"), rows)]
