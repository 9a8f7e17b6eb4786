"""What a name and a birthday must be, for signups, staff and `./upline init` alike."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from upline.base import letters
from upline.base.letters import folded
from upline.company import current as company
from upline.language import gettext, lazy

USERNAME = r"[A-Za-z0-9._-]{3,30}"
USERNAME_SENTENCE = lazy(
    "A username must have 3 to 30 letters, digits, dots, underscores or hyphens."
)
EMAIL_MOST = 254
EMAIL_SENTENCE = lazy("This is not a valid e-mail address.")
NAME_SENTENCE = lazy("A name cannot contain a web address.")
_OF_LINKS = ("://", "www.")
_check_email = EmailValidator()
_SUGGESTED_LEAST, _SUGGESTED_MOST = 3, 24
# Letters that are not made of a plain one and a mark.
_LATIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
                        "\u0131": "i", "ħ": "h", "ŧ": "t"})  # fmt: skip


def wrong_username(username: str) -> dict[str, str]:
    """The sentence for `username` where it cannot be one, else nothing."""
    if re.fullmatch(USERNAME, username, re.ASCII):
        return {}
    return {"username": USERNAME_SENTENCE}


def username_of(*names: str) -> str:
    """A username made of somebody's names in Latin letters: `zoe.muller`; '' where nothing of them
    can stand in one."""
    words = (folded(name).translate(_LATIN) for name in names)
    plain = (re.sub(r"[^a-z0-9]+", "", word) for word in words)
    made = ".".join(word for word in plain if word)[:_SUGGESTED_MOST].strip(".")
    return made if len(made) >= _SUGGESTED_LEAST else ""


def wrong_email(address: str) -> str:
    """The sentence for an e-mail address that cannot be one, else ''."""
    try:
        _check_email(address)
        is_right = letters.cleaned(address) == address and len(address) <= EMAIL_MOST
    except (ValueError, ValidationError):
        is_right = False
    return "" if is_right else EMAIL_SENTENCE


def wrong_names(**names: str) -> dict[str, str]:
    """The sentence for each name that holds the address of a web page, by its field: mails greet
    people with their names, and must not carry a stranger's advertisement."""
    return {
        field: NAME_SENTENCE
        for field, name in names.items()
        if any(each in letters.folded(name) for each in _OF_LINKS)
    }


def wrong_birthday(born: date) -> dict[str, str]:
    """The sentence for `date_of_birth` where the office's age limit forbids it."""
    least = company.office().age_least
    if _age(born, company.today()) < least:
        return {
            "date_of_birth": gettext("Members must be at least {least} years old.", least=least)
        }
    return {}


def _age(born: date, today: date) -> int:
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (0 if had_birthday else 1)
