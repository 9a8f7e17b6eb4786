"""API keys: made (shown once), listed, revoked."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base.unit import UnitOfWork
from upline.company.actions import PERMISSIONS
from upline.company.models import ApiClient
from upline.flows import api_keys
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock, Shown
from upline.office.desk import Desk
from upline.office.fields import NameField
from upline.screens import shown


class NewKeyForm(ButtonForm):
    name = NameField(max_length=100, help_text="The program that uses it. Must be unique.")
    permissions = forms.MultipleChoiceField(
        choices=[(each, each) for each in PERMISSIONS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="orders:report lets an outside shop report sales, which earn commissions. Never "
        "give it to a key that members can get hold of.",
    )


def _create(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> Shown:
    key = api_keys.create_key(unit, asked["name"], asked["permissions"])
    return Shown(
        f"API key {asked['name']}",
        [FactsBlock("Key", [("Name", asked["name"]), ("Key", key)])],
        "Copy the key now. It is not shown again.",
    )


def _revoke(unit: UnitOfWork, client: ApiClient, asked: dict[str, Any]) -> str:
    api_keys.revoke_key(unit, client.name)
    return f"{client.name} is revoked."


@admin.register(ApiClient)
class KeyDesk(Desk):
    plural = "API keys"
    nothing = "There are no API keys yet. Create one for each program that uses the API."
    list_display = ("name", "ending", "may", "made", "status")
    list_select_related = ("created_by",)
    search_fields = ("name",)
    search_help_text = "Name"
    ordering = ("name",)
    list_buttons = (
        Button(
            "new",
            "New key",
            api_keys.create_key,
            _create,
            "Anyone who knows the key can call the API with it.",
            NewKeyForm,
        ),
    )
    buttons = (
        Button(
            "revoke",
            "Revoke",
            api_keys.revoke_key,
            _revoke,
            "Every program that uses this key stops working at once. You cannot undo this.",
            fits=lambda client: client.revoked_at is None,
            grave=True,
        ),
    )

    @admin.display(description="ends with", ordering="last_four")
    def ending(self, client: ApiClient) -> str:
        return f"…{client.last_four}"

    @admin.display(description="permissions")
    def may(self, client: ApiClient) -> str:
        return ", ".join(client.permissions) or shown.NOTHING

    @admin.display(description="created", ordering="created_at")
    def made(self, client: ApiClient) -> str:
        return shown.moment(client.created_at)

    @admin.display(description="status", ordering="revoked_at")
    def status(self, client: ApiClient) -> SafeString:
        return shown.status("revoked" if client.revoked_at else "live")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiClient]:
        return ApiClient.objects.select_related("created_by").defer("digest")

    def blocks(self, request: HttpRequest, thing: ApiClient) -> Sequence[Block]:
        rows = [
            ("Ends with", self.ending(thing)),
            ("Status", self.status(thing)),
            ("Permissions", self.may(thing)),
            ("Created", f"{shown.moment(thing.created_at)} by {thing.created_by or 'the shell'}"),
            ("Revoked", shown.moment(thing.revoked_at)),
        ]
        return [FactsBlock("API key", rows)]
