"""Know your customer: who the office has verified."""

from typing import ClassVar

from django.db import models

from upline.members.models import Member, User


class KycReview(models.Model):
    """One decision about a member. The newest one holds; the ones before stay."""

    STATES: ClassVar = [
        ("submitted", "submitted"),
        ("verified", "verified"),
        ("rejected", "rejected"),
        ("expired", "expired"),
    ]

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="kyc_reviews")
    state = models.CharField(max_length=9, choices=STATES)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "KYC review"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.member}: {self.state}"
