from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("steps.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("payouts", "0001_initial"), ("base", "0003_append_only")]
    operations = [migrations.RunSQL(SQL)]
