"""What names a bank account to the banks: IBAN (ISO 13616) and BIC (ISO 9362)."""

from stdnum import bic, iban
from stdnum.exceptions import ValidationError


def iban_of(text: str) -> str | None:
    """The IBAN that was typed, without blanks, its check digits looked at; None where it cannot
    be one."""
    try:
        return iban.validate(text)
    except ValidationError:
        return None


def bic_of(text: str) -> str | None:
    """The BIC that was typed; None where it cannot be one."""
    try:
        return bic.validate(text)
    except ValidationError:
        return None
