from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("commissions.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("wallet", "0002_functions")]
    operations = [migrations.RunSQL(SQL)]
