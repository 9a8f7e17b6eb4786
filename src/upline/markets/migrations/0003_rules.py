from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """What is fixed of a market and of a currency; rates are only added to."""

    dependencies = [
        ("markets", "0002_initial"),
        ("base", "0003_rules"),
    ]
    operations = [migrations.RunSQL((HERE / name).read_text()) for name in ["fixed.sql", "rates.sql"]]
