from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """In which order events are read, and that none is changed."""

    dependencies = [
        ("events", "0001_initial"),
    ]
    operations = [migrations.RunSQL((HERE / name).read_text()) for name in ["reading.sql"]]
