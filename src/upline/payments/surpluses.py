"""What becomes of money from outside that its order did not need."""

from upline.base import clock
from upline.payments.errors import SurplusSettled
from upline.payments.models import Surplus, SurplusStatus
from upline.wallet import actions as wallet
from upline.wallet.actions import BelongsTo
from upline.wallet.models import AccountKind, TransferKind
from upline.wallet.queries import account_of, company_account


def lock(surplus_id: int) -> Surplus:
    """An open surplus, held until the transaction ends. Raises SurplusSettled."""
    found = Surplus.objects.select_for_update(of=["self"]).select_related("payment")
    surplus = found.get(pk=surplus_id)
    if surplus.status != SurplusStatus.OPEN:
        raise SurplusSettled()
    return surplus


def keep(surplus: Surplus, note: str, staff_id: int | None) -> None:
    """Leave it as the buyer's shopping balance, as this staff user says, where one does."""
    _settle(surplus, SurplusStatus.KEPT, note, staff_id)


def send_back(surplus: Surplus, note: str, staff_id: int | None) -> None:
    """Take it off the shopping balance, since it was sent back by other means. Raises BalanceTooLow
    where the buyer has spent it."""
    member_id, currency = surplus.payment.member_id, surplus.payment.currency
    surplus.sent_id = wallet.transfer(
        account_of(member_id, AccountKind.PURCHASE, currency),
        company_account(AccountKind.OUTSIDE, currency),
        surplus.amount,
        TransferKind.PAYMENT_SENT_BACK,
        f"surplus:{surplus.pk}",
        BelongsTo(member_id),
        undoes=surplus.transfer_id,
        note=note,
    )
    _settle(surplus, SurplusStatus.SENT_BACK, note, staff_id)


def _settle(surplus: Surplus, status: SurplusStatus, note: str, staff_id: int | None) -> None:
    surplus.status, surplus.note = status, note
    surplus.settled_at, surplus.settled_by_id = clock.now(), staff_id
    surplus.save(update_fields=["status", "note", "settled_at", "settled_by", "sent"])
