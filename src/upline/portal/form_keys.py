"""What a form of the portal carries, so that sent twice it changes something once, and so that what
was typed into it comes back to nobody else."""

import hashlib
import hmac
import secrets

from django.conf import settings

ONCE = "once"
"""The field that a form carries."""


def new_key(member_id: int) -> str:
    """What a freshly opened form carries: it is this member's, and nobody else's."""
    chance = secrets.token_urlsafe(18)
    return f"{chance}.{_mark(chance, member_id)}"


def is_key_of(key: str, member_id: int) -> bool:
    """Whether the form that carries this key was opened by this member."""
    chance, _, mark = key.rpartition(".")
    return hmac.compare_digest(mark.encode(), _mark(chance, member_id).encode())


def is_secret(name: str) -> bool:
    """Whether a field of this name holds a secret: it is kept nowhere."""
    return name == "csrfmiddlewaretoken" or "password" in name


def _mark(chance: str, member_id: int) -> str:
    said = f"form:{member_id}:{chance}".encode()
    return hmac.digest(settings.SECRET_KEY.encode(), said, hashlib.sha256).hex()[:16]
