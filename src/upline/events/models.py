"""What happened, in order, for mails and for programs that read along."""

from django.db import models


class Event(models.Model):
    """Something that happened, written in the transaction of the change itself.

    `data` holds what `base/event_kinds.py` says of the kind. `transaction` is the number of that
    transaction; the database gives it (migrations/reading.sql), and readers go by it."""

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    data = models.JSONField()
    occurred_at = models.DateTimeField()
    transaction = models.BigIntegerField(db_default=0)

    class Meta:
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["transaction", "id"], name="event_cursor"),
            models.Index(fields=["kind", "id"], name="event_kind"),
            models.Index(fields=["subject"], name="event_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
