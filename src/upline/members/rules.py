"""What a name and a birthday must be, for signups, staff and `./upline init` alike."""

import re
from datetime import date

from upline.company import queries as company

USERNAME = r"[A-Za-z0-9._-]{3,30}"
USERNAME_SENTENCE = "A username has 3 to 30 letters, digits, dots, underscores or hyphens."


def wrong_username(username: str) -> dict[str, str]:
    """The sentence for `username` where it cannot be one, else nothing."""
    if re.fullmatch(USERNAME, username, re.ASCII):
        return {}
    return {"username": USERNAME_SENTENCE}


def wrong_birthday(born: date) -> dict[str, str]:
    """The sentence for `date_of_birth` where the office's age limit forbids it."""
    least = company.office().age_least
    if _age(born, company.today()) < least:
        return {"date_of_birth": f"Members must be at least {least} years old."}
    return {}


def _age(born: date, today: date) -> int:
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (0 if had_birthday else 1)
