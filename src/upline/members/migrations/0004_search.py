from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("search.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("members", "0003_second_factor_and_sessions")]
    operations = [migrations.RunSQL(SQL)]
