"""Where members' orders are sent."""

from django.db import models

from upline.members.models import Member


class ShippingAddress(models.Model):
    """One of a member's addresses. Orders keep a copy of their own. `created_at` null: added
    before that was noted."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="addresses")
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=300)
    zip_code = models.CharField(max_length=20)
    city = models.CharField(max_length=100)
    phone = models.CharField(max_length=20)
    is_default = models.BooleanField()
    created_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(is_default=True), name="one_default_address"
            )
        ]
