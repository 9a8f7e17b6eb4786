"""Since when staff have their rights, and the steps that wait for a second person."""

from django.db import models

from upline.language import lazy
from upline.members.models.people import User


class RightFact(models.Model):
    """A staff user got a right, or lost it. The last row of a right counts; a right without one is
    as old as the user. Only added to."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    right = models.CharField(max_length=60)
    is_held = models.BooleanField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")


class StepStatus(models.TextChoices):
    """What became of a step that somebody asked for."""

    ASKED = "asked", lazy("asked")
    AGREED = "agreed", lazy("agreed")
    REFUSED = "refused", lazy("refused")
    WITHDRAWN = "withdrawn", lazy("withdrawn")
    EXPIRED = "expired", lazy("expired")


class StepAsked(models.Model):
    """A staff user asked for a step that takes two people. Another does the same and agrees, or
    refuses with an `answer`; whoever asked may withdraw it.

    `event` is the audit event of the step, `arguments` what its flow is called with, as JSON;
    `what` names it: both want the same. `subject` is what it is about, `person` whom it concerns.
    `amount` is in minor units of `currency`, null unless it moves one. See asked_steps.sql."""

    event = models.CharField(max_length=60)
    right = models.CharField(max_length=60)
    what = models.CharField(max_length=300)
    arguments = models.JSONField()
    subject = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    status = models.CharField(max_length=9, choices=StepStatus, default=StepStatus.ASKED)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "asked step"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["right", "what", "actor"],
                condition=models.Q(status=StepStatus.ASKED),
                name="step_asked_once",
            ),
            models.CheckConstraint(
                condition=models.Q(status=StepStatus.ASKED, closed_by=None, closed_at=None)
                | models.Q(status=StepStatus.EXPIRED, closed_by=None, closed_at__isnull=False)
                | models.Q(
                    status=StepStatus.WITHDRAWN,
                    closed_by=models.F("actor"),
                    closed_at__isnull=False,
                )
                | models.Q(
                    ~models.Q(closed_by=models.F("actor")),
                    status__in=[StepStatus.AGREED, StepStatus.REFUSED],
                    closed_by__isnull=False,
                    closed_at__isnull=False,
                ),
                name="step_closed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.pk}"
