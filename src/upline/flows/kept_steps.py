"""What is kept of a step that takes two people, and how it is done again with that."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TypedDict

from upline.base.amounts import Money
from upline.base.audit import AuditEvent
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.flows import (
    adjusting,
    api_keys,
    changing_market,
    closed_accounts,
    commission_run,
    configuring,
    epin_batches,
    exchanging,
    order_decisions,
    paying_out,
    payment_events,
    provider_secrets,
    refunding,
    roles,
    staff,
    surpluses,
)


class CreditAsked(TypedDict):
    """What is kept of a credit."""

    member_id: int
    amount: int
    reason: str


class AllocationAsked(TypedDict):
    """What is kept of e-pins to give to a member; `seen` is whose each was, by its id."""

    epin_ids: list[int]
    owner_id: int
    seen: dict[str, int | None] | None


class IssueAsked(TypedDict):
    """What is kept of a batch of e-pins; `expires_at` in ISO 8601."""

    amount: int
    quantity: int
    currency: str
    owner_id: int | None
    expires_at: str | None
    note: str


class WaiverAsked(TypedDict):
    """What is kept of a debt to waive; `seen` is how much it was."""

    account_id: int
    reason: str
    seen: int


class ClosedBalanceAsked(TypedDict):
    """What is kept of a balance of a member who has left; `seen` is how much it was."""

    account_id: int
    note: str
    seen: int


class PayoutAsked(TypedDict):
    """What is kept of a payout that came back."""

    number: str
    reason: str


class PayoutsAsked(TypedDict, total=False):
    """What is kept of a payout that failed, or of a whole batch of them."""

    number: str
    batch_id: int
    reason: str


class MarketAsked(TypedDict):
    """What is kept of a member's move to another market."""

    member_id: int
    market_id: int
    reason: str


class ExchangeAsked(TypedDict):
    """What is kept of an exchange: what is sold in minor units, the rate in millionths."""

    minor: int
    currency: str
    bought_currency: str
    rate: int
    reason: str


class PaymentAsked(TypedDict):
    """What is kept of a payment to record for an order."""

    number: str
    amount: int
    reference: str


class BankFileAsked(TypedDict):
    """What is kept of a bank file to import."""

    lines: str


class AssignmentAsked(TypedDict):
    """What is kept of a payment event to assign to an order."""

    event_id: int
    number: str


class SurplusAsked(TypedDict):
    """What is kept of a surplus payment to send back."""

    surplus_id: int
    note: str


class RefundAsked(TypedDict):
    """What is kept of a refund: pieces by the line's id, which JSON makes a text."""

    number: str
    quantities: dict[str, int]
    reason: str


class PlanAsked(TypedDict):
    """What is kept of a plan; `since` as yyyy-mm-dd."""

    text: str
    name: str
    since: str


class SecretAsked(TypedDict):
    """What is kept of a provider's secret to put in use."""

    secret_id: int


class RightsAsked(TypedDict):
    """What is kept of a staff user's rights."""

    user_id: int
    is_superuser: bool
    groups: list[int]
    permissions: list[int]
    seen: dict[str, object]


class DropAsked(TypedDict):
    """What is kept of a run to drop."""

    run_id: int
    reason: str


class ScopesAsked(TypedDict):
    """What is kept of what an API client may do."""

    client_id: int
    scopes: list[str]


class StandingAsked(TypedDict):
    """What is kept of a staff user's activation."""

    user_id: int
    is_active: bool


class RoleAsked(TypedDict):
    """What is kept of a role."""

    group_id: int | None
    name: str
    permissions: list[int]
    seen: dict[str, object] | None


class SettingsAsked(TypedDict):
    """What is kept of a change of settings."""

    changes: dict[str, object]


def _credit(unit: UnitOfWork, kept: CreditAsked) -> None:
    adjusting.credit_wallet(unit, kept["member_id"], kept["amount"], kept["reason"])


def _debit(unit: UnitOfWork, kept: CreditAsked) -> None:
    adjusting.debit_wallet(unit, kept["member_id"], kept["amount"], kept["reason"])


def _pay_closed(unit: UnitOfWork, kept: ClosedBalanceAsked) -> None:
    closed_accounts.pay(unit, kept["account_id"], kept["note"], kept["seen"])


def _fail_payouts(unit: UnitOfWork, kept: PayoutsAsked) -> None:
    if kept.get("number"):
        paying_out.mark_failed(unit, kept["number"], kept["reason"])
    else:
        paying_out.mark_batch_failed(unit, kept["batch_id"], kept["reason"])


def _return_payout(unit: UnitOfWork, kept: PayoutAsked) -> None:
    paying_out.mark_returned(unit, kept["number"], kept["reason"])


def _move_to_market(unit: UnitOfWork, kept: MarketAsked) -> None:
    changing_market.move(unit, kept["member_id"], kept["market_id"], kept["reason"])


