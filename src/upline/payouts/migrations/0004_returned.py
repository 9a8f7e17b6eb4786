"""What the bank returned after it was paid."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).with_name("returned.sql").read_text()
_STATES = [
    ("requested", "requested"),
    ("approved", "approved"),
    ("in_batch", "in batch"),
    ("paid", "paid"),
    ("returned", "returned by the bank"),
    ("failed", "failed"),
    ("cancelled", "cancelled"),
    ("declined", "declined"),
]
_BATCHED = ("in_batch", "paid", "failed", "returned")


class Migration(migrations.Migration):
    dependencies = [
        ("payouts", "0003_bank_at_the_batch"),
        ("commissions", "0004_erasing"),
        ("wallet", "0003_commissions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="payout",
            name="state",
            field=models.CharField(choices=_STATES, default="requested", max_length=9),
        ),
        migrations.AddField(
            model_name="payout",
            name="came_back",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wallet.transfer",
            ),
        ),
        migrations.AddField(
            model_name="payout",
            name="returned_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="payout",
            name="returned_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RemoveConstraint(model_name="payout", name="payout_in_its_batch"),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(("batch__isnull", False), ("state__in", _BATCHED))
                | models.Q(models.Q(("state__in", _BATCHED), _negated=True), ("batch", None)),
                name="payout_in_its_batch",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("came_back__isnull", False),
                    ("returned_at__isnull", False),
                    ("state", "returned"),
                )
                | models.Q(
                    models.Q(("state", "returned"), _negated=True),
                    ("came_back", None),
                    ("returned_at", None),
                    ("returned_by", None),
                ),
                name="payout_came_back_when_returned",
            ),
        ),
        migrations.RunSQL(SQL),
    ]
