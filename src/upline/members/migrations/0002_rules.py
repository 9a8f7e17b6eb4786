from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """What is fixed once there is a member, how members are found, what becomes of asked steps,
    who has a key of their own, and since when somebody has a right."""

    dependencies = [
        ("members", "0001_initial"),
        ("base", "0003_rules"),
        ("company", "0002_initial"),
    ]
    operations = [migrations.RunSQL((HERE / name).read_text()) for name in ["fixed_company.sql", "search.sql", "asked_steps.sql", "person_keys.sql", "logged.sql", "moments.sql"]]
