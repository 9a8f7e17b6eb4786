"""E-pins: issued in batches, given to members, blocked; their codes printed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from upline.base import csv_cells
from upline.base.amounts import as_text
from upline.base.unit import UnitOfWork
from upline.epins.actions import QUANTITY_MAX
from upline.epins.errors import OwnersChanged
from upline.epins.models import EPin, EPinBatch, EPinStatus
from upline.epins.queries import batch_of, with_status
from upline.flows import epin_batches
from upline.flows.permissions import may
from upline.language import gettext, lazy, ngettext
from upline.markets import current as markets
from upline.office.asking import unit_of
from upline.office.buttons import (
    Block,
    Button,
    ButtonForm,
    CarryingForm,
    FactsBlock,
    Shown,
    TableBlock,
)
from upline.office.desk import Desk
from upline.office.fields import (
    LastDayField,
    LineField,
    MemberField,
    MoneyField,
    WholeField,
    currency_of,
)
from upline.payments.models import Payment
from upline.screens import shown, who


class IssueForm(ButtonForm):
    amount = MoneyField(least=1, label=lazy("Amount"), help_text=lazy("The value of each e-pin."))
    quantity = WholeField(min_value=1, max_value=QUANTITY_MAX, label=lazy("Quantity"))
    owner = MemberField(
        required=False,
        label=lazy("Owner"),
        help_text=lazy("The username of a member, now or later."),
    )
    expires = LastDayField(
        required=False, label=lazy("Valid until"), help_text=lazy("The last day to use them.")
    )
    note = LineField(max_length=300, required=False, label=lazy("Note"))

    def __init__(self, thing: None, *args: Any, **more: Any) -> None:
        super().__init__(thing, *args, **more)
        codes = markets.currencies()
        if len(codes) == 1:
            return
        self.fields["currency"] = forms.ChoiceField(
            choices=[(code, code) for code in codes],
            label=gettext("Currency"),
            help_text=gettext("If you name an owner, choose the currency of their market."),
        )
        self.order_fields(["amount", "currency"])
        asked = self.data.get("currency")
        if asked in codes:
            currency_of(self.fields["amount"], asked)


def _issue(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> Shown:
    currency = asked.get("currency") or markets.home().currency
    issued = epin_batches.issue_epins(
        unit, asked["amount"], asked["quantity"], asked["owner"], asked["expires"], asked["note"],
        currency,
    )  # fmt: skip
    amount = shown.money(asked["amount"], currency)
    printing = reverse("admin:epins_epinbatch_print", args=[batch_of(issued[0])])
    return Shown(
        gettext("E-pins issued"),
        [
            TableBlock(
                gettext("Codes"),
                (gettext("Code"), gettext("Amount")),
                [(code, amount) for code in issued],
            )
        ],
        gettext(
            "Each code is as good as money. You can download them again from the batch page. The "
            "audit log records each download."
        ),
        [(gettext("Download as CSV"), printing)],
    )


def _print(unit: UnitOfWork, batch: EPinBatch, asked: dict[str, Any]) -> HttpResponse:
    exponent, currency = markets.decimals_of(batch.currency), batch.currency
    rows = [("code", "amount", "currency", "good_until", "owner")]
    for pin in epin_batches.print_epins(unit, batch.pk):
        amount = as_text(pin.amount, exponent)
        until = f"{timezone.localtime(pin.expires_at):%Y-%m-%d %H:%M}" if pin.expires_at else ""
        rows.append((pin.code, amount, currency, until, pin.owner))
    content = csv_cells.as_csv(rows, excel=True)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="e-pins-batch-{batch.pk}.csv"'
    return response


@admin.register(EPinBatch)
class EPinBatchDesk(Desk):
    plural = lazy("E-pin batches")
    nothing = lazy("There are no e-pins yet. Issue the first batch.")
    list_display = ("__str__", "each", "quantity", "note", "issued", "issued_by", "expires")
    list_select_related = ("issued_by",)
    search_fields = ("note",)
    search_help_text = lazy("Note")
    ordering = ("-pk",)
    list_buttons = (
        Button(
            "issue",
            lazy("Issue e-pins"),
            epin_batches.issue_epins,
            _issue,
            lazy("Each e-pin can be used at once by the member who owns it."),
            IssueForm,
        ),
    )
    buttons = (
        Button(
            "print",
            lazy("Download codes"),
            epin_batches.print_epins,
            _print,
            lazy(
                "A CSV file with all codes of this batch, to print and hand out. Each code is as "
                "good as money. The audit log records that you downloaded them."
            ),
            once=False,
            main=True,
        ),
    )

    @admin.display(description=lazy("value of each"), ordering="amount")
    def each(self, batch: EPinBatch) -> str:
        return shown.money(batch.amount, batch.currency)

    @admin.display(description=lazy("issued"), ordering="issued_at")
    def issued(self, batch: EPinBatch) -> str:
        return shown.moment(batch.issued_at)

    @admin.display(description=lazy("expires"), ordering="expires_at")
    def expires(self, batch: EPinBatch) -> str:
        return shown.moment(batch.expires_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EPinBatch]:
        return EPinBatch.objects.select_related("issued_by")

    def heading(self, thing: EPinBatch) -> str:
        return gettext("E-pin batch {id}", id=thing.pk)

    def blocks(self, request: HttpRequest, thing: EPinBatch) -> Sequence[Block]:
        sums = thing.epins.aggregate(
            remaining=Sum("balance"), untouched=Count("pk", filter=Q(balance=F("amount")))
        )
        rows = [
            (gettext("Value of each"), shown.money(thing.amount, thing.currency)),
            (gettext("Quantity"), thing.quantity),
            (gettext("Not used yet"), sums["untouched"]),
            (gettext("Balance of all"), shown.money(sums["remaining"], thing.currency)),
            (
                gettext("Issued"),
                shown.moment_by(thing.issued_at, thing.issued_by or who.shell()),
            ),
            (gettext("Expires"), shown.moment(thing.expires_at)),
            (gettext("Note"), thing.note or shown.NOTHING),
            (
                gettext("E-pins"),
                shown.anchor(shown.listing("epins_epin", batch=thing.pk), gettext("Show all")),
            ),
        ]
        return [FactsBlock(gettext("Batch"), rows)]


class ByEPinStatus(admin.SimpleListFilter):
    title = lazy("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [(each, shown.status_word(each)) for each in EPinStatus]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(status=chosen) if chosen in set(EPinStatus) else queryset


class Owned(admin.SimpleListFilter):
    title = lazy("owner")
    parameter_name = "owned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [("no", gettext("nobody yet")), ("yes", gettext("a member"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[EPin]) -> QuerySet[EPin]:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(owner__isnull=self.value() == "no")


class AllocateForm(CarryingForm):
    """Who gets the chosen ones. `opened` is whose each was when the page showed it."""

    owner = MemberField(label=lazy("New owner"), help_text=lazy("The username of a member."))


@admin.register(EPin)
class EPinDesk(Desk):
    plural = lazy("E-pins")
    nothing = lazy("There are no e-pins yet. They appear here once a batch is issued.")
    list_display = ("__str__", "status", "remaining", "issued_for", "owner", "batch", "expires")
    list_filter = (ByEPinStatus, Owned)
    list_select_related = ("owner__user", "batch")
    actions = ("allocate", "block", "unblock")

    @admin.display(description=lazy("status"))
    def status(self, epin: Any) -> SafeString:
        return shown.status(epin.status)

    @admin.display(description=lazy("balance"), ordering="balance")
    def remaining(self, epin: EPin) -> str:
        return shown.money(epin.balance, epin.batch.currency)

    @admin.display(description=lazy("value"), ordering="amount")
    def issued_for(self, epin: EPin) -> str:
        return shown.money(epin.amount, epin.batch.currency)

    @admin.display(description=lazy("expires"), ordering="expires_at")
    def expires(self, epin: EPin) -> str:
        return shown.moment(epin.expires_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = EPin.objects.select_related("owner__user", "batch").defer("digest", "sealed")
        return with_status(found)

    def heading(self, thing: EPin) -> str:
        return gettext("E-pin {ending}", ending=f"…{thing.last_four}")

    def blocks(self, request: HttpRequest, thing: Any) -> Sequence[Block]:
        owner = thing.owner
        rows = [
            (gettext("Status"), shown.status(thing.status)),
            (gettext("Balance"), shown.money(thing.balance, thing.batch.currency)),
            (gettext("Value"), shown.money(thing.amount, thing.batch.currency)),
            (gettext("Owner"), shown.member(owner.pk, str(owner)) if owner else shown.NOTHING),
            (gettext("Expires"), shown.moment(thing.expires_at)),
            (gettext("Blocked"), shown.moment(thing.blocked_at)),
            (gettext("Batch"), shown.link("epins_epinbatch", thing.batch_id, thing.batch)),
        ]
        return [FactsBlock(gettext("E-pin"), rows), _uses(thing)]

    # --- Buttons on the chosen ones of the list ------------------------------------------

    def has_handle_permission(self, request: HttpRequest) -> bool:
        """Django asks this for the actions below."""
        return may(request.user, epin_batches.allocate_epins)

    @admin.action(description=lazy("Give the selected e-pins to a member"), permissions=["handle"])
    def allocate(self, request: HttpRequest, chosen: QuerySet[EPin]) -> HttpResponse | None:
        """Unused ones change hands; the others stay with who has begun to use them."""
        ids = _ids(chosen)
        form = AllocateForm(request.POST) if "owner" in request.POST else _whose(chosen)
        if form.is_valid():
            owner, seen = form.cleaned_data["owner"], form.cleaned_data["opened"]
            try:
                changed = epin_batches.allocate_epins(unit_of(request), ids, owner, seen or {})
            except OwnersChanged as refusal:
                form = _whose(chosen, owner=request.POST["owner"])
                messages.warning(request, refusal.sentence)
            else:
                messages.success(
                    request,
                    ngettext(
                        "{count} of {chosen} e-pins was given away.",
                        "{count} of {chosen} e-pins were given away.",
                        changed,
                        chosen=len(ids),
                    ),
                )
                return None
        return self.page(request, "office/allocate.html", title=gettext("Give e-pins to a member"),
                         form=form, ids=ids, chosen=_chosen(chosen))  # fmt: skip

    @admin.action(description=lazy("Block the selected e-pins"), permissions=["handle"])
    def block(self, request: HttpRequest, chosen: QuerySet[EPin]) -> None:
        changed = epin_batches.block_epins(unit_of(request), _ids(chosen))
        messages.success(
            request,
            ngettext("{count} e-pin was blocked.", "{count} e-pins were blocked.", changed),
        )

    @admin.action(description=lazy("Unblock the selected e-pins"), permissions=["handle"])
    def unblock(self, request: HttpRequest, chosen: QuerySet[EPin]) -> None:
        changed = epin_batches.unblock_epins(unit_of(request), _ids(chosen))
        messages.success(
            request,
            ngettext(
                "{count} e-pin can be used again.", "{count} e-pins can be used again.", changed
            ),
        )


def _ids(chosen: QuerySet[EPin]) -> list[int]:
    return list(chosen.order_by("pk").values_list("pk", flat=True))


def _whose(chosen: QuerySet[EPin], **typed: str) -> AllocateForm:
    """The form, with whose each of the chosen is now."""
    owners = {str(pk): owner for pk, owner in chosen.values_list("pk", "owner_id")}
    return AllocateForm(initial=owners | typed)


def _chosen(chosen: QuerySet[Any]) -> TableBlock:
    rows = [
        (f"…{each.last_four}", shown.status(each.status),
         shown.money(each.balance, each.batch.currency),
         each.owner or gettext("nobody yet"))
        for each in chosen.order_by("pk")
    ]  # fmt: skip
    return TableBlock(
        gettext("Selected e-pins"),
        (gettext("E-pin"), gettext("Status"), gettext("Balance"), gettext("Owner now")),
        rows,
    )


def _uses(epin: EPin) -> TableBlock:
    found = Payment.objects.filter(epin_id=epin.pk).select_related("member__user").order_by("-id")
    rows = [
        (shown.moment(each.created_at), shown.member(each.member_id, str(each.member)),
         shown.money(each.authorised, each.currency), shown.money(each.remaining, each.currency),
         each.get_status_display())
        for each in found
    ]  # fmt: skip
    heads = (
        gettext("When"),
        gettext("By"),
        gettext("Amount"),
        gettext("Not used yet"),
        gettext("Status"),
    )
    return TableBlock(gettext("Payments with this e-pin"), heads, rows)
