"""Batches of payouts: their files for the bank, and what the bank has done with all of a batch."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from upline.base.unit import UnitOfWork
from upline.flows import paying_out
from upline.office.buttons import Block, Button, FactsBlock, TableBlock
from upline.office.desk import Desk
from upline.office.payouts import PayoutReasonForm
from upline.payouts.bank.details import pays_by_sepa
from upline.payouts.models import Batch, PayoutStatus
from upline.screens import shown

_LISTED = 50
_FILES = {"csv": "text/csv; charset=utf-8", "sepa": "application/xml"}


def _file(kind: str) -> Callable[[UnitOfWork, Batch, dict[str, Any]], HttpResponse]:
    def take(unit: UnitOfWork, batch: Batch, asked: dict[str, Any]) -> HttpResponse:
        content = paying_out.bank_file(unit, batch.pk, kind)
        response = HttpResponse(content, content_type=_FILES[kind])
        ending = "csv" if kind == "csv" else "xml"
        name = f"payouts-batch-{batch.pk}.{ending}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    return take


def _all_paid(unit: UnitOfWork, batch: Batch, asked: dict[str, Any]) -> str:
    return f"{paying_out.mark_batch_paid(unit, batch.pk)} payouts of {batch} are paid."


def _all_failed(unit: UnitOfWork, batch: Batch, asked: dict[str, Any]) -> str:
    number = paying_out.mark_batch_failed(unit, batch.pk, asked["reason"])
    return f"{number} payouts of {batch} have failed: the money is back in the wallets."


def _waiting(batch: Batch, asked: dict[str, Any]) -> TableBlock:
    rows: list[tuple[Any, ...]] = [
        (each.number, each.member, shown.amount(each))
        for each in batch.payouts.filter(status=PayoutStatus.IN_BATCH).select_related(
            "member__user"
        )
    ]
    return TableBlock("These payouts", ("Payout", "Member", "Amount"), rows)


def _has_open(batch: Any) -> bool:
    return bool(batch.still_open)


_TAKEN = (
    "The file contains bank data. The audit log records that you downloaded it. Payouts that have "
    "failed or were returned are not in it."
)


@admin.register(Batch)
class PayoutBatchDesk(Desk):
    plural = "Payout batches"
    nothing = "There are no batches yet. Make one from the approved payouts."
    list_display = ("__str__", "quantity", "sum", "open", "made", "created_by")
    list_select_related = ("created_by",)
    buttons = (
        Button(
            "csv",
            "Download CSV file",
            paying_out.bank_file,
            _file("csv"),
            _TAKEN,
            once=False,
            main=True,
        ),
        Button(
            "sepa",
            "Download SEPA file",
            paying_out.bank_file,
            _file("sepa"),
            f"A pain.001 file for the company's bank. {_TAKEN}",
            fits=lambda batch: pays_by_sepa(batch.currency),
            once=False,
            main=True,
        ),
        Button(
            "paid",
            "Mark all as paid",
            paying_out.mark_batch_paid,
            _all_paid,
            "Confirm that the bank has paid all payouts that are still open in this batch.",
            fits=_has_open,
            preview=_waiting,
        ),
        Button(
            "failed",
            "Mark all as failed",
            paying_out.mark_batch_failed,
            _all_failed,
            "The bank paid none of the payouts that are still open in this batch. The money goes "
            "back to the wallets, and the members are told the reason.",
            PayoutReasonForm,
            fits=_has_open,
            preview=_waiting,
            grave=True,
        ),
    )

    @admin.display(description="amount", ordering="amount")
    def sum(self, batch: Batch) -> str:
        return shown.amount(batch)

    @admin.display(description="still open")
    def open(self, batch: Any) -> int:
        return int(batch.still_open)

    @admin.display(description="created", ordering="created_at")
    def made(self, batch: Batch) -> str:
        return shown.moment(batch.created_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        still_open = Count(
            "payouts", filter=Q(payouts__status=PayoutStatus.IN_BATCH), distinct=True
        )
        return Batch.objects.select_related("created_by").annotate(still_open=still_open)

    def blocks(self, request: HttpRequest, thing: Any) -> Sequence[Block]:
        pays = f"{thing.debtor_name}, {thing.debtor_iban}" if thing.debtor_iban else shown.NOTHING
        rows = [
            ("Payouts", thing.quantity),
            ("Still open", thing.still_open),
            ("Amount", shown.amount(thing)),
            ("Created", f"{shown.moment(thing.created_at)} by {thing.created_by}"),
            ("To be paid on", shown.day(thing.execution_date)),
            ("Message ID", thing.message_id),
            ("Paid from", pays),
        ]
        found = thing.payouts.select_related("member__user")[:_LISTED]
        payouts = [
            (shown.link("payouts_payout", each.pk, each.number), shown.status(each.status),
             shown.amount(each), shown.member(each.member_id, str(each.member)))
            for each in found
        ]  # fmt: skip
        more = shown.listing("payouts_payout", batch=thing.pk)
        heads = ("Payout", "Status", "Amount", "Member")
        return [FactsBlock("Batch", rows), TableBlock("Payouts", heads, payouts, more)]
