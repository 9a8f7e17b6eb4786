"""Payments: money that a member paid with, and what became of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Case, F, Q, Value, When

from upline.epins.models import EPin
from upline.language import lazy
from upline.members.models import Member, User
from upline.wallet.models import Account, Transfer


class PaymentProvider(models.TextChoices):
    """Who brings a payment's money: Upline's own wallets and e-pins, or the world outside (a bank
    transfer, cash, a shop that sells for the company). Providers that sign their messages have
    codes of the company's own besides."""

    WALLET = "wallet", lazy("wallet")
    EPIN = "epin", lazy("e-pin")
    OUTSIDE = "outside", lazy("outside Upline")


class PaymentStatus(models.TextChoices):
    """What became of a payment. The database derives it from the amounts."""

    WAITING = "waiting", lazy("waiting for an order")
    PARTLY_CAPTURED = "partly_captured", lazy("partly used")
    CAPTURED = "captured", lazy("used")
    VOIDED = "voided", lazy("given back unused")
    PARTLY_REFUNDED = "partly_refunded", lazy("partly refunded")
    REFUNDED = "refunded", lazy("refunded")


_STATUS = Case(
    When(
        captured__gt=0,
        refunded=F("captured"),
        authorised=F("captured") + F("voided"),
        then=Value(PaymentStatus.REFUNDED),
    ),
    When(refunded__gt=0, then=Value(PaymentStatus.PARTLY_REFUNDED)),
    When(authorised=F("voided"), then=Value(PaymentStatus.VOIDED)),
    When(captured=0, then=Value(PaymentStatus.WAITING)),
    When(authorised__gt=F("captured") + F("voided"), then=Value(PaymentStatus.PARTLY_CAPTURED)),
    default=Value(PaymentStatus.CAPTURED),
)


class Payment(models.Model):
    """Money that a member paid with. Amounts in minor units of `currency`.

    `authorised` is what was paid in. Of it orders have taken `captured`, `voided` went back unused,
    and `remaining` waits on the member's `deposits` account. `refunded` is what orders gave back of
    `captured`. `reference` is the provider's name for it ('' for a wallet or an e-pin, which have a
    row here). `transfer` brought the money in. `expires_at` is when what remains goes back by
    itself; null: never. `order_id` is the order that it was paid for, where it was paid for one:
    no other order takes of it (a plain column: orders are above payments). `returned` is what the
    provider says that it took back."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20)
    reference = models.CharField(max_length=100, blank=True, db_default="")
    wallet = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    epin = models.ForeignKey(EPin, null=True, on_delete=models.PROTECT, related_name="+")
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="+")
    order_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    authorised = models.BigIntegerField()
    captured = models.BigIntegerField(db_default=0)
    voided = models.BigIntegerField(db_default=0)
    refunded = models.BigIntegerField(db_default=0)
    returned = models.BigIntegerField(db_default=0)
    remaining = models.GeneratedField(
        expression=F("authorised") - F("captured") - F("voided"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    status = models.GeneratedField(
        expression=_STATUS,
        output_field=models.CharField(max_length=16),
        db_persist=True,
        choices=PaymentStatus,
    )
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(authorised__gt=0)
                & Q(captured__gte=0)
                & Q(voided__gte=0)
                & Q(authorised__gte=F("captured") + F("voided")),
                name="payment_captured_and_voided",
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0) & Q(refunded__lte=F("captured")),
                name="payment_refunded",
            ),
            models.CheckConstraint(
                condition=Q(returned__gte=0) & Q(returned__lte=F("authorised")),
                name="payment_returned",
            ),
            models.CheckConstraint(
                condition=Q(provider=PaymentProvider.WALLET, wallet__isnull=False, epin=None)
                | Q(provider=PaymentProvider.EPIN, wallet=None, epin__isnull=False)
                | ~Q(provider__in=[PaymentProvider.WALLET, PaymentProvider.EPIN])
                & ~Q(reference="")
                & Q(wallet=None, epin=None),
                name="payment_of_one_provider",
            ),
            models.UniqueConstraint(
                fields=["provider", "reference"],
                condition=~Q(reference=""),
                name="one_payment_per_reference",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["member", "expires_at"],
                condition=Q(remaining__gt=0),
                name="payment_waiting",
            ),
            models.Index(
                fields=["order_id"],
                condition=Q(order_id__isnull=False, remaining__gt=0),
                name="payment_waiting_for_order",
            ),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"


class SurplusReason(models.TextChoices):
    """Why an order did not need the money of a payment."""

    OVERPAID = "overpaid", lazy("more than the order cost")
    PAID_TWICE = "paid_twice", lazy("the order was already paid")
    CANCELLED = "cancelled", lazy("the order is cancelled")
    RETURNED = "returned", lazy("the bank took it back")


class SurplusStatus(models.TextChoices):
    """What staff decided about a surplus."""

    OPEN = "open", lazy("to decide")
    KEPT = "kept", lazy("kept as shopping balance")
    SENT_BACK = "sent_back", lazy("sent back")


class Surplus(models.Model):
    """Money from outside that its order did not need. It went to the buyer's shopping balance with
    `transfer`; staff leave it there, or send it back to where it came from (`sent` takes it off).
    `amount` in minor units."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="surplus")
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=10, choices=SurplusReason)
    status = models.CharField(
        max_length=9,
        choices=SurplusStatus,
        default=SurplusStatus.OPEN,
        db_default=SurplusStatus.OPEN,
    )
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True, db_default="")
    sent = models.OneToOneField(Transfer, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "surplus payment"
        ordering = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status=SurplusStatus.OPEN, settled_at=None, sent=None)
                | Q(status=SurplusStatus.KEPT, settled_at__isnull=False, sent=None)
                | Q(status=SurplusStatus.SENT_BACK, settled_at__isnull=False, sent__isnull=False),
                name="surplus_settled",
            )
        ]

    def __str__(self) -> str:
        return f"surplus payment {self.pk}"


