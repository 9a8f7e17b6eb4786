"""What a member may ask for, and payouts found: members find their own, and nobody else's."""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from upline.base.amounts import Money
from upline.language import gettext
from upline.markets import current as markets
from upline.markets.queries import MarketFacts
from upline.members.person.profile import open_bank
from upline.payouts.bank.details import FIELDS, obstacle, opened
from upline.payouts.errors import PayoutNotFound
from upline.payouts.models import Payout, PayoutStatus
from upline.payouts.statements import LockedPayout


def own(member_id: int) -> QuerySet[Payout]:
    """A member's payouts, newest first."""
    return Payout.objects.filter(member_id=member_id).defer("bank_sealed")


def find_own(member_id: int, number: str) -> Payout:
    """One of them. Raises PayoutNotFound."""
    payout = own(member_id).filter(number=number).first()
    if payout is None:
        raise PayoutNotFound()
    return payout


def wrong_amount(market: MarketFacts, amount: int) -> dict[str, str]:
    """The sentence for an amount in a market's currency that the office does not pay, else
    nothing."""
    minimum = markets.office_amount("payout_minimum", market)
    multiple = markets.office_amount("payout_multiple", market)
    if amount <= 0:
        return {"amount": gettext("This must be above zero.")}
    if amount < minimum:
        least = market.money(minimum)
        return {"amount": gettext("The minimum payout is {amount}.", amount=least)}
    if multiple and amount % multiple:
        step = market.money(multiple)
        return {"amount": gettext("This must be a multiple of {amount}.", amount=step)}
    return {}


def bank_of(payout: LockedPayout) -> dict[str, str] | None:
    """The bank data that a locked payout goes to: on its way to a batch those of the member now,
    then those that it went into the batch with. None where they cannot be read any more."""
    kept = opened(payout.number, bytes(payout.bank_sealed), payout.wrapped)
    if kept is None or payout.status not in (PayoutStatus.REQUESTED, PayoutStatus.APPROVED):
        return kept
    now = open_bank(payout.member_id, payout.member_bank, payout.wrapped)
    return {name: now[name] for name in FIELDS}


def kept_out(approved: Sequence[LockedPayout], held: Mapping[int, str]) -> dict[str, str]:
    """Why each of these approved payouts, the oldest first, stays out of the next batch, by its
    number; those that go into it are left out. `held` has a sentence for each member whose payouts
    wait. A batch is in one currency: that of the payout that has waited longest."""
    found, currency = {}, ""
    for each in approved:
        why = held.get(each.member_id) or obstacle_of(each)
        if not why:
            currency = currency or each.currency
            if each.currency != currency:
                why = gettext(
                    "Payouts in {currency} go first. Make another batch for this one.",
                    currency=currency,
                )
        if why:
            found[each.number] = why
    return found


def obstacle_of(payout: LockedPayout) -> str:
    """Why a locked payout cannot go to the bank as things are; '' where it can."""
    return obstacle(bank_of(payout), Money(payout.amount, payout.currency), payout.standing)
