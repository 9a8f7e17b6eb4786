from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """What a run keeps, and how a person is erased: here, since it follows all the tables
    that hold something of a person."""

    dependencies = [
        ("commissions", "0001_initial"),
        ("base", "0003_rules"),
        ("members", "0001_initial"),
        ("orders", "0002_rules"),
        ("wallet", "0002_rules"),
        ("payouts", "0002_rules"),
    ]
    operations = [migrations.RunSQL((HERE / name).read_text()) for name in ["rules.sql", "keeping.sql", "dropping.sql", "frozen.sql", "erasing.sql"]]
