"""What a line of text may be made of: letters that a reader sees, in one form.

One place for all doors. Text that looks empty, or that is not shown in the order in which it is
stored, misleads whoever reads it: staff, other members, the bank.
"""

import unicodedata

from upline.language import lazy

NOT_ALLOWED = lazy("This contains characters that are not allowed.")
NOT_SEEN = lazy("This must contain at least one letter or digit.")

# Persian and Indic names and emoji need the two joiners.
_JOINERS = "\u200c\u200d"
# Shown as nothing or as a blank, though Unicode counts them as letters, marks or symbols.
_BLANKS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u034f"
# Pasted along by office programs around what was meant: marks of direction, widths of nothing.
_PASTED = "\u200b\u200e\u200f\u2060\ufeff"
_CATEGORIES = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def cleaned(text: str) -> str:
    """`text` composed (NFC), without blanks and invisible marks around it.

    Raises ValueError with NOT_ALLOWED where it holds control characters, marks that turn the
    direction of reading, or other characters that cannot be seen; with NOT_SEEN where it is not
    empty and nothing of it is a letter or a digit, a punctuation mark or a symbol."""
    typed = unicodedata.normalize("NFC", text).strip()
    composed = typed.strip(_PASTED).strip()
    if any(_is_unseen(letter) for letter in composed):
        raise ValueError(NOT_ALLOWED)
    if typed and not any(_leaves_ink(letter) for letter in composed):
        raise ValueError(NOT_SEEN)
    return composed


def cleaned_lines(text: str) -> str:
    """The same for text of several lines: each is `cleaned`, and ends with one "\n"."""
    typed = text.replace("\r\n", "\n").strip()
    return "\n".join(cleaned(line) for line in typed.split("\n"))


def has_letter(text: str) -> bool:
    """Whether a letter of any script, or a digit, is in `text`: a name has one."""
    return any(letter.isalnum() for letter in text)


def searchable(text: str) -> str:
    """`text` as it is looked for: with plain blanks, without what `cleaned` refuses or drops."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(letter for letter in composed if not _is_unseen(letter)).strip()


def folded(text: str) -> str:
    """`text` as searches compare it: without case, accents and width."""
    wide = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in wide if not unicodedata.combining(letter))


def _is_unseen(letter: str) -> bool:
    if letter in _JOINERS:
        return False
    return letter in _BLANKS or unicodedata.category(letter) in _CATEGORIES


def _leaves_ink(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNPS"


def is_typed(text: str) -> bool:
    """Whether text has letters alone that keyboards type into a field: neither tabs and other
    control characters, nor what is no character."""
    return not any(unicodedata.category(letter) in {"Cc", "Cn", "Cs"} for letter in text)
