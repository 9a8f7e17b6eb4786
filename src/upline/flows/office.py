"""What the office does with members, money, e-pins, orders and settings: one function each,
for its pages and for the shell alike."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from upline.base import audit, encryption
from upline.base.errors import FieldsWrong
from upline.base.unit import Unit
from upline.books import invariants
from upline.catalog import actions as catalog
from upline.company import actions as company
from upline.company import queries as companies
from upline.epins import actions as epins
from upline.epins import queries as epin_queries
from upline.epins.queries import PrintedEPin
from upline.flows import confirming
from upline.kyc import actions as kyc
from upline.mailings import actions as mailings
from upline.mailings.models import Mail
from upline.members import actions as members
from upline.members import profile
from upline.members.models import Member, User
from upline.orders import actions as orders
from upline.orders import queries as order_queries
from upline.orders import refunds
from upline.orders.errors import OrderClosed
from upline.orders.models import Refund
from upline.pictures import actions as pictures
from upline.screens import leaving
from upline.wallet import actions as wallet
from upline.wallet import queries as wallet_queries


class StandingDiffers(FieldsWrong):
    """The member's standing does not allow this."""


class StillHas(FieldsWrong):
    """A member has something here that nobody has confirmed to be known."""


class MailNotFailed(FieldsWrong):
    """Only a mail that failed can be sent again."""


def credit_wallet(unit: Unit, member_id: int, amount: int, reason: str) -> int:
    """Put money that came from outside onto a wallet. `amount` in minor units; the reason is
    kept with the transfer. Returns the transfer's id."""
    return _adjust(unit, wallet.credit_from_outside, "wallet.credit", member_id, amount, reason)


def debit_wallet(unit: Unit, member_id: int, amount: int, reason: str) -> int:
    """Take money off a wallet. Raises BalanceTooLow."""
    return _adjust(unit, wallet.debit_to_outside, "wallet.debit", member_id, amount, reason)


def _adjust(unit: Unit, move: Any, event: str, member_id: int, amount: int, reason: str) -> int:
    if amount <= 0 or not reason.strip():
        raise FieldsWrong("Enter an amount greater than zero and a reason.")
    refuse_too_much(amount)

    def adjust() -> int:
        reference = f"office:{secrets.token_hex(12)}"
        transfer_id = int(move(member_id, amount, reference, unit.actor_id, reason))
        after = wallet_queries.balances(member_id).get("wallet", 0)
        before = after - amount if event == "wallet.credit" else after + amount
        changes = audit.step("balance", before, after)
        facts: dict[str, Any] = {"amount": amount, "reason": reason, "changes": changes}
        audit.record(unit, event, f"user:{member_id}", **facts)
        return transfer_id

    return unit.commit(adjust)


def refuse_too_much(amount: int) -> None:
    """Raises FieldsWrong where one credit, debit or batch of e-pins comes to more than the
    office's setting allows."""
    most = companies.office().credit_max
    if most and amount > most:
        shown = companies.current().money(most)
        raise FieldsWrong(
            fields={"amount": f"This is too much: the office's limit is {shown} at once."}
        )


def block_member(unit: Unit, member_id: int, reason: str) -> None:
    """Block an active member: logins answer 1005, tokens end. Raises StandingDiffers."""
    unit.commit(lambda: _change_standing(unit, member_id, "active", "blocked", reason))


def unblock_member(unit: Unit, member_id: int, reason: str) -> None:
    """Let a blocked member act again. Raises StandingDiffers."""
    unit.commit(lambda: _change_standing(unit, member_id, "blocked", "active", reason))


def close_member(unit: Unit, member_id: int, reason: str, confirmed: str = "") -> None:
    """End the membership of a blocked member for good: they keep their place in the trees, and
    never act or earn again. `confirmed` is the sentence about what they still have, as somebody
    has read it. Raises StandingDiffers; StillHas where that is not so, or no longer."""

    def close() -> None:
        _change_standing(unit, member_id, "blocked", "closed", reason)
        left = leaving.remains(member_id)
        if left != confirmed:
            raise StillHas(
                left or "There is nothing to take from this member any more. Reload the page."
            )

    unit.commit(close)


