"""Orders: what was bought at which price, how it was paid, what came back."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from upline.catalog.models import Package
from upline.company.models import ApiClient
from upline.genealogy.models import Position
from upline.language import lazy
from upline.markets import current as markets
from upline.markets.models import Market
from upline.members.models import Member, MemberKind, User
from upline.payments.models import Payment
from upline.wallet.models import Transfer


class OrderKind(models.TextChoices):
    """Where an order came from."""

    CHECKOUT = "checkout", lazy("from the cart")
    MEMBERSHIP = "membership", lazy("signup")
    OUTSIDE = "outside", lazy("reported by a shop")
    OFFICE = "office", lazy("entered by staff")


class OrderStatus(models.TextChoices):
    """The steps of an order."""

    AWAITING_PAYMENT = "awaiting_payment", lazy("awaiting payment")
    COMPLETE = "complete", lazy("complete")
    CANCELLED = "cancelled", lazy("cancelled")
    REFUNDED = "refunded", lazy("refunded")


class Order(models.Model):
    """One order. Amounts in minor units of the currency of `market`, which is the buyer's when the
    order is made; points in hundredths.

    `number` begins with `UP-`; a sale reported by an outside shop has that shop's `client` and
    `outside_id` too. `member` is who buys. Fixed at completion: `business_date`, the day its volume
    counts for, and `volume_member`, whose volume it is: the buyer's, or of the sponsor of that
    moment where the buyer is a customer.
    `position` is the member's position that the volume counts at, null for the first one.
    `lapses_at` null: an order awaiting payment that never lapses. `address_added_at` is when the
    member added the address that it goes to; `to_confirm`, while it awaits payment, that its owner
    was mailed a link to confirm it. `pays_by` is the provider that is to bring its money, so that
    it waits as long as that takes; '' for what the member has paid in."""

    number = models.CharField(max_length=20, unique=True)
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="orders", db_index=False
    )
    volume_member = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.ForeignKey(
        Position, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=OrderKind)
    client = models.ForeignKey(ApiClient, null=True, on_delete=models.PROTECT, related_name="+")
    outside_id = models.CharField(max_length=100, null=True)
    status = models.CharField(max_length=16, choices=OrderStatus)
    total_amount = models.BigIntegerField()
    total_quantity = models.IntegerField()
    total_points = models.BigIntegerField()
    address = models.JSONField(default=dict)
    address_added_at = models.DateTimeField(null=True)
    to_confirm = models.BooleanField(db_default=False)
    created_at = models.DateTimeField()
    lapses_at = models.DateTimeField(null=True)
    pays_by = models.CharField(max_length=20, blank=True, db_default="")
    completed_at = models.DateTimeField(null=True)
    business_date = models.DateField(null=True, db_index=True)

    class Meta:
        ordering = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "outside_id"], name="one_order_per_outside_id"
            ),
            models.CheckConstraint(
                condition=models.Q(total_amount__gte=0)
                & models.Q(total_quantity__gte=0)
                & models.Q(total_points__gte=0),
                name="order_totals_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=[OrderStatus.COMPLETE, OrderStatus.REFUNDED],
                    business_date__isnull=False,
                    volume_member__isnull=False,
                )
                | models.Q(
                    status__in=[OrderStatus.AWAITING_PAYMENT, OrderStatus.CANCELLED],
                    business_date=None,
                    volume_member=None,
                ),
                name="order_dated_when_complete",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["member", "-id"], name="orders_of_member"),
            models.Index(fields=["volume_member", "business_date"], name="volume_of_member"),
            models.Index(
                fields=["lapses_at"],
                condition=models.Q(status=OrderStatus.AWAITING_PAYMENT),
                name="order_lapsing",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def currency(self) -> str:
        """That of the market that it was made in."""
        return markets.market(self.market_id).currency


class OrderLine(models.Model):
    """What one line of an order sold, as it was at that moment; all figures are of one piece.

    `tax` is contained in `price`, at `tax_rate` basis points. `order_type` is one of the company's
    list; `figures` are further ones, in hundredths, in the order of the company's names
    (`order_figures`). `package` null: the signup fee, or a sale reported by an outside shop."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    package = models.ForeignKey(Package, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    quantity = models.IntegerField()
    price = models.BigIntegerField()
    commissionable_value = models.BigIntegerField()
    points = models.BigIntegerField()
    tax = models.BigIntegerField()
    tax_rate = models.IntegerField(default=0)
    buyer = models.CharField(max_length=9, choices=MemberKind)
    order_type = models.CharField(max_length=20)
    figures = ArrayField(models.BigIntegerField(), default=list)
    refunded_quantity = models.IntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="line_quantity"),
            models.CheckConstraint(
                condition=models.Q(refunded_quantity__gte=0)
                & models.Q(refunded_quantity__lte=models.F("quantity")),
                name="line_refunded_at_most_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.name}"


class PositionOrder(models.Model):
    """The further position that an order opens once it is complete, for its buyer.

    `line` is what was bought. `under` and `side` (1, 2) are the rule that the order names: the
    position stands at the outer end of that side of `under`, which is right below it while that
    is free; null are the buyer's first position and their preferred side. `position` is the one
    that was opened, null until then."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="position_order")
    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="+")
    under = models.ForeignKey(
        Position, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    side = models.SmallIntegerField(null=True)
    position = models.OneToOneField(
        Position, null=True, on_delete=models.PROTECT, related_name="bought_with"
    )

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(side__in=[1, 2]) | models.Q(side=None, under=None),
                name="a_side_below_a_named_position",
            )
        ]

    def __str__(self) -> str:
        return f"position of {self.order}"


class OrderPayment(models.Model):
    """One part of what paid an order: what it captured of a payment, or money of the payer's
    `purchase` account (`payment` null)."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    payer = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="parts")
    amount = models.BigIntegerField()
    refunded = models.BigIntegerField(default=0)
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(refunded__gte=0) & models.Q(refunded__lte=models.F("amount")),
                name="payment_refunded_at_most_once",
            )
        ]


class Refund(models.Model):
    """What was taken back from an order at one time. Its volume leaves on `business_date`."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    business_date = models.DateField(db_index=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"refund {self.pk} of {self.order}"


class RefundToSend(models.Model):
    """Money of a refund that no account here can take back, since the order was paid outside:
    staff send it by other means, and say so here. `amount` in minor units."""

    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="to_send")
    amount = models.BigIntegerField()
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True, help_text="how it was sent")

    class Meta:
        verbose_name = "refund to send"
        verbose_name_plural = "refunds to send"
        ordering = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_to_send_amount")
        ]

    def __str__(self) -> str:
        return f"refund to send {self.pk}"


class RefundLine(models.Model):
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="refunds")
    quantity = models.IntegerField()


class FrozenDays(models.Model):
    """One row: the days up to `last_day` belong to commission runs, and no volume enters or
    leaves them any more."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    last_day = models.DateField()

    class Meta:
        db_table = "orders_frozen"
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_row_of_frozen_days")
        ]

    def __str__(self) -> str:
        return f"frozen to {self.last_day}"
