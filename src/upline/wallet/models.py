"""The ledger: accounts, and transfers between them. Nothing else moves money."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from upline.members.models import Member


class Account(models.Model):
    """An account of a member, or of the company (`member` null).

    Member accounts: `wallet`; `deposits` (payments that wait for an order); `purchase` (can
    only buy); `owed` (a debt). They cache their balance in minor units, never below zero.
    Company accounts cache none: a balance there would make all payments queue on one row."""

    MEMBER_KINDS = ("wallet", "deposits", "purchase", "owed")
    COMPANY_KINDS = (
        "outside", "sales", "tax", "epins", "commissions", "payouts", "charges", "tax_withheld",
        "claims", "forfeited",
    )  # fmt: skip

    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=12)
    balance = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "kind"], name="one_account_of_a_kind", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(member=None, balance=None)
                | models.Q(member__isnull=False, balance__gte=0),
                name="member_balance_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.member or 'the company'}"


class Transfer(models.Model):
    """`amount` minor units from the debit account to the credit account. Append-only.

    `kind` and `reference` together are unique: they name what the transfer is for, so nothing
    is paid twice. `undoes` names the transfer that this one takes back, whole or in part."""

    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    amount = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    reference = models.CharField(max_length=80)
    undoes = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    business_date = models.DateField()
    created_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="one_transfer_a_reference"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="amount_positive"),
            models.CheckConstraint(
                condition=~models.Q(debit=models.F("credit")), name="accounts_differ"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
