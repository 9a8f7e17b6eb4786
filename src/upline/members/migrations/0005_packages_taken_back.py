from django.db import migrations, models
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    dependencies = [("members", "0004_search"), ("catalog", "0001_initial")]

    operations = [
        migrations.AddField(
            "packagefact",
            "order_number",
            models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AlterField(
            "packagefact",
            "package",
            models.ForeignKey(
                null=True, on_delete=PROTECT, related_name="+", to="catalog.package"
            ),
        ),
    ]
