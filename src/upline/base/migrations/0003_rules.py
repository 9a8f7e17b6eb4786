from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """What only grows, how attempts are counted, and which moments are the database's own."""

    dependencies = [
        ("base", "0002_initial"),
    ]
    operations = [migrations.RunSQL((HERE / name).read_text()) for name in ["append_only.sql", "attempts.sql", "actors.sql", "moments.sql"]]
