"""The outbox: every mail is a row, written with the change that it tells of."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from upline.base.event_kinds import EventKind
from upline.language import lazy


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
    POSITION_OPENED = "position_opened"
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


MAIL_OF: dict[EventKind, MailKind] = {
    EventKind.MEMBER_JOINED: MailKind.WELCOME,
    EventKind.MEMBER_CORRECTED: MailKind.CORRECTED,
    EventKind.MEMBER_PACKAGE_CHANGED: MailKind.PACKAGE_CHANGED,
    EventKind.POSITION_OPENED: MailKind.POSITION_OPENED,
    EventKind.CUSTOMER_REGISTERED: MailKind.CUSTOMER_WELCOME,
    EventKind.CUSTOMER_BECAME_MEMBER: MailKind.WELCOME,
    EventKind.CONTACT_CHANGED: MailKind.EMAIL_CHANGED,
    EventKind.BANK_CHANGED: MailKind.BANK_CHANGED,
    EventKind.PASSWORD_CHANGED: MailKind.PASSWORD_CHANGED,
    EventKind.TRANSACTION_PASSWORD_CHANGED: MailKind.TRANSACTION_PASSWORD_CHANGED,
    EventKind.PAYMENT_RECEIVED: MailKind.WALLET_PAID,
    EventKind.PAYOUT_REQUESTED: MailKind.PAYOUT_REQUESTED,
    EventKind.PAYOUT_DECLINED: MailKind.PAYOUT_DECLINED,
    EventKind.PAYOUT_PAID: MailKind.PAYOUT_PAID,
    EventKind.PAYOUT_FAILED: MailKind.PAYOUT_FAILED,
    EventKind.PAYOUT_RETURNED: MailKind.PAYOUT_RETURNED,
}
"""The mail that delivers an event to the person whom it concerns. Links to set a password, codes
and invitations deliver none: they answer a request."""


MOST_AN_HOUR = 6
LIMITED: dict[MailKind, str] = {
    MailKind.CONFIRM_ORDER: "",
    MailKind.PASSWORDS_ALIKE: "",
    MailKind.SECOND_FACTOR: "sentence",
}
"""Mails of which a mailbox gets `MOST_AN_HOUR`; further ones are not written. The fact named here
tells mails of a kind apart: six that say one thing leave room for one that says another."""

_BY_STAFF = "a staff user causes each, and the audit log says who"
_CHANGE = "a mailbox is told of six changes an hour, and of more where no link undoes them"
_REQUEST = "six an hour to a mailbox, and one more when no link sent before works"
_SIGNUP = "six an hour to a mailbox, wherever somebody signs up"
_BY_OWNER = (
    "each takes the transaction password, which only a reader of the mailbox can set, or a staff "
    "user, whom the audit log names"
)
BOUNDED: dict[MailKind, str] = {
    MailKind.BANK_CHANGED: _CHANGE,
    MailKind.CONFIRM_EMAIL: "three an hour, by member and by address",
    MailKind.CORRECTED: _BY_STAFF,
    MailKind.CUSTOMER_WELCOME: f"{_SIGNUP}; or {_BY_STAFF}",
    MailKind.EMAIL_CHANGED: _CHANGE,
    MailKind.PACKAGE_CHANGED: _BY_STAFF,
    MailKind.PASSWORD_CHANGED: f"{_CHANGE}; of staff, each takes a link or the present password",
    MailKind.PAYOUT_DECLINED: _BY_STAFF,
    MailKind.PAYOUT_FAILED: _BY_STAFF,
    MailKind.PAYOUT_PAID: _BY_STAFF,
    MailKind.PAYOUT_REQUESTED: _BY_OWNER,
    MailKind.PAYOUT_RETURNED: _BY_STAFF,
    MailKind.POSITION_OPENED: f"an order is paid for each, or {_BY_STAFF}",
    MailKind.RESET_LOGIN: _REQUEST,
    MailKind.RESET_TRANSACTION: _REQUEST,
    MailKind.STAFF_CHANGED: _BY_STAFF,
    MailKind.STAFF_INVITATION: _BY_STAFF,
    MailKind.STAFF_PASSWORD: f"{_REQUEST}; or {_BY_STAFF}",
    MailKind.STEP_REFUSED: _BY_STAFF,
    MailKind.TRANSACTION_PASSWORD_CHANGED: _CHANGE,
    MailKind.USERNAMES: _REQUEST,
    MailKind.WALLET_PAID: _BY_OWNER,
    MailKind.WELCOME: _SIGNUP,
}
"""What keeps all other mails from being sent in a loop; the flows see to it."""


class MailStatus(models.TextChoices):
    """The steps of a mail."""

    QUEUED = "queued", lazy("queued")
    SENT = "sent", lazy("sent")
    FAILED = "failed", lazy("failed")


class Mail(models.Model):
    """A mail to be sent, being sent, or sent. Holds no secret: links are made when it is sent.

    `event_id` is the event that it delivers, where it delivers one; events go before mails."""

    kind = models.CharField(max_length=30)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mails"
    )
    to_address = models.EmailField()
    facts = models.JSONField(default=dict)
    event_id = models.BigIntegerField(null=True)
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
            ),
            models.Index(
                Lower("to_address"),
                "created_at",
                condition=models.Q(kind__in=sorted(LIMITED)),
                name="mail_limited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_address}"
