"""Staff users and their groups. Only superusers change them: who may give permissions could
give themselves all of them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.password_validation import validate_password
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base.unit import Unit
from upline.flows import staff
from upline.members.models import User
from upline.office import shown
from upline.office.buttons import SUPERUSER, Block, Button, ButtonForm, Facts
from upline.office.desk import Desk
from upline.office.fields import new_password_field
from upline.office.site import VERIFY

# What Django's own names for permissions do not tell, since no button on a page of its own
# stands for it.
_MORE = {
    "epins.change_epin": "E-pins: give to a member, block, unblock",
    "mailings.change_mail": "Outbox: send the chosen ones again",
    "company.change_company": "Settings: change",
    "commissions.use_plan": "./upline plan: put a plan in force",
    "commissions.open_run": "./upline run: open",
    "commissions.compute_run": "./upline run: compute",
    "commissions.review_run": "./upline run: review",
    "commissions.approve_run": "./upline run: approve what somebody else opened and reviewed",
    "commissions.pay_run": "./upline run: pay",
    "commissions.close_run": "./upline run: close",
    "commissions.drop_run": "./upline run: drop what was opened by mistake, with a second person",
    "commissions.forfeit_run": "./upline run: let the company keep what a closed member is owed",
    VERIFY: "First page: verify now",
}


def meanings() -> dict[str, str]:
    """What each permission that the office asks for lets people do, by its name."""
    found: dict[str, list[str]] = {}
    for model, desk in admin.site._registry.items():
        plural = getattr(desk, "plural", "")
        found[f"{model._meta.app_label}.view_{model._meta.model_name}"] = [f"{plural}: see"]
        labels: dict[str, list[str]] = {}
        for button in (*getattr(desk, "list_buttons", ()), *getattr(desk, "buttons", ())):
            labels.setdefault(button.permission, []).append(button.label)
        for permission, pressed in labels.items():
            found.setdefault(permission, []).append(f"{plural}: {', '.join(pressed)}")
    for permission, more in _MORE.items():
        found.setdefault(permission, []).append(more)
    found.pop(SUPERUSER, None)
    return {permission: "; ".join(parts) for permission, parts in found.items()}


def useful() -> QuerySet[Permission]:
    """The permissions that the office asks for."""
    chosen = Q()
    for permission in meanings():
        app, codename = permission.split(".")
        chosen |= Q(content_type__app_label=app, codename=codename)
    found = Permission.objects.filter(chosen).select_related("content_type")
    return found.order_by("content_type__app_label", "content_type__model", "-codename")


def meaning(permission: Permission) -> str:
    key = f"{permission.content_type.app_label}.{permission.codename}"
    return meanings().get(key, permission.name)


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
        return meaning(obj)


class RightsForm(ButtonForm):
    is_superuser = forms.BooleanField(
        required=False, label="Superuser", help_text="May do everything, staff included."
    )
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"), required=False, widget=forms.CheckboxSelectMultiple
    )
    permissions = PermissionsField(help_text="Beside those of the groups.")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["permissions"].queryset = useful()  # type: ignore[attr-defined]


class GroupForm(ButtonForm):
    name = forms.CharField(max_length=150)
    permissions = PermissionsField()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["permissions"].queryset = useful()  # type: ignore[attr-defined]


class PasswordForm(ButtonForm):
    password = new_password_field(label="New password", validators=[validate_password])
    again = new_password_field(label="The same again")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned["password"] != cleaned.get("again"):
            self.add_error("again", "This is not the same password.")
        return cleaned


class NewStaffForm(PasswordForm):
    username = forms.CharField(max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(required=False, label="E-mail")
    field_order = ("once", "username", "email")


def _create(unit: Unit, _: None, asked: dict[str, Any]) -> str:
    staff.create(unit, asked["username"], asked["email"], asked["password"])
    return f"{asked['username']} may sign in. Open the name to say what they may do."


def _rights(unit: Unit, user: User, asked: dict[str, Any]) -> str:
    staff.change_rights(
        unit,
        user.pk,
        is_superuser=asked["is_superuser"],
        group_ids=[group.pk for group in asked["groups"]],
        permission_ids=[permission.pk for permission in asked["permissions"]],
    )
    return f"The rights of {user} are changed."


def _rights_now(user: User) -> Mapping[str, Any]:
    return {
        "is_superuser": user.is_superuser,
        "groups": list(user.groups.all()),
        "permissions": list(user.user_permissions.all()),
    }


def _password(unit: Unit, user: User, asked: dict[str, Any]) -> str:
    staff.set_password(unit, user.pk, asked["password"])
    return f"{user} has a new password."


def _deactivate(unit: Unit, user: User, asked: dict[str, Any]) -> str:
    staff.change_standing(unit, user.pk, is_active=False)
    return f"{user} cannot sign in any more."


def _activate(unit: Unit, user: User, asked: dict[str, Any]) -> str:
    staff.change_standing(unit, user.pk, is_active=True)
    return f"{user} may sign in again."


@admin.register(User)
class StaffDesk(Desk):
    plural = "Staff"
    list_display = ("username", "email", "state", "superuser", "seen")
    search_fields = ("username", "email")
    search_help_text = "Username or e-mail address"
    ordering = ("username",)
    list_buttons = (
        Button(
            "new",
            "New staff user",
            SUPERUSER,
            _create,
            "They may sign in, and do nothing yet: rights are given next.",
            NewStaffForm,
        ),
    )
    buttons = (
        Button("rights", "Rights", SUPERUSER, _rights, form=RightsForm, initial=_rights_now),
        Button(
            "password",
            "Set password",
            SUPERUSER,
            _password,
            "Every page that they have open ends.",
            PasswordForm,
        ),
        Button(
            "deactivate",
            "Deactivate",
            SUPERUSER,
            _deactivate,
            "They cannot sign in any more, and every page that they have open ends.",
            fits=lambda user: user.is_active,
            grave=True,
        ),
        Button("activate", "Activate", SUPERUSER, _activate, fits=lambda user: not user.is_active),
    )

    @admin.display(description="state", ordering="is_active")
    def state(self, user: User) -> SafeString:
        return shown.state("active" if user.is_active else "deactivated")

    @admin.display(description="superuser", ordering="is_superuser", boolean=True)
    def superuser(self, user: User) -> bool:
        return user.is_superuser

    @admin.display(description="last signed in", ordering="last_login")
    def seen(self, user: User) -> str:
        return shown.moment(user.last_login)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return User.objects.filter(is_staff=True)

    def blocks(self, request: HttpRequest, thing: User) -> Sequence[Block]:
        groups = ", ".join(thing.groups.order_by("name").values_list("name", flat=True))
        rows = [
            ("E-mail", thing.email or shown.NOTHING),
            ("State", self.state(thing)),
            ("Superuser", "yes: may do everything" if thing.is_superuser else "no"),
            ("Groups", groups or shown.NOTHING),
            ("Permissions of their own", _said(thing.user_permissions)),
            ("Last signed in", shown.moment(thing.last_login)),
            ("Made", shown.moment(thing.date_joined)),
        ]
        return [Facts("Staff user", rows)]


def _said(permissions: Any) -> str:
    found = permissions.select_related("content_type").order_by("content_type", "codename")
    return ". ".join(meaning(each) for each in found) or shown.NOTHING


def _new_group(unit: Unit, _: None, asked: dict[str, Any]) -> str:
    return _save_group(unit, None, asked)


def _edit_group(unit: Unit, group: Group, asked: dict[str, Any]) -> str:
    return _save_group(unit, group.pk, asked)


def _save_group(unit: Unit, group_id: int | None, asked: dict[str, Any]) -> str:
    staff.save_group(unit, group_id, asked["name"], [each.pk for each in asked["permissions"]])
    return f"The group {asked['name']} is saved."


def _group_now(group: Group) -> Mapping[str, Any]:
    return {"name": group.name, "permissions": list(group.permissions.all())}


@admin.register(Group)
class GroupDesk(Desk):
    plural = "Groups"
    list_display = ("name",)
    search_fields = ("name",)
    search_help_text = "Name"
    ordering = ("name",)
    list_buttons = (Button("new", "New group", SUPERUSER, _new_group, form=GroupForm),)
    buttons = (
        Button("edit", "Change", SUPERUSER, _edit_group, form=GroupForm, initial=_group_now),
    )

    def blocks(self, request: HttpRequest, thing: Group) -> Sequence[Block]:
        people = ", ".join(
            thing.user_set.filter(is_staff=True)
            .order_by("username")
            .values_list("username", flat=True)
        )
        rows = [("May", _said(thing.permissions)), ("Who is in it", people or shown.NOTHING)]
        return [Facts("Group", rows)]
