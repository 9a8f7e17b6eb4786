"""What an e-pin's code looks like, and how it is kept: 80 random bits in Crockford's base 32."""

import hmac
import secrets

from upline.base import encryption

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 16


def new_code() -> str:
    """A fresh code, e.g. `7K2M-9QXD-0A4T-WZ81`."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, _LENGTH, 4))


def digest(code: str) -> bytes:
    """The keyed hash to look a code up by; dashes, blanks, case and look-alikes do not matter."""
    plain = code.upper().replace("-", "").replace(" ", "")
    return encryption.digest("epin", plain.translate(str.maketrans("OIL", "011")))


def seal(code: str) -> bytes:
    return encryption.masters().encrypt(code.encode())


def unseal(sealed: bytes | memoryview, kept_digest: bytes | memoryview) -> str:
    """The code of the row that keeps this digest. Raises Unreadable where it is another row's:
    a ciphertext that was moved shows nobody somebody else's code."""
    code = encryption.masters().decrypt(bytes(sealed)).decode()
    if not hmac.compare_digest(digest(code), bytes(kept_digest)):
        raise encryption.Unreadable("epins_epin.sealed")
    return code