def _allocate(unit: UnitOfWork, kept: AllocationAsked) -> None:
    epin_batches.allocate_epins(unit, kept["epin_ids"], kept["owner_id"], kept["seen"])


def _issue(unit: UnitOfWork, kept: IssueAsked) -> None:
    expires_at = datetime.fromisoformat(kept["expires_at"]) if kept["expires_at"] else None
    epin_batches.issue_epins(
        unit,
        kept["amount"],
        kept["quantity"],
        kept["owner_id"],
        expires_at,
        kept["note"],
        kept["currency"],
    )


def _waive(unit: UnitOfWork, kept: WaiverAsked) -> None:
    closed_accounts.waive(unit, kept["account_id"], kept["reason"], kept["seen"])


def _record_payment(unit: UnitOfWork, kept: PaymentAsked) -> None:
    order_decisions.record_payment(unit, kept["number"], kept["amount"], kept["reference"])


def _import_bank_file(unit: UnitOfWork, kept: BankFileAsked) -> None:
    payment_events.import_bank_file(unit, kept["lines"])


def _assign_payment_event(unit: UnitOfWork, kept: AssignmentAsked) -> None:
    payment_events.assign(unit, kept["event_id"], kept["number"])


def _send_surplus_back(unit: UnitOfWork, kept: SurplusAsked) -> None:
    surpluses.send_back(unit, kept["surplus_id"], kept["note"])


def _refund(unit: UnitOfWork, kept: RefundAsked) -> None:
    pieces = {int(line): quantity for line, quantity in kept["quantities"].items()}
    refunding.refund_order(unit, kept["number"], pieces, kept["reason"])


def _use_plan(unit: UnitOfWork, kept: PlanAsked) -> None:
    since = date.fromisoformat(kept["since"])
    commission_run.use_plan(unit, kept["text"], kept["name"], since)


def _drop_run(unit: UnitOfWork, kept: DropAsked) -> None:
    commission_run.drop(unit, kept["run_id"], kept["reason"])


def _change_scopes(unit: UnitOfWork, kept: ScopesAsked) -> None:
    api_keys.change_scopes(unit, kept["client_id"], kept["scopes"])


def _use_secret(unit: UnitOfWork, kept: SecretAsked) -> None:
    provider_secrets.put_in_use(unit, kept["secret_id"])


def _change_rights(unit: UnitOfWork, kept: RightsAsked) -> None:
    staff.change_rights(
        unit,
        kept["user_id"],
        is_superuser=kept["is_superuser"],
        group_ids=kept["groups"],
        permission_ids=kept["permissions"],
        seen=kept["seen"],
    )


def _change_standing(unit: UnitOfWork, kept: StandingAsked) -> None:
    staff.change_standing(unit, kept["user_id"], is_active=kept["is_active"])


def _exchange(unit: UnitOfWork, kept: ExchangeAsked) -> None:
    sold = Money(kept["minor"], kept["currency"])
    exchanging.exchange_company(unit, sold, kept["bought_currency"], kept["rate"], kept["reason"])


def _save_group(unit: UnitOfWork, kept: RoleAsked) -> None:
    roles.save(unit, kept["group_id"], kept["name"], kept["permissions"], kept["seen"])


def _change_settings(unit: UnitOfWork, kept: SettingsAsked) -> None:
    configuring.change_settings(unit, None, **kept["changes"])


DONE_BY: dict[str, Callable[..., None]] = {
    EventKind.WALLET_CREDITED: _credit,
    EventKind.WALLET_DEBITED: _debit,
    EventKind.WALLET_CLOSED_PAID: _pay_closed,
    EventKind.PAYOUT_FAILED: _fail_payouts,
    EventKind.PAYOUT_RETURNED: _return_payout,
    EventKind.MEMBER_MARKET_CHANGED: _move_to_market,
    EventKind.EPINS_GIVEN: _allocate,
    EventKind.WALLET_CLOSED_WAIVED: _waive,
    EventKind.WALLET_EXCHANGED: _exchange,
    EventKind.EPINS_ISSUED: _issue,
    AuditEvent.ORDER_APPROVE: _record_payment,
    AuditEvent.PAYMENTS_IMPORT: _import_bank_file,
    AuditEvent.PAYMENT_EVENT_ASSIGN: _assign_payment_event,
    AuditEvent.SURPLUS_SEND: _send_surplus_back,
    EventKind.ORDER_REFUNDED: _refund,
    EventKind.PLAN_PUT_IN_FORCE: _use_plan,
    EventKind.RUN_DROPPED: _drop_run,
    EventKind.STAFF_RIGHTS_CHANGED: _change_rights,
    EventKind.API_KEY_SCOPES_CHANGED: _change_scopes,
    AuditEvent.PROVIDER_SECRET_USE: _use_secret,
    EventKind.STAFF_ACTIVATED: _change_standing,
    EventKind.ROLE_SAVED: _save_group,
    EventKind.SETTINGS_CHANGED: _change_settings,
}
"""By the event of a step: its flow, called again with what was kept."""
