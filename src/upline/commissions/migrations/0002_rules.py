from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("rules.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("commissions", "0001_initial"),
        ("base", "0003_append_only"),
        ("orders", "0002_frozen_days"),
        ("wallet", "0003_commissions"),
    ]
    operations = [migrations.RunSQL(SQL)]
