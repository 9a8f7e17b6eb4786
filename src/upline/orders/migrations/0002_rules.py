from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """The steps of an order, and what of it never changes."""

    dependencies = [
        ("orders", "0001_initial"),
        ("markets", "0003_rules"),
        ("base", "0003_rules"),
    ]
    operations = [migrations.RunSQL((HERE / "rules.sql").read_text())]
