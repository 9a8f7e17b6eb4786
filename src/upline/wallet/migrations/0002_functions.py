from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("functions.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("wallet", "0001_initial")]
    operations = [migrations.RunSQL(SQL)]
