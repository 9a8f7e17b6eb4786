"""The outbox: every mail is a row, written with the change that it tells of."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Mail(models.Model):
    """A mail to be sent, being sent, or sent. Holds no secret: links are made when it is sent."""

    STATES: ClassVar = [("queued", "queued"), ("sent", "sent"), ("failed", "failed")]

    kind = models.CharField(max_length=30)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mails"
    )
    to_address = models.EmailField()
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=6, choices=STATES, default="queued")
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
                fields=["next_try_at"], condition=models.Q(state="queued"), name="mail_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_address}"
