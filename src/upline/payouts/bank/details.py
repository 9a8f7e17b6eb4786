"""The bank data that a payout goes to: sealed at the request, and again as they are when it goes
into a batch; opened for the bank's file.

A change of the member's bank data after that leaves a payout alone."""

import json
from collections.abc import Mapping

from upline.base.amounts import Money, as_text
from upline.base.bank_accounts import IBAN_WRONG, iban_of, is_in_sepa, is_mistyped_iban
from upline.base.encryption import Unreadable, seal, unseal
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.members.models import Standing

FIELDS = ("bank_name", "branch_name", "account_holder", "account_number", "ifsc")
# What the SEPA rulebook lets one transfer carry, in cents.
SEPA_AMOUNT_MAX = 99_999_999_999
_NEEDED = {
    "account_holder": lazy("Add the account holder to your bank data first: profile/bank/."),
    "account_number": lazy("Add the account number to your bank data first: profile/bank/."),
}


def pays_by_sepa(currency: str) -> bool:
    """Whether a currency is that of SEPA transfers, in cents."""
    return currency == "EUR" and markets.decimals_of(currency) == 2


def sealed(number: str, bank: Mapping[str, str], wrapped_key: bytes) -> bytes:
    """The bank data of a payout, readable with the member's key and for this payout only."""
    text = json.dumps({name: bank[name] for name in FIELDS})
    return seal(text, wrapped_key=wrapped_key, context=_context(number))


def opened(number: str, kept: bytes, wrapped_key: bytes | None) -> dict[str, str] | None:
    """The bank data again; None where they belong to another payout, or the key is gone."""
    if wrapped_key is None:
        return None
    try:
        text = unseal(kept, wrapped_key=wrapped_key, context=_context(number))
    except Unreadable:
        return None
    return dict(json.loads(text))


def _context(number: str) -> str:
    return f"payouts_payout.bank_sealed:{number}"


def missing(bank: Mapping[str, str]) -> dict[str, str]:
    """A sentence for each part of the bank data without which no bank can be told to pay."""
    found = {name: sentence for name, sentence in _NEEDED.items() if not bank[name]}
    if not found and is_mistyped_iban(bank["account_number"]):
        return {"account_number": IBAN_WRONG}
    return found


def obstacle(bank: Mapping[str, str] | None, money: Money, standing: str) -> str:
    """Why a payout cannot go to the bank now; '' where it can."""
    if standing != Standing.ACTIVE:
        return gettext("The member is {standing}.", standing=Standing(standing).label)
    if bank is None:
        return gettext("The bank data can no longer be read.")
    if not bank["account_number"]:
        return gettext("The member no longer has a bank account.")
    if not pays_by_sepa(money.currency):
        return ""
    iban = iban_of(bank["account_number"])
    if iban is None:
        return gettext("The account number is not an IBAN.")
    if not is_in_sepa(iban):
        return gettext(
            "The account is in {country}, which SEPA transfers do not reach.", country=iban[:2]
        )
    if money.minor > SEPA_AMOUNT_MAX:
        return gettext(
            "A SEPA transfer carries at most {amount}.", amount=as_text(SEPA_AMOUNT_MAX, 2, ",")
        )
    return ""
