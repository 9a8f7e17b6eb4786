"""Decisions about who members are; they are made on the member's page."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.kyc.models import KycReview
from upline.language import gettext, lazy
from upline.office.buttons import Block, FactsBlock
from upline.office.desk import ByStatus, Desk
from upline.screens import shown


class Latest(admin.SimpleListFilter):
    """What holds now; the decisions before stay in the list of all."""

    title = lazy("show")
    parameter_name = "which"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [("all", gettext("all decisions"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield first | {"display": gettext("latest of each member")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[KycReview]) -> QuerySet[KycReview]:
        if self.value() == "all":
            return queryset
        latest = KycReview.objects.order_by("member_id", "-id").distinct("member_id")
        return queryset.filter(pk__in=latest.values("pk"))


@admin.register(KycReview)
class KycDesk(Desk):
    plural = lazy("KYC reviews")
    nothing = lazy(
        "There are no decisions yet. They appear here once members submit proof of identity."
    )
    list_display = ("member", "decision", "note", "when", "by")
    list_filter = (("status", ByStatus), Latest)
    list_select_related = ("member__user", "actor")

    @admin.display(description=lazy("decision"), ordering="status")
    def decision(self, review: KycReview) -> SafeString:
        return shown.status(review.status)

    @admin.display(description=lazy("by"), ordering="actor__username")
    def by(self, review: KycReview) -> str:
        return str(review.actor or shown.NOTHING)

    @admin.display(description=lazy("when"), ordering="at")
    def when(self, review: KycReview) -> str:
        return shown.moment(review.at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[KycReview]:
        return KycReview.objects.select_related("member__user", "actor")

    def heading(self, thing: KycReview) -> str:
        return gettext(
            "{member}: {status}", member=thing.member, status=shown.status_word(thing.status)
        )

    def blocks(self, request: HttpRequest, thing: KycReview) -> Sequence[Block]:
        rows = [
            (gettext("Member"), shown.member(thing.member_id, thing.member.user.username)),
            (gettext("Decision"), shown.status(thing.status)),
            (gettext("Note"), thing.note or shown.NOTHING),
            (gettext("When"), shown.moment(thing.at)),
            (gettext("By"), thing.actor or shown.NOTHING),
        ]
        return [FactsBlock(gettext("Decision"), rows)]
