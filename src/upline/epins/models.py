"""E-pins: prepaid codes that the company issues and members pay with, in parts too."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upline.members.models import Member, User


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
        return f"batch {self.pk}"


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
        return f"e-pin …{self.last_four}"
