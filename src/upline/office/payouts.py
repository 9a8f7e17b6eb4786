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
from upline.language import gettext, lazy
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock, Shown, TableBlock
from upline.office.desk import ByDay, ByStatus, Desk
from upline.office.fields import reason_field
from upline.payouts.models import Payout, PayoutStatus
from upline.screens import shown
from upline.screens.holds import hold_of

_BANK = {
    "account_holder": lazy("Account holder"),
    "account_number": lazy("Account number"),
    "bank_name": lazy("Bank"),
    "branch_name": lazy("Branch"),
    "ifsc": lazy("IFSC or BIC"),
}


class PayoutReasonForm(ButtonForm):
    reason = reason_field(help_text=lazy("The member reads this. It is kept for good."))


def _approve(unit: UnitOfWork, payout: Payout, asked: dict[str, Any]) -> str:
    paying_out.approve(unit, payout.number)
    return gettext("{payout} is approved and goes into the next batch.", payout=payout.number)


def _decline(unit: UnitOfWork, payout: Payout, asked: dict[str, Any]) -> str:
    paying_out.decline(unit, payout.number, asked["reason"])
    return _is_back(
        lazy("{payout} is declined. {amount} is back in the wallet of {member}."), payout
    )


def _paid(unit: UnitOfWork, payout: Payout, asked: dict[str, Any]) -> str:
    paying_out.mark_paid(unit, payout.number)
    return gettext("{payout} is paid.", payout=payout.number)


def _failed(unit: UnitOfWork, payout: Payout, asked: dict[str, Any]) -> str:
    paying_out.mark_failed(unit, payout.number, asked["reason"])
    return _is_back(
        lazy("{payout} has failed. {amount} is back in the wallet of {member}."), payout
    )


def _returned(unit: UnitOfWork, payout: Payout, asked: dict[str, Any]) -> str:
    paying_out.mark_returned(unit, payout.number, asked["reason"])
    return _is_back(
        lazy("{payout} is returned. {amount} is back in the wallet of {member}."), payout
    )


def _is_back(sentence: str, payout: Payout) -> str:
    return sentence.format(payout=payout.number, amount=shown.amount(payout), member=payout.member)


def _bank(unit: UnitOfWork, payout: Payout, asked: dict[str, Any]) -> Shown:
    known = paying_out.show_bank(unit, payout.number)
    rows = [(label, known[name] or shown.NOTHING) for name, label in _BANK.items()]
    title = gettext("Bank data of {payout}", payout=payout.number)
    return Shown(title, [FactsBlock(gettext("Bank account"), rows)])


def _goes_outside(payout: Payout, asked: dict[str, Any]) -> FactsBlock:
    if not payout.last_four:
        return _way(payout, gettext("the bank account of {member}", member=payout.member))
    return _way(
        payout,
        gettext(
            "the bank account of {member}, ending in {ending}",
            member=payout.member,
            ending=payout.last_four,
        ),
    )


def _goes_back(payout: Payout, asked: dict[str, Any]) -> FactsBlock:
    return _way(payout, gettext("the wallet of {member}", member=payout.member))


def _way(payout: Payout, to: str) -> FactsBlock:
    return FactsBlock(
        gettext("What happens"), [(gettext("Amount"), shown.amount(payout)), (gettext("To"), to)]
    )


