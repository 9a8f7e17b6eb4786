from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("append_only.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("genealogy", "0003_functions"), ("base", "0003_append_only")]
    operations = [migrations.RunSQL(SQL)]
