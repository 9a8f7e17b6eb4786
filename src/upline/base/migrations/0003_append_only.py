from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("append_only.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("base", "0002_initial")]
    operations = [migrations.RunSQL(SQL)]