def _make_batch(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> Shown:
    made = paying_out.make_batch(unit)
    blocks: list[Block] = [
        FactsBlock(
            gettext("Batch"),
            [(gettext("Payouts"), made.quantity), (gettext("Amount"), shown.amount(made))],
        )
    ]
    if made.kept_out:
        blocks.append(
            TableBlock(
                gettext("Left out"),
                (gettext("Payout"), gettext("Why")),
                list(made.kept_out.items()),
            )
        )
    page = shown.listing("payouts_payout", batch=made.id)
    return Shown(
        gettext("Payout batch {id}", id=made.id),
        blocks,
        gettext("Download its file from the batch page and give it to your bank."),
        [
            (gettext("Open the batch"), shown.address("payouts_batch", made.id)),
            (gettext("Show its payouts"), page),
        ],
    )


def _preview_batch(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> TableBlock:
    waiting = paying_out.preview_batch(unit)
    rows: list[tuple[Any, ...]] = [
        (each.number, each.username, shown.amount(each), why or gettext("goes to the bank"))
        for each, why in waiting
    ]
    going = [each for each, why in waiting if not why]
    if going:
        total = sum(each.amount for each in going)
        rows.append((gettext("Total"), "", shown.money(total, going[0].currency), ""))
    return TableBlock(
        gettext("Approved payouts"),
        (gettext("Payout"), gettext("Member"), gettext("Amount"), gettext("What happens")),
        rows,
    )


def _is(*statuses: PayoutStatus) -> Callable[[Payout], bool]:
    return lambda payout: payout.status in statuses


@admin.register(Payout)
class PayoutDesk(Desk):
    plural = lazy("Payouts")
    nothing = lazy("There are no payouts yet. They appear here once members request them.")
    list_display = ("number", "member", "status_label", "sum", "account", "asked", "closed")
    list_filter = (("status", ByStatus), ("requested_at", ByDay))
    list_select_related = ("member__user",)
    list_buttons = (
        Button(
            "make-batch",
            lazy("Make a batch"),
            paying_out.make_batch,
            _make_batch,
            lazy(
                "All approved payouts go into one batch for the bank. A payout that cannot be paid"
                " now stays approved, with the reason."
            ),
            preview_for=_preview_batch,
            by_second=lambda _: company.office().payouts_by_two,
        ),
    )
    buttons = (
        Button(
            "approve",
            lazy("Approve payout"),
            paying_out.approve,
            _approve,
            lazy("The payout goes into the next batch. You cannot approve your own payout."),
            fits=_is(PayoutStatus.REQUESTED),
            preview=_goes_outside,
            main=True,
        ),
        Button(
            "decline",
            lazy("Decline payout"),
            paying_out.decline,
            _decline,
            lazy("The money goes back to the wallet, and the member is told the reason."),
            PayoutReasonForm,
            fits=_is(PayoutStatus.REQUESTED, PayoutStatus.APPROVED),
            preview=_goes_back,
            grave=True,
        ),
        Button(
            "paid",
            lazy("Mark as paid"),
            paying_out.mark_paid,
            _paid,
            lazy("Confirm that the bank has paid this payout."),
            fits=_is(PayoutStatus.IN_BATCH),
            preview=_goes_outside,
            main=True,
        ),
        Button(
            "failed",
            lazy("Mark as failed"),
            paying_out.mark_failed,
            _failed,
            lazy(
                "The bank did not pay this payout. The money goes back to the wallet, and the "
                "member is told the reason."
            ),
            PayoutReasonForm,
            fits=_is(PayoutStatus.IN_BATCH),
            preview=_goes_back,
            grave=True,
        ),
        Button(
            "returned",
            lazy("Mark as returned"),
            paying_out.mark_returned,
            _returned,
            lazy(
                "The bank paid this payout and later sent the money back. It goes back to the "
                "wallet, and the member is told the reason."
            ),
            PayoutReasonForm,
            fits=_is(PayoutStatus.PAID),
            preview=_goes_back,
            grave=True,
        ),
        Button(
            "bank",
            lazy("Show bank data"),
            paying_out.show_bank,
            _bank,
            lazy("Bank data is stored encrypted. The audit log records that you looked at it."),
            once=False,
        ),
    )

    @admin.display(description=lazy("status"), ordering="status")
    def status_label(self, payout: Payout) -> SafeString:
        return shown.status(payout.status)

    @admin.display(description=lazy("amount"), ordering="amount")
    def sum(self, payout: Payout) -> str:
        return shown.amount(payout)

    @admin.display(description=lazy("account"))
    def account(self, payout: Payout) -> str:
        return f"…{payout.last_four}" if payout.last_four else shown.NOTHING

    @admin.display(description=lazy("requested"), ordering="requested_at")
    def asked(self, payout: Payout) -> str:
        return shown.moment(payout.requested_at)

    @admin.display(description=lazy("completed"), ordering="closed_at")
    def closed(self, payout: Payout) -> str:
        return shown.moment(payout.closed_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payout]:
        people = ("member__user", "approved_by", "closed_by", "returned_by", "batch")
        return Payout.objects.select_related(*people).defer("bank_sealed")

    def blocks(self, request: HttpRequest, thing: Payout) -> Sequence[Block]:
        batch = shown.link("payouts_batch", thing.batch_id, thing.batch) if thing.batch else None
        rows = [
            (gettext("Member"), shown.member(thing.member_id, str(thing.member))),
            (gettext("Standing"), shown.status(thing.member.standing)),
            (gettext("Status"), shown.status(thing.status)),
            *_hold(thing),
            (gettext("Amount"), shown.amount(thing)),
            (gettext("Bank account"), self.account(thing)),
            (gettext("Requested"), shown.moment(thing.requested_at)),
            (gettext("Approved"), shown.moment_by(thing.approved_at, thing.approved_by)),
            (gettext("Batch"), batch or shown.NOTHING),
            (gettext("Completed"), shown.moment_by(thing.closed_at, thing.closed_by)),
            *_return(thing),
            (gettext("Reason"), thing.reason or shown.NOTHING),
            (gettext("Taken from the wallet"), shown.transfer(thing.transfer_id)),
            (gettext("Completed by"), shown.transfer(thing.settlement_id)),
        ]
        if thing.kept_out:
            rows.append((gettext("Left out of the last batch"), thing.kept_out))
        return [FactsBlock(gettext("Payout"), rows)]


def _hold(payout: Payout) -> list[tuple[str, str]]:
    hold = (
        hold_of(payout.member_id)
        if payout.status in (PayoutStatus.REQUESTED, PayoutStatus.APPROVED)
        else None
    )
    return [(gettext("On hold"), hold.sentence)] if hold else []


def _return(payout: Payout) -> list[tuple[str, Any]]:
    if payout.returned_at is None:
        return []
    return [
        (gettext("Returned"), shown.moment_by(payout.returned_at, payout.returned_by)),
        (gettext("Back in the wallet"), shown.transfer(payout.came_back_id)),
    ]
