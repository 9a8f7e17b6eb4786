"""What a member may ask to be paid, and what bank data a payout needs."""

from collections.abc import Mapping

from upline.base.amounts import as_text
from upline.base.bank_accounts import IBAN_WRONG, is_mistyped_iban
from upline.company import queries as company

_NEEDED = {
    "account_holder": "Add the account holder to your bank data first: profile/bank/.",
    "account_number": "Add the account number to your bank data first: profile/bank/.",
}


def wrong_amount(amount: int) -> dict[str, str]:
    """The sentence for an amount that the office does not pay, else nothing."""
    office, facts = company.office(), company.current()
    if amount < office.payout_minimum:
        least = as_text(office.payout_minimum, facts.exponent)
        return {"amount": f"The minimum payout is {least} {facts.currency}."}
    if office.payout_multiple and amount % office.payout_multiple:
        step = as_text(office.payout_multiple, facts.exponent)
        return {"amount": f"This must be a multiple of {step} {facts.currency}."}
    return {}


def missing_bank(bank: Mapping[str, str]) -> dict[str, str]:
    """A sentence for each part of the bank data without which no bank can be told to pay."""
    missing = {name: sentence for name, sentence in _NEEDED.items() if not bank[name]}
    if not missing and is_mistyped_iban(bank["account_number"]):
        return {"account_number": IBAN_WRONG}
    return missing
