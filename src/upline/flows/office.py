"""What the office does with members, money, e-pins, orders and settings: one function each,
for its pages and for the shell alike."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from upline.base import audit
from upline.base.errors import FieldsWrong
from upline.base.unit import Unit
from upline.company import actions as company
from upline.epins import actions as epins
from upline.kyc import actions as kyc
from upline.mailings import actions as mailings
from upline.mailings.models import Mail
from upline.members import actions as members
from upline.orders import actions as orders
from upline.orders import queries as order_queries
from upline.orders import refunds
from upline.orders.errors import OrderClosed
from upline.orders.models import Refund
from upline.wallet import actions as wallet


def credit_wallet(unit: Unit, member_id: int, amount: int, reason: str) -> int:
    """Put money that came from outside onto a wallet. `amount` in minor units; the reason is
    kept with the transfer. Returns the transfer's id."""
    return _adjust(unit, wallet.credit_from_outside, "wallet.credit", member_id, amount, reason)


def debit_wallet(unit: Unit, member_id: int, amount: int, reason: str) -> int:
    """Take money off a wallet. Raises BalanceTooLow."""
    return _adjust(unit, wallet.debit_to_outside, "wallet.debit", member_id, amount, reason)


def _adjust(unit: Unit, move: Any, event: str, member_id: int, amount: int, reason: str) -> int:
    if amount <= 0 or not reason.strip():
        raise FieldsWrong("Name an amount above zero and a reason.")

    def adjust() -> int:
        reference = f"office:{secrets.token_hex(12)}"
        transfer_id = int(move(member_id, amount, reference, unit.actor_id, reason))
        audit.record(unit, event, f"user:{member_id}", amount=amount, reason=reason)
        return transfer_id

    return unit.commit(adjust)


def block_member(unit: Unit, member_id: int, reason: str) -> None:
    """Block a member: logins answer 1005, tokens end."""
    unit.commit(lambda: members.change_standing(unit, member_id, "blocked", reason))


def unblock_member(unit: Unit, member_id: int, reason: str) -> None:
    """Let a blocked member act again."""
    unit.commit(lambda: members.change_standing(unit, member_id, "active", reason))


def issue_epins(
    unit: Unit,
    amount: int,
    quantity: int,
    owner_id: int | None = None,
    expires_at: datetime | None = None,
    note: str = "",
) -> list[str]:
    """Issue a batch of e-pins. Returns their codes."""
    return unit.commit(lambda: epins.issue(unit, amount, quantity, owner_id, expires_at, note))


def allocate_epins(unit: Unit, epin_ids: list[int], owner_id: int) -> int:
    """Give unused e-pins to a member. Returns how many changed hands."""
    return unit.commit(lambda: epins.allocate(unit, epin_ids, owner_id))


def block_epins(unit: Unit, epin_ids: list[int]) -> int:
    return unit.commit(lambda: epins.block(unit, epin_ids))


def unblock_epins(unit: Unit, epin_ids: list[int]) -> int:
    return unit.commit(lambda: epins.unblock(unit, epin_ids))


def approve_order(unit: Unit, number: str) -> None:
    """Approve an order as paid outside. Raises OrderClosed unless it awaits payment."""

    def approve() -> None:
        order = order_queries.lock(number)
        if order.status != "awaiting_payment":
            raise OrderClosed(order.status)
        orders.approve_paid_outside(
            order.id, number, order.total_amount, order.member_id, unit.actor_id
        )
        audit.record(unit, "order.approve", f"order:{number}", amount=order.total_amount)

    unit.commit(approve)


def refund_order(unit: Unit, number: str, quantities: Mapping[int, int], reason: str) -> Refund:
    """Refund pieces of a complete order: `quantities` by line id. Raises OrderClosed,
    RefundTooMuch."""
    return unit.commit(lambda: refunds.refund(unit, order_queries.lock(number), quantities, reason))


def cancel_order(unit: Unit, number: str) -> None:
    """Cancel an order that awaits payment. Raises OrderClosed."""
    unit.commit(lambda: orders.cancel(order_queries.lock(number)))


def review_kyc(unit: Unit, member_id: int, state: str, note: str = "") -> None:
    """Record the decision on who a member is: verified, rejected, expired, submitted."""
    unit.commit(lambda: kyc.review(unit, member_id, state, note))


def change_settings(unit: Unit, **changes: Any) -> None:
    """Change office settings, all or none. Raises FieldsWrong."""
    unit.commit(lambda: company.change_settings(unit, **changes))


def create_key(unit: Unit, name: str, permissions: list[str]) -> str:
    """Make an api key; it is shown once."""
    return unit.commit(lambda: company.create_key(unit, name, permissions))


def revoke_key(unit: Unit, name: str) -> None:
    """End an api key."""
    unit.commit(lambda: company.revoke_key(unit, name))


def send_mail_again(unit: Unit, mail_id: int) -> None:
    """Put a mail back into the queue."""
    unit.commit(lambda: mailings.send_again(Mail.objects.get(pk=mail_id)))
