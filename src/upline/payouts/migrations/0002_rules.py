from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """The steps that a payout can take."""

    dependencies = [
        ("payouts", "0001_initial"),
        ("base", "0003_rules"),
    ]
    operations = [migrations.RunSQL((HERE / name).read_text()) for name in ["steps.sql"]]
