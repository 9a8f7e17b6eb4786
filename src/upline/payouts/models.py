"""Money on its way from members' wallets to their banks."""

from typing import ClassVar

from django.db import models

from upline.language import gettext, lazy
from upline.members.models import Member, User
from upline.wallet.models import Transfer


class PayoutStatus(models.TextChoices):
    """The steps of a payout."""

    REQUESTED = "requested", lazy("requested")
    APPROVED = "approved", lazy("approved")
    IN_BATCH = "in_batch", lazy("in batch")
    PAID = "paid", lazy("paid")
    RETURNED = "returned", lazy("returned by the bank")
    FAILED = "failed", lazy("failed")
    CANCELLED = "cancelled", lazy("cancelled")
    DECLINED = "declined", lazy("declined")


OPEN = (PayoutStatus.REQUESTED, PayoutStatus.APPROVED, PayoutStatus.IN_BATCH)
BATCHED = (
    PayoutStatus.IN_BATCH,
    PayoutStatus.PAID,
    PayoutStatus.FAILED,
    PayoutStatus.RETURNED,
)


class Batch(models.Model):
    """Payouts in one currency that go to the bank together.

    `message_id` names the bank file to the bank. The three `debtor_…` say which account of the
    company pays; they are '' until the first SEPA file is made, and stay then, so that the file
    can be made again. `amount` in minor units and `quantity` are those of all its payouts."""

    message_id = models.CharField(max_length=35, unique=True)
    currency = models.CharField(max_length=3)
    quantity = models.IntegerField()
    amount = models.BigIntegerField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    execution_date = models.DateField()
    debtor_name = models.CharField(max_length=100, blank=True)
    debtor_iban = models.CharField(max_length=34, blank=True)
    debtor_bic = models.CharField(max_length=11, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return gettext("Payout batch {id}", id=self.pk)


class Payout(models.Model):
    """What a member asked to be paid, from the request to its end. `amount` in minor units of
    `currency`, that of the member's market at the request.

    `number` begins with `PO-`. `bank_sealed` is the bank data as they were at the request, sealed
    with the member's key. `transfer` took the money off the wallet; `settlement` took it outside
    or back; `came_back` brought back what the bank returned after it was paid. `kept_out` says why
    the payout stayed out of the last batch, `reason` why it was declined, failed or returned."""

    number = models.CharField(max_length=20, unique=True)
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="payouts", db_index=False
    )
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    status = models.CharField(max_length=9, choices=PayoutStatus, default=PayoutStatus.REQUESTED)
    bank_sealed = models.BinaryField()
    last_four = models.CharField(max_length=4)
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="payouts")
    kept_out = models.CharField(max_length=300, blank=True)
    settlement = models.OneToOneField(
        Transfer, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    came_back = models.OneToOneField(
        Transfer, null=True, on_delete=models.PROTECT, related_name="+"
    )
    returned_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        permissions: ClassVar = [("approve_payout", "Can approve payouts")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payout_amount"),
            models.CheckConstraint(
                condition=models.Q(status__in=OPEN, settlement=None, closed_at=None)
                | ~models.Q(status__in=OPEN)
                & models.Q(settlement__isnull=False, closed_at__isnull=False),
                name="payout_settled_when_closed",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=BATCHED, batch__isnull=False)
                | ~models.Q(status__in=BATCHED) & models.Q(batch=None),
                name="payout_in_its_batch",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status=PayoutStatus.RETURNED, came_back__isnull=False, returned_at__isnull=False
                )
                | ~models.Q(status=PayoutStatus.RETURNED)
                & models.Q(came_back=None, returned_by=None, returned_at=None),
                name="payout_came_back_when_returned",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("member_id")),
                name="payout_approved_by_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["member", "-id"], name="payouts_of_member"),
            models.Index(
                fields=["status"], condition=models.Q(status__in=OPEN), name="payouts_open"
            ),
        ]

    def __str__(self) -> str:
        return self.number
