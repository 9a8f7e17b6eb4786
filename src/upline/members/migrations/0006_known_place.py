from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import CASCADE


class Migration(migrations.Migration):
    dependencies = [("members", "0005_packages_taken_back")]
    operations = [
        migrations.CreateModel(
            name="KnownPlace",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=CASCADE,
                        primary_key=True,
                        related_name="known_place",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("network", models.CharField(max_length=50)),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
