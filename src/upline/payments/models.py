"""Payments that wait for an order."""

from typing import ClassVar

from django.db import models

from upline.epins.models import EPin
from upline.members.models import Member
from upline.wallet.models import Account, Transfer


class Deposit(models.Model):
    """Money paid in and not yet used: on the member's `deposits` account until an order takes
    it or it goes back where it came from. Minor units."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="deposits")
    wallet = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    epin = models.ForeignKey(EPin, null=True, on_delete=models.PROTECT, related_name="+")
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    remaining = models.BigIntegerField()
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(remaining__gte=0) & models.Q(remaining__lte=models.F("amount")),
                name="deposit_remaining",
            ),
            models.CheckConstraint(
                condition=models.Q(wallet=None, epin__isnull=False)
                | models.Q(wallet__isnull=False, epin=None),
                name="deposit_from_wallet_or_epin",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["member", "expires_at"],
                condition=models.Q(remaining__gt=0),
                name="deposit_waiting",
            )
        ]
