"""What a new password must be, for every door: the API, pages that mails link to, the office,
the shell. How it is written for hashing is `base/passwords.py`'s matter."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from upline.base import passwords
from upline.base.errors import FieldsWrong
from upline.base.letters import NOT_ALLOWED, is_typed
from upline.company import current as company
from upline.language import gettext, lazy

LEAST, MOST = 8, 128
SIMILAR = lazy(
    "This password is too similar to the username, the e-mail address or the company's name."
)
_COMMON = CommonPasswordValidator()
_SIMILAR_FROM = 0.7
# A name with up to so many letters around it is guessed as easily as the name.
_AROUND_A_NAME = 5
_PART_LEAST = 3


@dataclass(frozen=True)
class Whose:
    """Whom a password is for."""

    username: str
    email: str

    @property
    def names(self) -> list[str]:
        """What the password must not be, or be similar to."""
        return [self.username, self.email, company.current().name]


def wrong_password(password: str, names: Iterable[str] = ()) -> str:
    """The sentence for a new password that cannot be one, or is too easy to guess for somebody
    of these names; '' for a good one."""
    password = passwords.normalised(password)
    if not is_typed(password):
        return NOT_ALLOWED
    if len(password) < LEAST:
        return gettext("A password must have at least {least} characters.", least=LEAST)
    if len(password) > MOST:
        return gettext("A password must have at most {most} characters.", most=MOST)
    if password.lower().strip() in _COMMON.passwords:
        return gettext("This password is too common.")
    parts = sorted({name.lower() for name in _with_parts(names)}, key=len, reverse=True)
    if any(_is_similar(password.lower(), name) for name in parts):
        return SIMILAR
    return SIMILAR if _is_made_of(password.lower(), parts) else ""


def _with_parts(names: Iterable[str]) -> Iterable[str]:
    """`anna.gray@example.com`, and anna, gray, example too."""
    for name in map(passwords.normalised, names):
        yield from {name, *re.split(r"\W+", name)} - {""}


def _is_similar(password: str, name: str) -> bool:
    if len(name) >= 4 and name in password and len(password) - len(name) <= _AROUND_A_NAME:
        return True
    return SequenceMatcher(a=password, b=name).ratio() >= _SIMILAR_FROM


def _is_made_of(password: str, parts: Iterable[str]) -> bool:
    """Whether little more than these names is in it, in whatever order: `gray.anna.gray`."""
    rest = password
    for part in parts:
        if len(part) >= _PART_LEAST:
            rest = rest.replace(part, "")
    return len(rest) < len(password) and len(rest) <= _AROUND_A_NAME


def judge(new: str, whose: Whose, field: str) -> None:
    """Raises FieldsWrong on `field` for a password that this person cannot have."""
    if sentence := wrong_password(new, whose.names):
        raise FieldsWrong(fields={field: sentence})


class Validator:
    """The same for Django's own forms."""

    def validate(self, password: str, user: Any = None) -> None:
        names = Whose(user.username, user.email).names if user else []
        if sentence := wrong_password(password, names):
            raise ValidationError(sentence)

    def get_help_text(self) -> str:
        return gettext(
            "At least {least} characters. A few words in a row are easy to remember.", least=LEAST
        )
