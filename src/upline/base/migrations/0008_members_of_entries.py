from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("members_of_entries.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0007_audit_member"),
        ("orders", "0001_initial"),
        ("payouts", "0001_initial"),
    ]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
