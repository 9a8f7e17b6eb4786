"""What was refunded before of orders paid outside waits for staff, too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_EARLIER = """
INSERT INTO orders_refundtosend (refund_id, amount, note)
SELECT refund.id, sum(moved.amount), ''
FROM wallet_transfer moved
JOIN wallet_account credit ON credit.id = moved.credit_id
JOIN orders_refund refund ON refund.id = split_part(moved.reference, ':', 2)::bigint
WHERE moved.kind = 'order_refund' AND credit.member_id IS NULL AND credit.kind = 'outside'
GROUP BY refund.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_frozen_days"),
        ("wallet", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RefundToSend",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "note",
                    models.CharField(blank=True, help_text="how it was sent", max_length=300),
                ),
                (
                    "refund",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="to_send",
                        to="orders.refund",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "refund to send",
                "verbose_name_plural": "refunds to send",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="refund_to_send_amount"
                    )
                ],
            },
        ),
        migrations.RunSQL(_EARLIER, migrations.RunSQL.noop),
    ]
