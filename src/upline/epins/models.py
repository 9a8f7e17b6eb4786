"""E-pins: prepaid codes that the company issues and members pay with, in parts too."""

import hmac
import secrets
from enum import StrEnum
from typing import ClassVar

from django.db import models

from upline.base import encryption
from upline.language import gettext
from upline.members.models import Member, User

# What a code looks like, and how it is kept: 80 random bits in Crockford's base 32.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 16


class EPinBatch(models.Model):
    """E-pins that were issued together, each of `amount` minor units of `currency`."""

    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    quantity = models.IntegerField()
    expires_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "e-pin batch"
        verbose_name_plural = "e-pin batches"

    def __str__(self) -> str:
        return gettext("batch {id}", id=self.pk)


class EPinStatus(StrEnum):
    """What becomes of an e-pin. It is calculated, not stored: see queries.py."""

    ACTIVE = "active"
    USED = "used"
    EXPIRED = "expired"
    BLOCKED = "blocked"


class EPin(models.Model):
    """One code. Looked up by a keyed hash; sealed, so that its owner can be shown it.

    `amount` is what it was issued for, `balance` what remains, both in minor units of the batch's
    currency. Its owner's market has that currency when the e-pin is given to them."""

    batch = models.ForeignKey(EPinBatch, on_delete=models.PROTECT, related_name="epins")
    digest = models.BinaryField(unique=True)
    sealed = models.BinaryField()
    last_four = models.CharField(max_length=4)
    amount = models.BigIntegerField()
    balance = models.BigIntegerField()
    owner = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="epins")
    expires_at = models.DateTimeField(null=True)
    blocked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "e-pin"
        ordering = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="epin_amount"),
            models.CheckConstraint(
                condition=models.Q(balance__gte=0) & models.Q(balance__lte=models.F("amount")),
                name="epin_balance",
            ),
        ]

    def __str__(self) -> str:
        return gettext("e-pin {ending}", ending=f"…{self.last_four}")


def new_code() -> str:
    """A fresh code, e.g. `7K2M-9QXD-0A4T-WZ81`."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, _LENGTH, 4))


def digest_of(code: str) -> bytes:
    """The keyed hash to look a code up by; dashes, blanks, case and look-alikes do not matter."""
    plain = code.upper().replace("-", "").replace(" ", "")
    return encryption.digest("epin", plain.translate(str.maketrans("OIL", "011")))


def sealed(code: str) -> bytes:
    """The code as it is kept, by which its owner can be shown it."""
    return encryption.masters().encrypt(code.encode())


def unsealed(kept: bytes | memoryview, kept_digest: bytes | memoryview) -> str:
    """The code of the row that keeps this digest. Raises Unreadable where it is another row's:
    a ciphertext that was moved does not show another person's code."""
    code = encryption.masters().decrypt(bytes(kept)).decode()
    if not hmac.compare_digest(digest_of(code), bytes(kept_digest)):
        raise encryption.Unreadable("epins_epin.sealed")
    return code
