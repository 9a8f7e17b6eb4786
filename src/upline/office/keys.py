"""API keys: made (shown once), listed, revoked."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base.unit import UnitOfWork
from upline.company.models import ApiClient
from upline.flows import api_keys
from upline.flows.permissions import DEFAULT_SCOPES, SCOPES, Right, meaning
from upline.language import gettext, lazy
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock, Shown, TableBlock
from upline.office.desk import Desk
from upline.office.fields import NameField
from upline.screens import shown, who


class ScopesForm(ButtonForm):
    scopes = forms.MultipleChoiceField(
        label=lazy("What it can do"),
        choices=lambda: [(each.value, f"{meaning(each)} ({each})") for each in SCOPES],
        initial=[each.value for each in DEFAULT_SCOPES],
        widget=forms.CheckboxSelectMultiple,
        help_text=lazy(
            "For members who signed in through the program. Any key can read packages, "
            "prices and countries. Never let a key report sales that members can get hold of."
        ),
    )


class NewKeyForm(ScopesForm):
    name = NameField(
        max_length=100,
        label=lazy("Name"),
        help_text=lazy("The program that uses it. Must be unique."),
    )
    field_order = ("once", "name", "scopes")


def _create(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> Shown:
    key = api_keys.create_key(unit, asked["name"], asked["scopes"])
    return Shown(
        gettext("API key {name}", name=asked["name"]),
        [FactsBlock(gettext("Key"), [(gettext("Name"), asked["name"]), (gettext("Key"), key)])],
        gettext("Copy the key now. It is not shown again."),
    )


def _now(client: ApiClient) -> dict[str, Any]:
    return {"scopes": client.scopes}


def _change(unit: UnitOfWork, client: ApiClient, asked: dict[str, Any]) -> str:
    api_keys.change_scopes(unit, client.pk, asked["scopes"], asked["opened"])
    return gettext("The scopes of {name} were changed.", name=client.name)


def _revoke(unit: UnitOfWork, client: ApiClient, asked: dict[str, Any]) -> str:
    api_keys.revoke_key(unit, client.name)
    return gettext("{name} is revoked.", name=client.name)


def _is_live(client: ApiClient) -> bool:
    return client.revoked_at is None


@admin.register(ApiClient)
class KeyDesk(Desk):
    plural = lazy("API keys")
    nothing = lazy("There are no API keys yet. Create one for each program that uses the API.")
    list_display = ("name", "ending", "reports", "made", "status")
    list_select_related = ("created_by",)
    search_fields = ("name",)
    search_help_text = lazy("Name")
    ordering = ("name",)
    list_buttons = (
        Button(
            "new",
            lazy("New key"),
            api_keys.create_key,
            _create,
            lazy("Anyone who knows the key can call the API with it."),
            NewKeyForm,
        ),
    )
    buttons = (
        Button(
            "scopes",
            lazy("Change scopes"),
            api_keys.change_scopes,
            _change,
            lazy("Applies from the next call of each program that uses this key."),
            ScopesForm,
            fits=_is_live,
            initial=_now,
        ),
        Button(
            "revoke",
            lazy("Revoke"),
            api_keys.revoke_key,
            _revoke,
            lazy("Every program that uses this key stops working at once. You cannot undo this."),
            fits=_is_live,
            grave=True,
        ),
    )

    @admin.display(description=lazy("ends with"), ordering="last_four")
    def ending(self, client: ApiClient) -> str:
        return f"…{client.last_four}"

    @admin.display(description=lazy("can report sales"))
    def reports(self, client: ApiClient) -> str:
        return shown.yes_or_no(Right.REPORT_ORDERS in client.scopes)

    @admin.display(description=lazy("created"), ordering="created_at")
    def made(self, client: ApiClient) -> str:
        return shown.moment(client.created_at)

    @admin.display(description=lazy("status"), ordering="revoked_at")
    def status(self, client: ApiClient) -> SafeString:
        return shown.status("revoked" if client.revoked_at else "live")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiClient]:
        return ApiClient.objects.select_related("created_by").defer("digest")

    def blocks(self, request: HttpRequest, thing: ApiClient) -> Sequence[Block]:
        rows = [
            (gettext("Ends with"), self.ending(thing)),
            (gettext("Status"), self.status(thing)),
            (
                gettext("Created"),
                shown.moment_by(thing.created_at, thing.created_by or who.shell()),
            ),
            (gettext("Revoked"), shown.moment(thing.revoked_at)),
        ]
        can = [(meaning(each), each, shown.yes_or_no(each in thing.scopes)) for each in SCOPES]
        heads = (gettext("What"), gettext("Scope"), gettext("Allowed"))
        return [
            FactsBlock(gettext("API key"), rows),
            TableBlock(gettext("What it can do"), heads, can),
        ]
