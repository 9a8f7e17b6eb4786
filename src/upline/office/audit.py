"""The audit log, to look at."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from upline.base import audit
from upline.base.models import AuditEntry
from upline.company.models import ApiClient
from upline.members.models import Member
from upline.office import shown
from upline.office.buttons import Block, Facts
from upline.office.desk import ByDay, Desk

_MONEY = ("amount", "commissionable_value")


class ByEvent(admin.SimpleListFilter):
    title = "event"
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [(event, event) for event in audit.events()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        return queryset.filter(event=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditDesk(Desk):
    plural = "Audit log"
    list_display = ("event", "subject", "who", "address", "when")
    list_filter = (ByEvent, ("at", ByDay))
    list_select_related = ("actor",)
    search_fields = ("subject", "actor__username", "request_id")
    search_help_text = "Subject, who did it, or request id"

    @admin.display(description="by", ordering="actor")
    def who(self, entry: AuditEntry) -> str:
        return str(entry.actor or shown.NOTHING)

    @admin.display(description="when", ordering="at")
    def when(self, entry: AuditEntry) -> str:
        return shown.moment(entry.at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.select_related("actor")

    def heading(self, thing: AuditEntry) -> str:
        return f"{thing.event}, {thing.subject}"

    def blocks(self, request: HttpRequest, thing: AuditEntry) -> Sequence[Block]:
        rows = [
            ("Event", thing.event),
            ("Subject", _subject(thing.subject)),
            ("By", self.who(thing)),
            ("When", shown.moment(thing.at)),
            ("From", thing.address or shown.NOTHING),
            ("Through the api key", _client(thing)),
            ("Request", thing.request_id or shown.NOTHING),
        ]
        facts = [
            (shown.words(name), _plain(name, value)) for name, value in sorted(thing.facts.items())
        ]
        return [Facts("Entry", rows), Facts("What it says", facts)]


def _client(entry: AuditEntry) -> str:
    client = ApiClient.objects.filter(pk=entry.client_id or 0).first()
    return client.name if client else shown.NOTHING


def _subject(subject: str) -> Any:
    """With a link to its page, where it has one."""
    kind, _, key = subject.partition(":")
    if kind == "user" and key.isdigit():
        is_member = Member.objects.filter(pk=int(key)).exists()
        return shown.link("members_member" if is_member else "members_user", key, subject)
    pages = {"batch": "epins_epinbatch", "mail": "mailings_mail", "payout_batch": "payouts_batch",
             "run": "commissions_run"}  # fmt: skip
    return shown.link(pages[kind], key, subject) if kind in pages and key.isdigit() else subject


def _plain(name: str, value: Any) -> str:
    if name in _MONEY and isinstance(value, int):
        return shown.money(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