def _change_standing(unit: Unit, member_id: int, before: str, after: str, reason: str) -> None:
    member = Member.objects.select_for_update(no_key=True).get(pk=member_id)
    if member.standing != before:
        raise StandingDiffers(f"This member is {member.standing}.")
    members.change_standing(unit, member_id, after, reason)


def send_reset_link(unit: Unit, member_id: int, kind: str) -> None:
    """Mail a member a link to set a new password themselves: `kind` is the mail's,
    `reset_login` or `reset_transaction`. Raises StandingDiffers unless they may act."""

    def send() -> None:
        user = User.objects.select_related("member").get(pk=member_id)
        if not user.is_active or user.member.standing != "active":
            raise StandingDiffers(f"This member is {user.member.standing}.")
        mailings.write(kind, member_id, user.email)
        audit.record(unit, f"{kind}.send", f"user:{member_id}")

    unit.commit(send)


def show_bank(unit: Unit, member_id: int) -> dict[str, str]:
    """A member's bank data in clear; that they were looked at is recorded."""

    def show() -> dict[str, str]:
        sealed = Member.objects.values_list("bank_sealed", flat=True).get(pk=member_id)
        audit.record(unit, "bank.view", f"user:{member_id}")
        return profile.open_bank(member_id, sealed, encryption.wrapped_key_of(member_id))

    return unit.commit(show)


def issue_epins(
    unit: Unit,
    amount: int,
    quantity: int,
    owner_id: int | None = None,
    expires_at: datetime | None = None,
    note: str = "",
) -> list[str]:
    """Issue a batch of e-pins. Returns their codes. Raises FieldsWrong."""
    refuse_too_much(amount * quantity)
    return unit.commit(lambda: epins.issue(unit, amount, quantity, owner_id, expires_at, note))


def print_epins(unit: Unit, batch_id: int) -> list[PrintedEPin]:
    """A batch's codes, to be handed out; that they were taken is recorded."""

    def read() -> list[PrintedEPin]:
        audit.record(unit, "epins.print", f"batch:{batch_id}")
        return epin_queries.of_batch(batch_id)

    return unit.commit(read)


def allocate_epins(
    unit: Unit, epin_ids: list[int], owner_id: int, seen: Mapping[str, int | None] | None = None
) -> int:
    """Give unused e-pins to a member. `seen` is whose a page showed each to be, by its id.
    Returns how many changed hands. Raises OwnersChanged."""
    return unit.commit(lambda: epins.allocate(unit, epin_ids, owner_id, seen))


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
        orders.approve_paid_outside(order, unit.actor_id)
        _order_changed(unit, "order.approve", order, "complete", amount=order.total_amount)

    unit.commit(approve)


def release_order(unit: Unit, number: str) -> None:
    """Pay an order that waits for its owner to confirm it, from what they have paid in. Raises
    OrderClosed, BalanceTooLow."""

    def release() -> None:
        order = confirming.lock_waiting(number)
        orders.pay(order, order.member_id)
        _order_changed(unit, "order.release", order, "complete", amount=order.total_amount)

    unit.commit(release)


def refund_order(unit: Unit, number: str, quantities: Mapping[int, int], reason: str) -> Refund:
    """Refund pieces of a complete order: `quantities` by line id. Raises OrderClosed,
    RefundTooMuch."""
    return unit.commit(lambda: refunds.refund(unit, order_queries.lock(number), quantities, reason))


def mark_refund_sent(unit: Unit, to_send_id: int, note: str) -> None:
    """The money of a refund was sent by other means; `note` says how. Raises FieldsWrong without
    a note, RefundSentBefore."""
    if not note.strip():
        raise FieldsWrong("Enter how the money was sent.")
    unit.commit(lambda: refunds.mark_sent(unit, to_send_id, note))


