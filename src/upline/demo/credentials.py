"""The demo's passwords: fresh for each installation, and found again from its secret key."""

from dataclasses import dataclass

from upline.base import encryption

_WORDS = (
    "acorn amber anchor apple arrow attic autumn bakery barrel basket beacon birch biscuit "
    "blanket bramble breeze bridge bronze bucket butter cabin candle canvas carpet castle cedar "
    "cellar cherry chimney cinnamon clover cobble copper coral cotton cradle cricket crystal "
    "curtain daisy drizzle ember engine feather fiddle forest garden ginger glacier granite "
    "hammer harbour hazel hedge honey island ivory jacket juniper kettle ladder lantern lemon "
    "linen"
)
_WORDS_IN_A_PASSWORD = 5


@dataclass(frozen=True)
class DemoPasswords:
    """One login and one transaction password for all members; the owner's, the approver's, and
    one for all other staff users."""

    password: str
    transaction_password: str
    staff_password: str
    approver_password: str
    colleague_password: str


def of_this_installation() -> DemoPasswords:
    """Derived from the secret key: a lost demo.json can be written again, and two
    installations never share a password."""
    purposes = ("login", "transaction", "office", "approver", "colleague")
    return DemoPasswords(*(_words(name) for name in purposes))


def _words(purpose: str) -> str:
    """Five of 64 words, thirty bits: enough behind the limits on guesses."""
    digest = encryption.digest("demo_password", purpose)
    words = _WORDS.split()
    return "-".join(words[byte % len(words)] for byte in digest[:_WORDS_IN_A_PASSWORD])
