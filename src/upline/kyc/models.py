"""Know your customer: who the office has verified."""

from django.db import models

from upline.language import lazy
from upline.members.models import Member, User


class KycStatus(models.TextChoices):
    """What a review came to."""

    SUBMITTED = "submitted", lazy("submitted")
    VERIFIED = "verified", lazy("verified")
    REJECTED = "rejected", lazy("rejected")
    EXPIRED = "expired", lazy("expired")


class KycReview(models.Model):
    """One decision about a member. The newest one holds; the ones before stay."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="kyc_reviews")
    status = models.CharField(max_length=9, choices=KycStatus)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "KYC review"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.member}: {self.status}"
