from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """What is fixed once there is a member, and how members are found."""

    dependencies = [
        ("members", "0001_initial"),
        ("company", "0002_initial"),
    ]
    operations = [migrations.RunSQL((HERE / name).read_text()) for name in ["fixed_company.sql", "search.sql"]]
