from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """What a price may be."""

    dependencies = [
        ("catalog", "0002_initial"),
        ("markets", "0003_rules"),
    ]
    operations = [migrations.RunSQL((HERE / name).read_text()) for name in ["prices.sql", "logged.sql"]]
