"""The audit log, to look at."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from upline.base import audit
from upline.base.models import AuditEntry
from upline.language import gettext, lazy, ngettext
from upline.members.models import Member, User
from upline.office import audit_words, subjects
from upline.office.buttons import Block, FactsBlock, TableBlock
from upline.office.desk import ByDay, Desk
from upline.screens import shown, who

_LATEST = 10


class ByEvent(admin.SimpleListFilter):
    title = lazy("event")
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        found = [(event, audit_words.event(event)) for event in audit.events()]
        return sorted(found, key=lambda each: each[1])

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        return queryset.filter(event=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditDesk(Desk):
    plural = lazy("Audit log")
    nothing = lazy("Nothing has been recorded yet.")
    list_display = ("what", "about", "by", "address", "when")
    list_filter = (ByEvent, ("at", ByDay))
    list_select_related = (*who.COLUMNS, "through", "member__member")

    @admin.display(description=lazy("what"), ordering="event")
    def what(self, entry: AuditEntry) -> str:
        return audit_words.event(entry.event)

    @admin.display(description=lazy("about"))
    def about(self, entry: AuditEntry) -> Any:
        return _person(entry.member) if entry.member else subjects.named(entry.subject)

    @admin.display(description=lazy("by"), ordering="by_kind")
    def by(self, entry: AuditEntry) -> str:
        return who.named(entry)

    @admin.display(description=lazy("when"), ordering="at")
    def when(self, entry: AuditEntry) -> str:
        return shown.moment(entry.at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.select_related(*self.list_select_related)

    def heading(self, thing: AuditEntry) -> str:
        return self.what(thing)

    def blocks(self, request: HttpRequest, thing: AuditEntry) -> Sequence[Block]:
        rows = [
            (gettext("What"), self.what(thing)),
            (
                gettext("Member") if _is_member(thing.member) else gettext("Person"),
                _person(thing.member),
            ),
            (gettext("About"), subjects.linked(thing.subject)),
            (gettext("By"), who.linked(thing)),
            (gettext("When"), shown.moment(thing.at)),
            (gettext("From"), thing.address or shown.NOTHING),
            (gettext("Through the API key"), thing.through or shown.NOTHING),
            (gettext("Request"), thing.request_id or shown.NOTHING),
        ]
        blocks: list[Block] = [
            FactsBlock(gettext("Entry"), [row for row in rows if row[1] != shown.NOTHING])
        ]
        changes = audit_words.changes_of(thing.facts)
        if changes:
            blocks.append(_changes(thing, changes))
        if more := _more(thing, changes):
            blocks.append(FactsBlock(gettext("Details"), more))
        return blocks


def latest_about(member: Member) -> TableBlock:
    """What was last done with a member, for their page."""
    found = AuditEntry.objects.filter(member_id=member.pk).select_related(*who.COLUMNS)
    rows = [
        (shown.link("base_auditentry", entry.pk, audit_words.event(entry.event)),
         subjects.named(entry.subject), who.named(entry), shown.moment(entry.at))
        for entry in found[:_LATEST]
    ]  # fmt: skip
    more = shown.listing("base_auditentry", member=member.pk)
    return TableBlock(
        gettext("Latest in the audit log"),
        (gettext("What"), gettext("About"), gettext("By"), gettext("When")),
        rows,
        more,
    )


def _is_member(user: User | None) -> bool:
    return getattr(user, "member", None) is not None


def _person(user: User | None) -> Any:
    """With a link to the page of the member or staff user."""
    if user is None:
        return shown.NOTHING
    model = "members_member" if _is_member(user) else "members_user"
    return shown.link(model, user.pk, user.username)


def _changes(entry: AuditEntry, changes: dict[str, audit.Change]) -> TableBlock:
    currency = _currency(entry)
    rows = [
        (audit_words.label(name), audit_words.value(name, each["before"], currency),
         audit_words.value(name, each["after"], currency))
        for name, each in changes.items()
    ]  # fmt: skip
    return TableBlock(
        gettext("What changed"), (gettext("What"), gettext("Before"), gettext("After")), rows
    )


def _more(entry: AuditEntry, changes: dict[str, audit.Change]) -> list[tuple[str, Any]]:
    """What else the entry says."""
    said = {"changes", "before", "after"} if changes else set()
    return [
        (audit_words.label(name), _epins(value) if name == "epins" else _said(entry, name, value))
        for name, value in sorted(entry.facts.items())
        if name not in said
    ]


def _currency(entry: AuditEntry) -> str:
    """In which currency the entry's amounts are; '' where it does not say."""
    return str(entry.facts.get("currency", ""))


def _said(entry: AuditEntry, name: str, value: Any) -> Any:
    if name == "member" and isinstance(value, int):
        return _person(User.objects.select_related("member").filter(pk=value).first())
    return audit_words.value(name, value, _currency(entry))


def _epins(ids: Any) -> Any:
    """How many, with a link to them."""
    if not isinstance(ids, list) or not ids:
        return audit_words.value("epins", ids)
    address = shown.listing("epins_epin", pk__in=",".join(map(str, ids)))
    return shown.anchor(address, ngettext("{count} e-pin", "{count} e-pins", len(ids)))
