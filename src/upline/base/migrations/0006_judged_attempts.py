from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("judged_attempts.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("base", "0005_secrets_check")]
    operations = [migrations.RunSQL(SQL)]
