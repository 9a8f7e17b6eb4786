from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """How members stand in the trees and move, and what stays as it was."""

    dependencies = [
        ("genealogy", "0002_initial"),
        ("members", "0001_initial"),
        ("base", "0003_rules"),
    ]
    operations = [migrations.RunSQL((HERE / name).read_text()) for name in ["functions.sql", "append_only.sql", "moving.sql"]]
