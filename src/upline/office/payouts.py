"""Payouts: approved or declined one by one, put into batches, paid, failed or returned by the
bank."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import paying_out
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock, Shown, TableBlock
from upline.office.desk import ByDay, ByStatus, Desk
from upline.office.fields import reason_field
from upline.payouts.models import Payout, PayoutStatus
from upline.screens import shown
from upline.screens.holds import hold_of

_BANK = {"account_holder": "Account holder", "account_number": "Account number",
         "bank_name": "Bank", "branch_name": "Branch", "ifsc": "IFSC or BIC"}  # fmt: skip


class PayoutReasonForm(ButtonForm):
    reason = reason_field(help_text="The member reads this. It is kept for good.")


def _approve(unit: UnitOfWork, payout: Payout, asked: dict[str, Any]) -> str:
    paying_out.approve(unit, payout.number)
    return f"{payout.number} is approved and goes into the next batch."


def _decline(unit: UnitOfWork, payout: Payout, asked: dict[str, Any]) -> str:
    paying_out.decline(unit, payout.number, asked["reason"])
    return f"{payout.number} is declined: {_back(payout)}."


def _paid(unit: UnitOfWork, payout: Payout, asked: dict[str, Any]) -> str:
    paying_out.mark_paid(unit, payout.number)
    return f"{payout.number} is paid."


def _failed(unit: UnitOfWork, payout: Payout, asked: dict[str, Any]) -> str:
    paying_out.mark_failed(unit, payout.number, asked["reason"])
    return f"{payout.number} has failed: {_back(payout)}."


def _returned(unit: UnitOfWork, payout: Payout, asked: dict[str, Any]) -> str:
    paying_out.mark_returned(unit, payout.number, asked["reason"])
    return f"{payout.number} is returned: {_back(payout)}."


def _back(payout: Payout) -> str:
    return f"{shown.amount(payout)} is back in the wallet of {payout.member}"


def _bank(unit: UnitOfWork, payout: Payout, asked: dict[str, Any]) -> Shown:
    known = paying_out.show_bank(unit, payout.number)
    rows = [(label, known[name] or shown.NOTHING) for name, label in _BANK.items()]
    return Shown(f"Bank data of {payout.number}", [FactsBlock("Bank account", rows)])


def _goes_outside(payout: Payout, asked: dict[str, Any]) -> FactsBlock:
    return _way(payout, f"the bank account of {payout.member}", payout.last_four)


def _goes_back(payout: Payout, asked: dict[str, Any]) -> FactsBlock:
    return _way(payout, f"the wallet of {payout.member}", "")


def _way(payout: Payout, to: str, ending: str) -> FactsBlock:
    where = f"{to}, ending in {ending}" if ending else to
    return FactsBlock("What happens", [("Amount", shown.amount(payout)), ("To", where)])


def _make_batch(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> Shown:
    made = paying_out.make_batch(unit)
    blocks: list[Block] = [
        FactsBlock("Batch", [("Payouts", made.quantity), ("Amount", shown.amount(made))])
    ]
    if made.kept_out:
        blocks.append(TableBlock("Left out", ("Payout", "Why"), list(made.kept_out.items())))
    page = shown.listing("payouts_payout", batch=made.id)
    return Shown(
        f"Payout batch {made.id}",
        blocks,
        "Download its file from the batch page and give it to your bank.",
        [("Open the batch", shown.address("payouts_batch", made.id)), ("Show its payouts", page)],
    )


def _preview_batch(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> TableBlock:
    waiting = paying_out.preview_batch(unit)
    rows: list[tuple[Any, ...]] = [
        (each.number, each.username, shown.amount(each), why or "goes to the bank")
        for each, why in waiting
    ]
    going = [each for each, why in waiting if not why]
    if going:
        total = sum(each.amount for each in going)
        rows.append(("Total", "", shown.money(total, going[0].currency), ""))
    return TableBlock("Approved payouts", ("Payout", "Member", "Amount", "What happens"), rows)


def _is(*statuses: PayoutStatus) -> Callable[[Payout], bool]:
    return lambda payout: payout.status in statuses


@admin.register(Payout)
class PayoutDesk(Desk):
    plural = "Payouts"
    nothing = "There are no payouts yet. They appear here once members request them."
    list_display = ("number", "member", "status_label", "sum", "account", "asked", "closed")
    list_filter = (("status", ByStatus), ("requested_at", ByDay))
    list_select_related = ("member__user",)
    list_buttons = (
        Button(
            "make-batch",
            "Make a batch",
            paying_out.make_batch,
            _make_batch,
            "All approved payouts go into one batch for the bank. A payout that cannot be paid now "
            "stays approved, with the reason.",
            preview_for=_preview_batch,
            by_second=lambda _: company.office().payouts_by_two,
        ),
    )
    buttons = (
        Button(
            "approve",
            "Approve payout",
            paying_out.approve,
            _approve,
            "The payout goes into the next batch. You cannot approve your own payout.",
            fits=_is(PayoutStatus.REQUESTED),
            preview=_goes_outside,
            main=True,
        ),
        Button(
            "decline",
            "Decline payout",
            paying_out.decline,
            _decline,
            "The money goes back to the wallet, and the member is told the reason.",
            PayoutReasonForm,
            fits=_is(PayoutStatus.REQUESTED, PayoutStatus.APPROVED),
            preview=_goes_back,
            grave=True,
        ),
        Button(
            "paid",
            "Mark as paid",
            paying_out.mark_paid,
            _paid,
            "Confirm that the bank has paid this payout.",
            fits=_is(PayoutStatus.IN_BATCH),
            preview=_goes_outside,
            main=True,
        ),
        Button(
            "failed",
            "Mark as failed",
            paying_out.mark_failed,
            _failed,
            "The bank did not pay this payout. The money goes back to the wallet, and the member "
            "is told the reason.",
            PayoutReasonForm,
            fits=_is(PayoutStatus.IN_BATCH),
            preview=_goes_back,
            grave=True,
        ),
        Button(
            "returned",
            "Mark as returned",
            paying_out.mark_returned,
            _returned,
            "The bank paid this payout and later sent the money back. It goes back to the wallet, "
            "and the member is told the reason.",
            PayoutReasonForm,
            fits=_is(PayoutStatus.PAID),
            preview=_goes_back,
            grave=True,
        ),
        Button(
            "bank",
            "Show bank data",
            paying_out.show_bank,
            _bank,
            "Bank data is stored encrypted. The audit log records that you looked at it.",
            once=False,
        ),
    )

    @admin.display(description="status", ordering="status")
    def status_label(self, payout: Payout) -> SafeString:
        return shown.status(payout.status)

    @admin.display(description="amount", ordering="amount")
    def sum(self, payout: Payout) -> str:
        return shown.amount(payout)

    @admin.display(description="account")
    def account(self, payout: Payout) -> str:
        return f"…{payout.last_four}" if payout.last_four else shown.NOTHING

    @admin.display(description="requested", ordering="requested_at")
    def asked(self, payout: Payout) -> str:
        return shown.moment(payout.requested_at)

    @admin.display(description="completed", ordering="closed_at")
    def closed(self, payout: Payout) -> str:
        return shown.moment(payout.closed_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payout]:
        people = ("member__user", "approved_by", "closed_by", "returned_by", "batch")
        return Payout.objects.select_related(*people).defer("bank_sealed")

    def blocks(self, request: HttpRequest, thing: Payout) -> Sequence[Block]:
        batch = shown.link("payouts_batch", thing.batch_id, thing.batch) if thing.batch else None
        rows = [
            ("Member", shown.member(thing.member_id, str(thing.member))),
            ("Standing", shown.status(thing.member.standing)),
            ("Status", shown.status(thing.status)),
            *_hold(thing),
            ("Amount", shown.amount(thing)),
            ("Bank account", self.account(thing)),
            ("Requested", shown.moment(thing.requested_at)),
            ("Approved", _by(thing.approved_at, thing.approved_by)),
            ("Batch", batch or shown.NOTHING),
            ("Completed", _by(thing.closed_at, thing.closed_by)),
            *_return(thing),
            ("Reason", thing.reason or shown.NOTHING),
            ("Taken from the wallet", _transfer(thing.transfer_id)),
            ("Completed by", _transfer(thing.settlement_id)),
        ]
        if thing.kept_out:
            rows.append(("Left out of the last batch", thing.kept_out))
        return [FactsBlock("Payout", rows)]


def _hold(payout: Payout) -> list[tuple[str, str]]:
    hold = (
        hold_of(payout.member_id)
        if payout.status in (PayoutStatus.REQUESTED, PayoutStatus.APPROVED)
        else None
    )
    return [("On hold", hold.sentence)] if hold else []


def _return(payout: Payout) -> list[tuple[str, Any]]:
    if payout.returned_at is None:
        return []
    return [
        ("Returned", _by(payout.returned_at, payout.returned_by)),
        ("Back in the wallet", _transfer(payout.came_back_id)),
    ]


def _by(at: Any, who: Any) -> str:
    return f"{shown.moment(at)} by {who}" if who else shown.moment(at)


def _transfer(pk: int | None) -> Any:
    return shown.link("wallet_transfer", pk, f"transfer {pk}") if pk else shown.NOTHING
