"""What names a bank account to the banks: IBAN (ISO 13616), BIC (ISO 9362); where SEPA reaches."""

import re
from datetime import date, timedelta

from dateutil.easter import easter
from stdnum import bic, iban
from stdnum.exceptions import ValidationError

from upline.language import lazy

# The countries of IBANs that SEPA transfers reach, as the European Payments Council lists them
# (EPC409-09). Jersey, Guernsey and the Isle of Man have British IBANs.
SEPA_COUNTRIES = frozenset({
    "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI",
    "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL",
    "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "VA",
})  # fmt: skip
_LOOKS_LIKE_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}", re.ASCII)
IBAN_WRONG = lazy("This IBAN has a typing mistake: its check digits do not match.")


def iban_of(text: str) -> str | None:
    """The IBAN that was typed, without blanks, its check digits looked at; None where it cannot
    be one."""
    try:
        return iban.validate(text)
    except ValidationError:
        return None


def is_mistyped_iban(text: str) -> bool:
    """Whether this is meant as an IBAN and cannot be one."""
    plain = "".join(text.split()).replace("-", "").upper()
    return _LOOKS_LIKE_IBAN.fullmatch(plain) is not None and iban_of(text) is None


def is_in_sepa(iban: str) -> bool:
    """Whether a SEPA transfer reaches the account of this IBAN."""
    return iban[:2] in SEPA_COUNTRIES


def next_target_day(day: date) -> date:
    """`day`, or the next day on which banks settle in euro: TARGET is closed at weekends, at New
    Year, on Good Friday, Easter Monday, 1 May, 25 and 26 December (the ECB's calendar)."""
    while day.weekday() >= 5 or _is_target_holiday(day):
        day += timedelta(days=1)
    return day


def _is_target_holiday(day: date) -> bool:
    is_easter = (day - easter(day.year)).days in (-2, 1)
    return is_easter or (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}


def bic_of(text: str) -> str | None:
    """The BIC that was typed; None where it cannot be one."""
    try:
        return bic.validate(text)
    except ValidationError:
        return None
