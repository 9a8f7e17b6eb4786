"""The outbox: every mail is a row, written with the change that it tells of."""

from enum import StrEnum

from django.conf import settings
from django.db import models


class MailKind(StrEnum):
    """What a mail is about. Each has a template of its name."""

    BANK_CHANGED = "bank_changed"
    CONFIRM_EMAIL = "confirm_email"
    CONFIRM_ORDER = "confirm_order"
    CORRECTED = "corrected"
    CUSTOMER_WELCOME = "customer_welcome"
    EMAIL_CHANGED = "email_changed"
    PACKAGE_CHANGED = "package_changed"
    PASSWORD_CHANGED = "password_changed"
    PASSWORDS_ALIKE = "passwords_alike"
    PAYOUT_DECLINED = "payout_declined"
    PAYOUT_FAILED = "payout_failed"
    PAYOUT_PAID = "payout_paid"
    PAYOUT_REQUESTED = "payout_requested"
    PAYOUT_RETURNED = "payout_returned"
    RESET_LOGIN = "reset_login"
    RESET_TRANSACTION = "reset_transaction"
    SECOND_FACTOR = "second_factor"
    STAFF_CHANGED = "staff_changed"
    STAFF_INVITATION = "staff_invitation"
    STAFF_PASSWORD = "staff_password"
    STEP_REFUSED = "step_refused"
    TRANSACTION_PASSWORD_CHANGED = "transaction_password_changed"
    USERNAMES = "usernames"
    WALLET_PAID = "wallet_paid"
    WELCOME = "welcome"


class MailStatus(models.TextChoices):
    """The steps of a mail."""

    QUEUED = "queued", "queued"
    SENT = "sent", "sent"
    FAILED = "failed", "failed"


class Mail(models.Model):
    """A mail to be sent, being sent, or sent. Holds no secret: links are made when it is sent."""

    kind = models.CharField(max_length=30)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mails"
    )
    to_address = models.EmailField()
    facts = models.JSONField(default=dict)
    status = models.CharField(max_length=6, choices=MailStatus, default=MailStatus.QUEUED)
    tries = models.IntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "outbox"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(status=MailStatus.QUEUED),
                name="mail_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_address}"
