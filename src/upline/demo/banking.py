"""Bank accounts that do not exist, at banks that have never been."""

import zlib

from stdnum import iban

from upline.demo.people import DemoPerson

# By country: a bank code that no bank has, before ten digits. Elsewhere accounts are no IBAN.
_NO_BANK = {276: ("DE", "99999999", ""), 250: ("FR", "99999999990", "00"),
            826: ("GB", "XXXX9999", ""), 752: ("SE", "9990000000", ""),
            756: ("CH", "9999900", "")}  # fmt: skip
_BANKS = ("Example Savings Bank", "Bank of Nowhere", "Invented Credit Union")
COMPANY_IBAN = "DE" + iban.calc_check_digits("DE00999999990000000001") + "999999990000000001"


def number_of(name: str) -> int:
    """A number of up to ten digits that goes with a name: ids differ between buildings."""
    return zlib.crc32(name.encode())


def has_iban(person: DemoPerson) -> bool:
    """Whether a SEPA transfer reaches the person."""
    return person.country_id in _NO_BANK


def bank_of(person: DemoPerson) -> dict[str, str]:
    """What the person's profile says about the bank."""
    digits = f"{number_of(person.username):010}"
    return {
        "bank_name": _BANKS[int(digits) % len(_BANKS)],
        "branch_name": person.city,
        "account_holder": person.name,
        "account_number": _account_number(person, digits),
        "ifsc": f"EXMP0{digits[-6:]}",
        "pan": f"EXMPL{digits[-4:]}Z",
    }


def _account_number(person: DemoPerson, digits: str) -> str:
    if not has_iban(person):
        return digits
    country, bank, after = _NO_BANK[person.country_id]
    rest = f"{bank}{digits}{after}"
    return f"{country}{iban.calc_check_digits(f'{country}00{rest}')}{rest}"
