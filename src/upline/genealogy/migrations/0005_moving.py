from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("moving.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("genealogy", "0004_append_only")]
    operations = [migrations.RunSQL(SQL)]
