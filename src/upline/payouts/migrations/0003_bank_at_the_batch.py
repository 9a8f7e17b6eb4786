from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("bank_at_the_batch.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("payouts", "0002_steps")]
    operations = [migrations.RunSQL(SQL)]
