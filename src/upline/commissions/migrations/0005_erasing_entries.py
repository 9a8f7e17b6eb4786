from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("erasing_entries.sql").read_text()


class Migration(migrations.Migration):
    """Words go from every audit entry that concerns the person, whatever its subject."""

    dependencies = [("commissions", "0004_erasing"), ("base", "0008_members_of_entries")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
