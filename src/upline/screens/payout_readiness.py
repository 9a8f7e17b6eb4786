"""Whether a member can ask for a payout now, and what stands in the way: one judgement, which the
flow asks, and the pages explain."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from upline.base.bank_accounts import next_target_day
from upline.base.encryption import wrapped_key_of
from upline.base.errors import FieldsWrong
from upline.company import current as company
from upline.kyc import queries as kyc
from upline.kyc.errors import KycNotVerified
from upline.markets import current as markets
from upline.markets.queries import MarketFacts
from upline.members.models import Member
from upline.members.person import profile
from upline.members.queries import Caller, market_of
from upline.payouts import queries
from upline.payouts.bank import details
from upline.payouts.errors import PayoutsClosed
from upline.screens.holds import Hold, hold_of
from upline.wallet import queries as wallet
from upline.wallet.models import AccountKind


class PayoutObstacle(StrEnum):
    """What keeps a member from asking for any payout."""

    CLOSED = "closed"
    BANK = "bank"
    IDENTITY = "identity"
    DEBT = "debt"
    MINIMUM = "minimum"


@dataclass(frozen=True)
class PayoutReadiness:
    """What decides about a member's payouts, as of now. Amounts in minor units of the market's
    currency: `available` in the wallet, `owed` to the company, `minimum` and `multiple` as the
    office set them. `ending` are the last four of the bank account, `missing` has a sentence for
    each part of the bank data that is missing. `hold` is why payouts would wait once asked for."""

    market: MarketFacts
    available: int
    owed: int
    minimum: int
    multiple: int
    ending: str
    missing: dict[str, str]
    needs_identity: bool
    hold: Hold | None

    @property
    def most(self) -> int:
        """The most that can be asked for; 0 where that is nothing."""
        whole = self.available - self.available % self.multiple if self.multiple else self.available
        return whole if whole >= max(self.minimum, 1) else 0

    def obstacles(self) -> list[PayoutObstacle]:
        """What stands in the way, in the order in which to deal with it; none where the member can
        ask for a payout."""
        found = {
            PayoutObstacle.CLOSED: not company.office().payouts_open,
            PayoutObstacle.BANK: bool(self.missing),
            PayoutObstacle.IDENTITY: self.needs_identity,
            PayoutObstacle.DEBT: not self.most and bool(self.owed),
            PayoutObstacle.MINIMUM: not self.most,
        }
        return [each for each, is_so in found.items() if is_so]

    def check(self, amount: int) -> None:
        """Raises FieldsWrong of `amount` and of the bank data, then KycNotVerified: in this order,
        as the API is published."""
        if wrong := queries.wrong_amount(self.market, amount) | self.missing:
            raise FieldsWrong(fields=wrong)
        if self.needs_identity:
            raise KycNotVerified()

    def earliest_day(self) -> date:
        """The first day on which the bank could pay what is asked for now: a bank day after today,
        and after the time of a change that payouts wait for."""
        until = self.hold.until if self.hold else None
        begin = max(company.today(), company.current().day_of(until)) if until else company.today()
        return next_target_day(begin + timedelta(days=1))


def refuse_when_closed() -> None:
    """Raises PayoutsClosed where the office has switched payouts off."""
    if not company.office().payouts_open:
        raise PayoutsClosed()


def readiness_of(caller: Caller) -> PayoutReadiness:
    """What decides about this member's payouts now. Raises FieldsWrong where the office's minimum
    is unknown in the member's currency, since that has no exchange rate yet."""
    member_id = caller.member_id
    market = market_of(member_id)
    balances = wallet.balances(member_id, market.currency)
    sealed = Member.objects.values_list("bank_sealed", flat=True).get(pk=member_id)
    known = profile.open_bank(member_id, sealed, wrapped_key_of(member_id))
    return PayoutReadiness(
        market=market,
        available=balances.get(AccountKind.WALLET, 0),
        owed=balances.get(AccountKind.OWED, 0),
        minimum=markets.office_amount("payout_minimum", market),
        multiple=markets.office_amount("payout_multiple", market),
        ending=profile.ending(known),
        missing=details.missing(known),
        needs_identity=kyc.is_needed("payout", member_id),
        hold=hold_of(member_id),
    )
