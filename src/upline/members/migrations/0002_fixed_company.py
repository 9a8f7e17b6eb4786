from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("fixed_company.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial"), ("company", "0002_initial")]
    operations = [migrations.RunSQL(SQL)]
