from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            "package",
            models.CheckConstraint(
                condition=models.Q(
                    commissionable_value__lte=F("amount")
                    - F("amount") * F("tax_rate") / (F("tax_rate") + 10_000)
                ),
                name="package_value_within_price",
            ),
        ),
    ]
