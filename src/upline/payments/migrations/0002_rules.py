from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """What a payment is never changes, and its amounts only grow."""

    dependencies = [
        ("payments", "0001_initial"),
        ("base", "0003_rules"),
    ]
    operations = [migrations.RunSQL((HERE / "rules.sql").read_text())]
