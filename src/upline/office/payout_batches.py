"""Batches of payouts: their files for the bank, and what the bank has done with all of a batch."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from upline.base.unit import UnitOfWork
from upline.flows import paying_out
from upline.language import gettext, lazy, ngettext
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
    return ngettext(
        "{count} payout of batch {batch} is paid.",
        "{count} payouts of batch {batch} are paid.",
        paying_out.mark_batch_paid(unit, batch.pk),
        batch=batch.pk,
    )


def _all_failed(unit: UnitOfWork, batch: Batch, asked: dict[str, Any]) -> str:
    number = paying_out.mark_batch_failed(unit, batch.pk, asked["reason"])
    return ngettext(
        "{count} payout of batch {batch} has failed. The money is back in the wallet.",
        "{count} payouts of batch {batch} have failed. The money is back in the wallets.",
        number,
        batch=batch.pk,
    )


def _waiting(batch: Batch, asked: dict[str, Any]) -> TableBlock:
    rows: list[tuple[Any, ...]] = [
        (each.number, each.member, shown.amount(each))
        for each in batch.payouts.filter(status=PayoutStatus.IN_BATCH).select_related(
            "member__user"
        )
    ]
    return TableBlock(
        gettext("These payouts"), (gettext("Payout"), gettext("Member"), gettext("Amount")), rows
    )


def _has_open(batch: Any) -> bool:
    return bool(batch.still_open)


@admin.register(Batch)
class PayoutBatchDesk(Desk):
    plural = lazy("Payout batches")
    nothing = lazy("There are no batches yet. Make one from the approved payouts.")
    list_display = ("__str__", "quantity", "sum", "open", "made", "created_by")
    list_select_related = ("created_by",)
    buttons = (
        Button(
            "csv",
            lazy("Download CSV file"),
            paying_out.bank_file,
            _file("csv"),
            lazy(
                "The file contains bank data. The audit log records that you downloaded it. "
                "Payouts that have failed or were returned are not in it."
            ),
            once=False,
            main=True,
        ),
        Button(
            "sepa",
            lazy("Download SEPA file"),
            paying_out.bank_file,
            _file("sepa"),
            lazy(
                "A pain.001 file for the company's bank. It contains bank data. The audit log "
                "records that you downloaded it. Payouts that have failed or were returned are not "
                "in it."
            ),
            fits=lambda batch: pays_by_sepa(batch.currency),
            once=False,
            main=True,
        ),
        Button(
            "paid",
            lazy("Mark all as paid"),
            paying_out.mark_batch_paid,
            _all_paid,
            lazy("Confirm that the bank has paid all payouts that are still open in this batch."),
            fits=_has_open,
            preview=_waiting,
        ),
        Button(
            "failed",
            lazy("Mark all as failed"),
            paying_out.mark_batch_failed,
            _all_failed,
            lazy(
                "The bank paid none of the payouts that are still open in this batch. The money "
                "goes back to the wallets, and the members are told the reason."
            ),
            PayoutReasonForm,
            fits=_has_open,
            preview=_waiting,
            grave=True,
        ),
    )

    @admin.display(description=lazy("amount"), ordering="amount")
    def sum(self, batch: Batch) -> str:
        return shown.amount(batch)

    @admin.display(description=lazy("still open"))
    def open(self, batch: Any) -> int:
        return int(batch.still_open)

    @admin.display(description=lazy("created"), ordering="created_at")
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
            (gettext("Payouts"), thing.quantity),
            (gettext("Still open"), thing.still_open),
            (gettext("Amount"), shown.amount(thing)),
            (gettext("Created"), shown.moment_by(thing.created_at, thing.created_by)),
            (gettext("To be paid on"), shown.day(thing.execution_date)),
            (gettext("Message ID"), thing.message_id),
            (gettext("Paid from"), pays),
        ]
        found = thing.payouts.select_related("member__user")[:_LISTED]
        payouts = [
            (shown.link("payouts_payout", each.pk, each.number), shown.status(each.status),
             shown.amount(each), shown.member(each.member_id, str(each.member)))
            for each in found
        ]  # fmt: skip
        more = shown.listing("payouts_payout", batch=thing.pk)
        heads = (gettext("Payout"), gettext("Status"), gettext("Amount"), gettext("Member"))
        return [
            FactsBlock(gettext("Batch"), rows),
            TableBlock(gettext("Payouts"), heads, payouts, more),
        ]