class ProviderSecret(models.Model):
    """A secret with which a payment provider signs what it says, sealed by the master key.
    `provider` is the company's code for it. It works from `used_from`, null until a second person
    has confirmed it, until it is ended; of several secrets each one does."""

    provider = models.CharField(max_length=20)
    sealed = models.BinaryField()
    last_four = models.CharField(max_length=4)
    created_at = models.DateTimeField()
    used_from = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ("view", "change")
        indexes: ClassVar = [
            models.Index(
                fields=["provider"], condition=Q(ended_at=None), name="provider_secret_in_use"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} …{self.last_four}"

    @property
    def status(self) -> str:
        """What a page or a list says of it."""
        if self.ended_at is not None:
            return "ended"
        return "in use" if self.used_from else "not in use yet"


class PaymentEventKind(models.TextChoices):
    """What a provider says happened."""

    PAID = "paid", lazy("money arrived")
    RETURNED = "returned", lazy("money was taken back")


class PaymentEventStatus(models.TextChoices):
    """What became of an event."""

    RECEIVED = "received", lazy("not looked at yet")
    WAITING = "waiting", lazy("waits for you")
    APPLIED = "applied", lazy("applied")
    SUPERSEDED = "superseded", lazy("known already")
    SET_ASIDE = "set_aside", lazy("set aside")


class PaymentEvent(models.Model):
    """What a provider said of a payment, once: stored first, then applied under the payment's lock.

    `reference` is the provider's name for the payment, `amount` all that came or was taken back of
    it so far, in minor units: so an event that comes twice, late or in another order says nothing
    new. `order_number` is the order that it names, `text` what else stands there. `note` is what
    staff said when they set it aside."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=PaymentEventKind)
    reference = models.CharField(max_length=100)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    order_number = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=300, blank=True)
    status = models.CharField(
        max_length=10, choices=PaymentEventStatus, default=PaymentEventStatus.RECEIVED
    )
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="events")
    note = models.CharField(max_length=300, blank=True, db_default="")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "payment event"
        ordering = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "event_id"], name="one_payment_event_per_id"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_event_amount"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["status"],
                condition=Q(status__in=[PaymentEventStatus.RECEIVED, PaymentEventStatus.WAITING]),
                name="payment_event_open",
            )
        ]

    def __str__(self) -> str:
        return f"payment event {self.pk}"
