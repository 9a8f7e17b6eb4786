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
from upline.screens import shown


class IssueForm(ButtonForm):
    amount = MoneyField(least=1, help_text="The value of each e-pin.")
    quantity = WholeField(min_value=1, max_value=QUANTITY_MAX)
    owner = MemberField(
        required=False,
        help_text="The username of a member, now or later.",
    )
    expires = LastDayField(
        required=False, label="Valid until", help_text="The last day to use them."
    )
    note = LineField(max_length=300, required=False)

    def __init__(self, thing: None, *args: Any, **more: Any) -> None:
        super().__init__(thing, *args, **more)
        codes = markets.currencies()
        if len(codes) == 1:
            return
        self.fields["currency"] = forms.ChoiceField(
            choices=[(code, code) for code in codes],
            help_text="Where you name an owner, the currency of their market.",
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
        "E-pins issued",
        [TableBlock("Codes", ("Code", "Amount"), [(code, amount) for code in issued])],
        "Each code is as good as money. You can download them again from the batch page. The audit "
        "log records each download.",
        [("Download as CSV", printing)],
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
    plural = "E-pin batches"
    nothing = "There are no e-pins yet. Issue the first batch."
    list_display = ("__str__", "each", "quantity", "note", "issued", "issued_by", "expires")
    list_select_related = ("issued_by",)
    search_fields = ("note",)
    search_help_text = "Note"
    ordering = ("-pk",)
    list_buttons = (
        Button(
            "issue",
            "Issue e-pins",
            epin_batches.issue_epins,
            _issue,
            "Each e-pin can be used at once by the member who owns it.",
            IssueForm,
        ),
    )
    buttons = (
        Button(
            "print",
            "Download codes",
            epin_batches.print_epins,
            _print,
            "A CSV file with all codes of this batch, to print and hand out. Each code is as good "
            "as money. The audit log records that you downloaded them.",
            once=False,
            main=True,
        ),
    )

    @admin.display(description="value of each", ordering="amount")
    def each(self, batch: EPinBatch) -> str:
        return shown.money(batch.amount, batch.currency)

    @admin.display(description="issued", ordering="issued_at")
    def issued(self, batch: EPinBatch) -> str:
        return shown.moment(batch.issued_at)

    @admin.display(description="expires", ordering="expires_at")
    def expires(self, batch: EPinBatch) -> str:
        return shown.moment(batch.expires_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EPinBatch]:
        return EPinBatch.objects.select_related("issued_by")

    def heading(self, thing: EPinBatch) -> str:
        return f"E-pin batch {thing.pk}"

    def blocks(self, request: HttpRequest, thing: EPinBatch) -> Sequence[Block]:
        sums = thing.epins.aggregate(
            remaining=Sum("balance"), untouched=Count("pk", filter=Q(balance=F("amount")))
        )
        rows = [
            ("Value of each", shown.money(thing.amount, thing.currency)),
            ("Quantity", thing.quantity),
            ("Not used yet", sums["untouched"]),
            ("Balance of all", shown.money(sums["remaining"], thing.currency)),
            ("Issued", f"{shown.moment(thing.issued_at)} by {thing.issued_by or 'the shell'}"),
            ("Expires", shown.moment(thing.expires_at)),
            ("Note", thing.note or shown.NOTHING),
            (
                "E-pins",
                shown.anchor(shown.listing("epins_epin", batch=thing.pk), "Show all"),
            ),
        ]
        return [FactsBlock("Batch", rows)]


class ByEPinStatus(admin.SimpleListFilter):
    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [(each, each) for each in EPinStatus]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(status=chosen) if chosen in set(EPinStatus) else queryset


class Owned(admin.SimpleListFilter):
    title = "owner"
    parameter_name = "owned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [("no", "nobody yet"), ("yes", "a member")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[EPin]) -> QuerySet[EPin]:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(owner__isnull=self.value() == "no")


class AllocateForm(CarryingForm):
    """Who gets the chosen ones. `opened` is whose each was when the page showed it."""

    owner = MemberField(label="New owner", help_text="The username of a member.")


@admin.register(EPin)
class EPinDesk(Desk):
    plural = "E-pins"
    nothing = "There are no e-pins yet. They appear here once a batch is issued."
    list_display = ("__str__", "status", "remaining", "issued_for", "owner", "batch", "expires")
    list_filter = (ByEPinStatus, Owned)
    list_select_related = ("owner__user", "batch")
    actions = ("allocate", "block", "unblock")

    @admin.display(description="status")
    def status(self, epin: Any) -> SafeString:
        return shown.status(epin.status)

    @admin.display(description="balance", ordering="balance")
    def remaining(self, epin: EPin) -> str:
        return shown.money(epin.balance, epin.batch.currency)

    @admin.display(description="value", ordering="amount")
    def issued_for(self, epin: EPin) -> str:
        return shown.money(epin.amount, epin.batch.currency)

    @admin.display(description="expires", ordering="expires_at")
    def expires(self, epin: EPin) -> str:
        return shown.moment(epin.expires_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = EPin.objects.select_related("owner__user", "batch").defer("digest", "sealed")
        return with_status(found)

    def heading(self, thing: EPin) -> str:
        return f"E-pin …{thing.last_four}"

    def blocks(self, request: HttpRequest, thing: Any) -> Sequence[Block]:
        owner = thing.owner
        rows = [
            ("Status", shown.status(thing.status)),
            ("Balance", shown.money(thing.balance, thing.batch.currency)),
            ("Value", shown.money(thing.amount, thing.batch.currency)),
            ("Owner", shown.member(owner.pk, str(owner)) if owner else shown.NOTHING),
            ("Expires", shown.moment(thing.expires_at)),
            ("Blocked", shown.moment(thing.blocked_at)),
            ("Batch", shown.link("epins_epinbatch", thing.batch_id, thing.batch)),
        ]
        return [FactsBlock("E-pin", rows), _uses(thing)]

    # --- Buttons on the chosen ones of the list ------------------------------------------

    def has_handle_permission(self, request: HttpRequest) -> bool:
        """Django asks this for the actions below."""
        return may(request.user, epin_batches.allocate_epins)

    @admin.action(description="Give the selected e-pins to a member", permissions=["handle"])
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
                messages.success(request, f"{changed} of {len(ids)} e-pins were given away.")
                return None
        return self.page(request, "office/allocate.html", title="Give e-pins to a member",
                         form=form, ids=ids, chosen=_chosen(chosen))  # fmt: skip

    @admin.action(description="Block the selected e-pins", permissions=["handle"])
    def block(self, request: HttpRequest, chosen: QuerySet[EPin]) -> None:
        changed = epin_batches.block_epins(unit_of(request), _ids(chosen))
        messages.success(request, f"{changed} e-pins were blocked.")

    @admin.action(description="Unblock the selected e-pins", permissions=["handle"])
    def unblock(self, request: HttpRequest, chosen: QuerySet[EPin]) -> None:
        changed = epin_batches.unblock_epins(unit_of(request), _ids(chosen))
        messages.success(request, f"{changed} e-pins can be used again.")


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
         each.owner or "nobody yet")
        for each in chosen.order_by("pk")
    ]  # fmt: skip
    return TableBlock("Selected e-pins", ("E-pin", "Status", "Balance", "Owner now"), rows)


def _uses(epin: EPin) -> TableBlock:
    found = Payment.objects.filter(epin_id=epin.pk).select_related("member__user").order_by("-id")
    rows = [
        (shown.moment(each.created_at), shown.member(each.member_id, str(each.member)),
         shown.money(each.authorised, each.currency), shown.money(each.remaining, each.currency),
         each.get_status_display())
        for each in found
    ]  # fmt: skip
    heads = ("When", "By", "Amount", "Not used yet", "Status")
    return TableBlock("Payments with this e-pin", heads, rows)
