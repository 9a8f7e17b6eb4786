from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("attempts.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("base", "0003_append_only")]
    operations = [migrations.RunSQL(SQL)]