def cancel_order(unit: Unit, number: str) -> None:
    """Cancel an order that awaits payment. Raises OrderClosed."""

    def cancel() -> None:
        order = order_queries.lock(number)
        orders.cancel(order)
        _order_changed(unit, "order.cancel", order, "cancelled")

    unit.commit(cancel)


def _order_changed(unit: Unit, event: str, order: Any, status: str, **facts: Any) -> None:
    subject, changes = f"order:{order.number}", audit.step("status", order.status, status)
    audit.record(unit, event, subject, member_id=order.member_id, changes=changes, **facts)


def create_package(unit: Unit, picture: bytes | None, **fields: Any) -> int:
    """Offer a new package. Returns its id. Raises FieldsWrong, NotAPicture, PictureTooLarge."""
    drawn = pictures.draw_anew(picture, field="picture") if picture else None
    return int(unit.commit(lambda: catalog.create(unit, drawn, **fields)).pk)


def change_package(
    unit: Unit,
    package_id: int,
    picture: bytes | None,
    seen: Mapping[str, Any] | None = None,
    **fields: Any,
) -> None:
    """Change a package; orders that exist stay as they are. `seen` is what a page showed of it.
    Raises as `create_package`, and ChangedMeanwhile."""
    drawn = pictures.draw_anew(picture, field="picture") if picture else None
    unit.commit(lambda: catalog.change(unit, package_id, drawn, seen, **fields))


def review_kyc(
    unit: Unit,
    member_id: int,
    state: str,
    note: str = "",
    seen: str | None = None,
    identity: Mapping[str, Any] | None = None,
) -> None:
    """Record the decision on who a member is: verified, rejected, expired, submitted; `seen` is
    the state that a page showed before, `identity` who it said that they are (`identity_of`).
    Raises ChangedMeanwhile; FieldsWrong where nobody has checked who they say they are now."""

    def decide() -> None:
        kyc.review(unit, member_id, state, note, seen)
        if identity is not None and identity != profile.identity_of(
            Member.objects.get(pk=member_id)
        ):
            raise FieldsWrong(
                "The name, date of birth or country of this member has changed since you opened "
                "the page. Open it again and check them anew."
            )

    unit.commit(decide)


def change_settings(
    unit: Unit, seen: Mapping[str, Any] | None = None, **changes: Any
) -> Mapping[str, Any]:
    """Change office settings, all or none; `seen` is what a page showed of them. Returns what was
    changed. Raises FieldsWrong, ChangedMeanwhile."""
    return unit.commit(lambda: company.change_settings(unit, seen, **changes))


def create_key(unit: Unit, name: str, permissions: list[str]) -> str:
    """Make an api key; it is shown once."""
    return unit.commit(lambda: company.create_key(unit, name, permissions))


def revoke_key(unit: Unit, name: str) -> None:
    """End an api key."""
    unit.commit(lambda: company.revoke_key(unit, name))


def send_mail_again(unit: Unit, mail_id: int) -> None:
    """Put a mail that failed back into the queue. Raises MailNotFailed."""

    def send() -> None:
        mail = Mail.objects.select_for_update().get(pk=mail_id)
        if mail.state != "failed":
            raise MailNotFailed(f"This mail is {mail.state}.")
        mailings.send_again(mail)
        audit.record(unit, "mail.send_again", f"mail:{mail_id}")

    unit.commit(send)


def verify(unit: Unit) -> dict[str, list[str]]:
    """Prove the invariants of ledger, trees and orders; that somebody did is recorded.

    Returns what breaks each broken promise; empty where all hold."""
    broken = invariants.check()
    unit.commit(lambda: audit.record(unit, "ledger.verify", "company", broken=sorted(broken)))
    return broken
