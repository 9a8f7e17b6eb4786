"""Lines that are in a cart already were shown today's points."""

from django.db import migrations, models

_FILL = """
UPDATE cart_cartline line SET points = package.points
FROM catalog_package package WHERE package.id = line.package_id
"""


class Migration(migrations.Migration):
    dependencies = [("cart", "0003_price_shown"), ("catalog", "0001_initial")]

    operations = [
        migrations.AddField("cartline", "points", models.BigIntegerField(null=True)),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.AlterField("cartline", "points", models.BigIntegerField()),
    ]
