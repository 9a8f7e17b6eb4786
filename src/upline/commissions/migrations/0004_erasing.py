from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("erasing.sql").read_text()


class Migration(migrations.Migration):
    """Here, since it follows all the tables that hold something of a person."""

    dependencies = [
        ("commissions", "0003_dropping"),
        ("base", "0003_append_only"),
        ("wallet", "0002_functions"),
        ("payouts", "0002_steps"),
    ]
    operations = [migrations.RunSQL(SQL)]
