"""Phone numbers: which are possible, in which form they are shown, by which digits they are found.

A number is kept as its owner wrote it, and the API gives it back like that. Whether a number with
a country's code can exist is the library's knowledge (Google's, with its tables of all countries);
one without a code could be anywhere, so only its digits are counted.
"""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from upline.language import lazy

PATTERN = r"[0-9 +()\-]{5,20}"
WRONG = lazy(
    "This is not a phone number. Use 5 to 20 digits, spaces and + - ( ), with "
    "the country code if there is one: +49 170 1234567."
)
_DIGITS_MIN = 5


def is_possible(text: str) -> bool:
    """Whether somebody could have this number. `text` is what they typed."""
    if set(text) - set("0123456789 +-()") or "+" in text[1:] or not digits(text).strip("0"):
        return False
    if text.startswith("+"):
        number = _parsed(text)
        return number is not None and phonenumbers.is_possible_number(number)
    return len(digits(text)) >= _DIGITS_MIN


def shown(text: str, region: str | None = None) -> str:
    """The number as it is dialled from abroad, `+49 170 1234567`; as it was written where its
    country is not known. `region` is the owner's country, such as DE."""
    number = _parsed(text, region)
    if number is None or not phonenumbers.is_possible_number(number):
        return text
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def digits(text: str) -> str:
    """The digits alone."""
    return "".join(letter for letter in text if letter in "0123456789")


def _parsed(text: str, region: str | None = None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None
