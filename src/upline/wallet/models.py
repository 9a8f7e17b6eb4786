"""The ledger: accounts, and transfers between them. Nothing else moves money."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upline.base.models import ByActor, names_its_actor
from upline.members.models import Member


class AccountKind(StrEnum):
    """What an account holds. The first four belong to members, the others to the company."""

    WALLET = "wallet"
    DEPOSITS = "deposits"
    PURCHASE = "purchase"
    OWED = "owed"
    OUTSIDE = "outside"
    SALES = "sales"
    TAX = "tax"
    EPINS = "epins"
    COMMISSIONS = "commissions"
    PAYOUTS = "payouts"
    CHARGES = "charges"
    TAX_WITHHELD = "tax_withheld"
    CLAIMS = "claims"
    FORFEITED = "forfeited"
    EXCHANGE = "exchange"


MEMBERS = (AccountKind.WALLET, AccountKind.DEPOSITS, AccountKind.PURCHASE, AccountKind.OWED)


class TransferKind(StrEnum):
    """What a transfer is for. docs/money.md shows from where to where each of them goes."""

    OFFICE_CREDIT = "office_credit"
    OFFICE_DEBIT = "office_debit"
    EPINS_ISSUED = "epins_issued"
    PAYMENT_FROM_WALLET = "payment_from_wallet"
    PAYMENT_FROM_EPIN = "payment_from_epin"
    PAYMENT_FROM_OUTSIDE = "payment_from_outside"
    PAYMENT_RETURNED = "payment_returned"
    PAYMENT_SENT_BACK = "payment_sent_back"
    ORDER_PAYMENT = "order_payment"
    ORDER_TAX = "order_tax"
    ORDER_REFUND = "order_refund"
    ORDER_TAX_REFUND = "order_tax_refund"
    PAYOUT = "payout"
    PAYOUT_PAID = "payout_paid"
    PAYOUT_RETURNED = "payout_returned"
    PAYOUT_SENT_BACK = "payout_sent_back"
    COMMISSION = "commission"
    COMMISSION_PURCHASE = "commission_purchase"
    COMMISSION_BACK = "commission_back"
    COMMISSION_PURCHASE_BACK = "commission_purchase_back"
    COMMISSION_OWED = "commission_owed"
    COMMISSION_REPAID = "commission_repaid"
    COMMISSION_CHARGE = "commission_charge"
    COMMISSION_CHARGE_BACK = "commission_charge_back"
    COMMISSION_TAX = "commission_tax"
    COMMISSION_TAX_BACK = "commission_tax_back"
    CLOSED_PAID = "closed_paid"
    CLOSED_FORFEITED = "closed_forfeited"
    CLOSED_DEBT = "closed_debt"
    CLOSED_DEBT_REPAID = "closed_debt_repaid"
    CLOSED_DEBT_WAIVED = "closed_debt_waived"
    EXCHANGE_OUT = "exchange_out"
    EXCHANGE_IN = "exchange_in"


CREDITS = (TransferKind.OFFICE_CREDIT, TransferKind.EXCHANGE_IN)
"""With which staff put money onto a wallet that nobody paid in there."""


class Account(models.Model):
    """An account of a member, or of the company (`member` null), in one currency.

    Member accounts: `wallet`; `deposits` (payments that wait for an order); `purchase` (can
    only buy); `owed` (a debt). They cache their balance in minor units, never below zero.
    Company accounts cache none: a balance there would make all payments queue on one row."""

    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    balance = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "kind", "currency"],
                name="one_account_of_a_kind",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(fields=["id", "currency"], name="account_with_its_currency"),
            models.CheckConstraint(
                condition=models.Q(member=None, balance=None)
                | models.Q(member__isnull=False, balance__gte=0),
                name="member_balance_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.member or 'the company'}"


class Transfer(ByActor):
    """`amount` minor units of `currency` from the debit account to the credit account. Append-only.

    Its two foreign keys to accounts are (debit_id, currency) and (credit_id, currency), made in
    functions.sql: no transfer goes from one currency to another.

    `kind` and `reference` together are unique: they name what the transfer is for, so nothing
    is paid twice. `undoes` names the transfer that this one takes back, whole or in part.

    `run_id`, `order_id`, `payout_id` and `member_id` say what it belongs to: the member is the one
    whose business it is, also where both accounts are the company's. They are plain columns, since
    a run writes a million rows; `./upline verify` proves them."""

    debit = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="debits", db_constraint=False
    )
    credit = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="credits", db_constraint=False
    )
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    reference = models.CharField(max_length=80)
    undoes = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by", db_index=False
    )
    business_date = models.DateField()
    created_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    run_id = models.BigIntegerField(null=True)
    order_id = models.BigIntegerField(null=True)
    payout_id = models.BigIntegerField(null=True)
    member_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["order_id"],
                condition=models.Q(order_id__isnull=False),
                name="transfers_of_order",
            ),
            models.Index(
                fields=["undoes"],
                condition=models.Q(undoes__isnull=False),
                name="transfers_undoing",
            ),
            models.Index(
                fields=["by_staff"],
                condition=models.Q(kind__in=[each.value for each in CREDITS]),
                name="credits_by_staff",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="one_transfer_a_reference"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="amount_positive"),
            models.CheckConstraint(
                condition=~models.Q(debit=models.F("credit")), name="accounts_differ"
            ),
            names_its_actor("transfer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Exchange(models.Model):
    """Money that left one currency with `sold`, and came into another with `bought`: two transfers
    through the company's `exchange` accounts, of the same day and actor. Append-only.

    `rate` is how much one unit (1.00) of the currency sold was worth in the one bought, in
    millionths."""

    rate = models.BigIntegerField()
    sold = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="+")
    bought = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_positive")
        ]

    def __str__(self) -> str:
        return f"exchange {self.pk}"
