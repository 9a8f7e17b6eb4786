"""Payments: from a wallet or an e-pin, kept for the next order, and back."""

from dataclasses import dataclass

from upline.base.amounts import Money
from upline.base.errors import FieldsWrong, NotPermitted
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.epins import actions as epins
from upline.kyc import actions as kyc
from upline.language import gettext
from upline.mailings import actions as mailings
from upline.members.queries import Caller, Person, find_member
from upline.members.security import checks
from upline.payments import actions as payments


@dataclass(frozen=True)
class Funds:
    """What a call says about where money comes from; '' where it says nothing."""

    ewallet_username: str = ""
    transaction_password: str = ""
    epin_code: str = ""

    def of(self, payment_method: str) -> "Funds":
        """Only what belongs to one way to pay: `ewallet`, `epin`."""
        if payment_method == "epin":
            return Funds(epin_code=self.epin_code)
        if payment_method == "ewallet":
            return Funds(self.ewallet_username, self.transaction_password)
        return Funds()


@dataclass(frozen=True)
class MoneySource:
    """Where money comes from, its secret checked: a wallet with its owner, or an e-pin."""

    actor: str
    wallet_owner: Person | None = None
    epin_id: int | None = None
    epin_owner_id: int | None = None


def pay_from_wallet(
    unit: UnitOfWork, caller: Caller, amount: int, wallet_of: str, transaction_password: str
) -> None:
    """Pay `amount` from a wallet for the caller's next order; that wallet's transaction password
    authorises it. Raises KycNotVerified, UsernameNotFound, NotPermitted,
    FieldsWrong where the wallet is in another currency, TransactionPasswordWrong,
    TooManyRequests, BalanceTooLow. Needs no right: the wallet's
    transaction password allows it."""
    kyc.require("ewallet_payment", caller.member_id)
    money = Money(amount, caller.currency)
    source = _check_wallet(unit, caller, wallet_of, transaction_password, money.currency)
    is_own = source.wallet_owner is not None and source.wallet_owner.id == caller.member_id
    # Outside a request the company is looked up: before the one statement, not beside it.
    with company.bound(company.current()):
        unit.commit(lambda: _pay_in(caller.member_id, money, source), one_statement=is_own)


def pay_from_epin(unit: UnitOfWork, caller: Caller, amount: int, code: str) -> None:
    """Pay `amount` from the caller's own e-pin; the rest stays on it. Raises KycNotVerified,
    EPinInvalid, TooManyRequests. Needs no right: whoever has the code may use it."""
    kyc.require("epin_payment", caller.member_id)
    source = _check_epin(unit, caller, caller.member_id, code)
    money = Money(amount, caller.currency)
    unit.commit(lambda: _pay_in(caller.member_id, money, source))


def give_back(unit: UnitOfWork, caller: Caller) -> None:
    """Give all unused payments back to where they came from, asked by the member: also while
    an order awaits its payment, and also where there is nothing to give. Needs
    no right: a member changes what is their own."""
    unit.commit(lambda: payments.give_back_all(caller.member_id))


def find_source(
    unit: UnitOfWork, caller: Caller, epin_owner_id: int, funds: Funds, currency: str
) -> MoneySource | None:
    """Check the secret of the wallet or e-pin that a call names, to pay in this currency; None
    where it names none, so that only what is paid in already can pay. Needs no right: it is part
    of a change that asked for its own."""
    if funds.epin_code:
        return _check_epin(unit, caller, epin_owner_id, funds.epin_code)
    if funds.ewallet_username or funds.transaction_password:
        owner = funds.ewallet_username or caller.username
        return _check_wallet(unit, caller, owner, funds.transaction_password, currency)
    return None


def pay_what_lacks(
    member_id: int, total: Money, source: MoneySource | None, order_id: int | None = None
) -> None:
    """Inside a transaction: pay in for the member what they lack to pay `total`, of this order
    where a part of it may have arrived. Needs no right: it is part of a change that asked for its
    own."""
    if source is None:
        return
    lacking = payments.lacking(member_id, total, order_id)
    if lacking:
        _pay_in(member_id, Money(lacking, total.currency), source)


def _check_wallet(
    unit: UnitOfWork, caller: Caller, wallet_of: str, password: str, currency: str
) -> MoneySource:
    owner = find_member(wallet_of, "ewallet_username")
    is_others = owner.member_id != caller.member_id
    if is_others and not company.office().pay_from_others_wallet:
        raise NotPermitted(gettext("Paying from another member's wallet is not allowed."))
    if owner.currency != currency:
        sentence = gettext(
            "This wallet is in {currency}, and the payment in {paid}.",
            currency=owner.currency,
            paid=currency,
        )
        raise FieldsWrong(fields={"ewallet_username": sentence})
    stored = owner.transaction_password if owner.may_act else None
    checks.check_transaction_password(
        owner.username, password, stored, caller.username, unit.address
    )
    return MoneySource(actor=caller.username, wallet_owner=owner)


def _check_epin(unit: UnitOfWork, caller: Caller, owner_id: int, code: str) -> MoneySource:
    # Without a caller only the address is counted: the sponsor has not guessed.
    epin_id = epins.check_code(code, owner_id, caller.username, unit.address)
    return MoneySource(actor=caller.username, epin_id=epin_id, epin_owner_id=owner_id)


def _pay_in(member_id: int, money: Money, source: MoneySource) -> None:
    if source.epin_id is not None and source.epin_owner_id is not None:
        payments.pay_in_from_epin(member_id, source.epin_id, source.epin_owner_id, money)
        return
    owner = source.wallet_owner
    assert owner is not None
    assert owner.member_id is not None
    checked = owner.transaction_password or ""
    event = payments.pay_in_from_wallet(member_id, owner.member_id, money, checked)
    if owner.member_id != member_id:
        mailings.deliver(
            event, owner.id, owner.email, amount=money.minor,
            currency=money.currency, payer=source.actor,
        )  # fmt: skip
