"""Changes through which an account could be taken over, and links that mails carried."""

from typing import ClassVar

from django.db import models

from upline.language import lazy
from upline.members.models.people import Member, User


class ProtectedKind(models.TextChoices):
    """What a protected change changed."""

    EMAIL = "email", lazy("e-mail address")
    BANK = "bank", lazy("bank account")
    PASSWORD = "password", lazy("password")
    TRANSACTION_PASSWORD = "transaction_password", lazy("transaction password")
    IDENTITY = "identity", lazy("name, date of birth or country")


class ProtectedChange(models.Model):
    """A change through which an account could be taken over. See protection.py.

    `before_sealed` is what an undo brings back: the member's `bank_sealed` as it was, b"" where
    there was none. Of bank data only, and only for as long as the change can be undone."""

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="protected_changes", db_index=False
    )
    kind = models.CharField(max_length=20, choices=ProtectedKind)
    at = models.DateTimeField()
    before_sealed = models.BinaryField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["member", "-at"], name="protected_changes_of_member"),
            models.Index(
                fields=["at"],
                condition=models.Q(before_sealed__isnull=False),
                name="protected_changes_sealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of member {self.member_id}"


class LinkPurpose(models.TextChoices):
    """What a mailed link is for."""

    LOGIN_PASSWORD = "login_password", lazy("set a new password")
    TRANSACTION_PASSWORD = "transaction_password", lazy("set a new transaction password")
    CONFIRM_EMAIL = "confirm_email", lazy("confirm an e-mail address")
    UNDO_CHANGE = "undo_change", lazy("undo a change")
    CONFIRM_ORDER = "confirm_order", lazy("confirm an order")
    STAFF_INVITATION = "staff_invitation", lazy("choose the first password of a staff user")
    STAFF_PASSWORD = "staff_password", lazy("choose a new password of a staff user")


class MailedLink(models.Model):
    """A link that a mail carried: works once, until it expires. `about` names what it is for,
    where the purpose does not: the change to undo, the order to confirm."""

    digest = models.BinaryField(primary_key=True)
    purpose = models.CharField(max_length=20, choices=LinkPurpose)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    email = models.EmailField(blank=True)
    about = models.CharField(max_length=20, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
